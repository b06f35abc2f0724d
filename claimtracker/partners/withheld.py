"""Checks that nobody outside may read at present, as far as events tell: the newest event of each claim says
whether its check is hidden, was taken down, or is shown again.

They are written in the transaction that hid it, so what is asked here is true at once.
"""

from __future__ import annotations

from typing import Any

from django.db.models.fields.json import KT

from claimtracker.ledger.models import RESTRICTING, OutboxEvent

from .event_types import RESTORED, RETRACTED

# what an event may say of a check, and what it says in its place
BLANK: dict[str, Any] = {"claim_text": "", "change_note": "", "rating": None, "url": ""}


def withheld_claims() -> frozenset[str]:
    """The ids, as partners know them. One statement, over the few events that tell of such things."""
    events = OutboxEvent.objects.filter(type__in=RESTRICTING).annotate(about=KT("payload__claim"))
    newest = events.order_by("about", "-id").distinct("about").values_list("about", "type")
    return frozenset(claim for claim, kind in newest if kind != RESTORED)


def told_by(event: OutboxEvent, withheld: frozenset[str]) -> dict[str, Any]:
    """What partners are told of an event; ``withheld`` are :func:`withheld_claims`. Stored events never
    change: those of checks that may not be read keep their words, and earlier ones of retractions the rating
    that was taken back."""
    payload: dict[str, Any] = dict(event.payload)
    if speaks_of_withheld(event, withheld):
        return without_words(payload)
    return {**payload, "rating": None} if event.type == RETRACTED else payload


def speaks_of_withheld(event: OutboxEvent, withheld: frozenset[str]) -> bool:
    """Whether it says something of a check that may not be read."""
    return event.type not in RESTRICTING and str(event.payload.get("claim", "")) in withheld


def without_words(payload: dict[str, Any]) -> dict[str, Any]:
    """The ids stay, and nothing that the check says."""
    left = {name: BLANK.get(name, value) for name, value in payload.items()}
    if "you_have" in left:
        left["you_have"] = {**left["you_have"], "rating": None}
    return left
