"""Noting which versions of our checks an answer gave a partner: one statement, which writes nothing where
nothing is new."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from claimtracker.partners import holdings
from claimtracker.partners.models import Partner, Way

from .selectors import reads_snapshot
from .sparse import EVERYTHING, Wanted


def note_read(partner: Partner, publications: Iterable[Any], *, wanted: Wanted = EVERYTHING) -> None:
    """The partner has these publications now, if it asked for more than their ids and dates."""
    if reads_snapshot(wanted):
        held = [holdings.Held(row.public_id, row.snapshot["claim"]["id"], row.number) for row in publications]
        holdings.note(partner.pk, held, way=Way.READ)


def note_reviews(partner: Partner, claims: Iterable[Any]) -> None:
    """The partner knows what the newest checks of these claims say (see review_status)."""
    held = [
        holdings.Held(claim.current_publications[0].public_id, claim.public_id, number)
        for claim in claims
        if claim.current_publications
        for number in [claim.current_publications[0].number]
    ]
    holdings.note(partner.pk, held, way=Way.READ)
