"""The order in which partners read events: no reader that goes on from a cursor ever misses one.

Ids of events do not do for that: a transaction that got the lower id may commit after a higher one was read.
So an event gets its number when its fan-out runs, after its commit, one after another.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Min, Q, QuerySet
from django.utils import timezone

from claimtracker.ledger.models import OutboxEvent

from .event_types import VERSIONS
from .models import ORIGIN, Edition, EventOrder, Partner, PartnerEvent

SAME_FINDING = frozenset({"first", "rechecked"})  # versions that change nothing of what was said


@transaction.atomic
def place_event(event: OutboxEvent) -> PartnerEvent | None:
    """Give the event its number; None for one that concerns nobody, and for one about a version of a check
    that comes after a newer one: who reads in order would end with what holds no more. Safe to run twice.

    Locks the order until the commit: keep what else the transaction does short. Notes the version of a check
    that the event tells of.
    """
    partner = None
    if event.audience:
        partner = Partner.objects.filter(slug=event.audience.removeprefix(ORIGIN)).first()
        if partner is None:
            return None
    elif event.type in settings.OUTBOX_ADDRESSED:
        return None
    EventOrder.objects.get_or_create(pk=EventOrder.ONLY)
    order = EventOrder.objects.select_for_update().get(pk=EventOrder.ONLY)
    placed = PartnerEvent.objects.filter(event=event).first()
    if placed is not None:
        return placed
    if _is_outdated(_note_edition(event)):
        return None
    order.last += 1
    order.save(update_fields=["last"])
    return PartnerEvent.objects.create(
        number=order.last, event=event, type=event.type, audience=partner, created_at=timezone.now()
    )


def events_for(partner: Partner, *, after: int, types: Sequence[str]) -> QuerySet[PartnerEvent]:
    """What the partner may read after a number, oldest first: public events, and those addressed to it."""
    rows = PartnerEvent.objects.filter(Q(audience__isnull=True) | Q(audience=partner), number__gt=after)
    if types:
        rows = rows.filter(type__in=types)
    return rows.select_related("event").order_by("number")


def newest_number() -> int:
    """Of the events that can be read by now."""
    return EventOrder.objects.filter(pk=EventOrder.ONLY).values_list("last", flat=True).first() or 0


def oldest_number() -> int:
    """The first number that is still there; one more than the newest where none is."""
    oldest = PartnerEvent.objects.aggregate(oldest=Min("number"))["oldest"]
    return int(oldest) if oldest is not None else newest_number() + 1


def edition_facts(payload: dict[str, Any]) -> dict[str, Any] | None:
    """The version of a check that an event tells of; None for other events."""
    if not all(payload.get(name) for name in ("publication", "claim", "version", "change", "published_at")):
        return None
    return {
        "publication": payload["publication"],
        "claim": payload["claim"],
        "version": payload["version"],
        "change": payload["change"],
        "is_correction": payload["change"] not in SAME_FINDING,
        "change_note": payload.get("change_note", ""),
        "claim_text": payload.get("claim_text", ""),
        "rating": _rating_of(payload)[:200],
        "url": payload.get("url", "")[:1000],
        "published_at": payload["published_at"],
    }


def _rating_of(payload: dict[str, Any]) -> str:
    """Empty for a retraction."""
    return "" if payload["change"] == "retraction" else payload.get("rating") or ""


def _note_edition(event: OutboxEvent) -> Edition | None:
    facts = edition_facts(event.payload) if event.type.startswith(VERSIONS) else None
    if facts is None:
        return None
    return Edition.objects.get_or_create(publication=facts.pop("publication"), defaults=facts)[0]


def _is_outdated(edition: Edition | None) -> bool:
    """Whether a newer version was placed before, as happens when a job is run again long after it failed."""
    if edition is None:
        return False
    return Edition.objects.filter(claim=edition.claim, version__gt=edition.version).exists()
