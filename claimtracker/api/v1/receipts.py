"""Noting which versions of our checks an answer gave a partner."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from claimtracker.partners import holdings
from claimtracker.partners.models import Partner, Way


def note_read(partner: Partner, publications: Iterable[Any], *, way: Way = Way.READ) -> None:
    """The partner has these publications now. One statement, which writes nothing where nothing is new."""
    holdings.note(
        partner.pk,
        (holdings.Held(row.public_id, row.snapshot["claim"]["id"], row.number) for row in publications),
        way=way,
    )
