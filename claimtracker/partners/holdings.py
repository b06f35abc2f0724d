"""What of ours a partner has: noted where it reads or is delivered to.

One statement for each answer, which writes nothing where nothing is new.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from .models import Delivery, Way

# the look before the insert spares the sequence and the locks of ON CONFLICT where nothing is new
NOTE = """
    INSERT INTO partners_holding (partner_id, publication, claim, version, way, got_at)
    SELECT %(partner)s, got.publication, got.claim, got.version, %(way)s, now()
      FROM unnest(%(publications)s::uuid[], %(claims)s::uuid[], %(versions)s::int[])
           AS got (publication, claim, version)
     WHERE NOT EXISTS (SELECT FROM partners_holding h WHERE h.partner_id = %(partner)s
                          AND h.publication = got.publication AND h.way = %(way)s)
    ON CONFLICT DO NOTHING
"""


# What this process has seen in the table: rows are never taken away, so it need not ask again.
_noted: set[tuple[int, str, str]] = set()
MOST_REMEMBERED = 50_000


@dataclass(frozen=True, slots=True)
class Held:
    """A version of a check: ``publication`` and ``claim`` are the public ids."""

    publication: UUID | str
    claim: UUID | str
    version: int


def note(partner_id: int, held: Iterable[Held], *, way: Way) -> int:
    """The partner has these versions now. Returns how many are new. Safe to run twice; takes no lock.

    For many at once too: given again, they cost one look.
    """
    every = list(held)
    new = set(not_noted(partner_id, [one.publication for one in every], way=way))
    rows = [one for one in every if one.publication in new]
    if not rows:
        return 0
    facts: dict[str, Any] = {
        "partner": partner_id,
        "way": str(way),
        "publications": [str(one.publication) for one in rows],
        "claims": [str(one.claim) for one in rows],
        "versions": [one.version for one in rows],
    }
    with connection.cursor() as cursor:
        cursor.execute(NOTE, facts)
        count = int(cursor.rowcount)
    _remember(partner_id, rows, way)
    return count


def not_noted(partner_id: int, publications: Iterable[UUID | str], *, way: Way) -> list[UUID | str]:
    """Those that the partner may not have yet, for all that this process knows."""
    return [one for one in publications if (partner_id, str(one), str(way)) not in _noted]


def _remember(partner_id: int, rows: Iterable[Held], way: Way) -> None:
    if connection.in_atomic_block:
        return  # it may be rolled back
    if len(_noted) > MOST_REMEMBERED:
        _noted.clear()
    _noted.update((partner_id, str(one.publication), str(way)) for one in rows)


def note_events(partner_id: int, payloads: Iterable[dict[str, Any]]) -> int:
    """The versions that events tell of, where the partner read these."""
    return note(partner_id, held_in(payloads), way=Way.EVENTS)


def note_delivered(delivery: Delivery) -> None:
    """A message arrived at an endpoint."""
    if delivery.claim:
        note(delivery.endpoint.partner_id, held_in([delivery.event.payload]), way=Way.WEBHOOK)


def held_in(payloads: Iterable[dict[str, Any]]) -> list[Held]:
    """The versions that the payloads of events tell of; of other events nothing. That a check is hidden, or
    shown again, tells of none."""
    return [
        Held(payload["publication"], payload["claim"], payload["version"])
        for payload in payloads
        if payload.get("publication") and payload.get("claim") and payload.get("version")
        if "restriction" not in payload
    ]
