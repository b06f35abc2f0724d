"""Who changed which setting, the newest first."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from claimtracker.ledger.models import AuditActor, AuditEntry

VERBS = (
    "desk.made", "desk.renamed", "desk.closed", "desk.hours_set", "desk.day_off_added",
    "desk.day_off_removed", "desk.sampling_set",
    "membership.added", "membership.role_set", "membership.capacity_set", "membership.removed",
    "rating.saved", "rating.retired", "rating.brought_back", "rating_scale.saved", "rating_scale.used",
    "reason_template.saved", "reason_template.retired",
    "routing_rule.created", "routing_rule.changed", "routing_rule.moved", "routing_rule.switched",
    "routing_rule.removed", "rulebook.changed", "topic.saved", "topic.removed",
)  # fmt: skip
PAGE = 50


@dataclass(frozen=True, slots=True)
class Step:
    entry: AuditEntry
    who: str
    whom: str  # of whom a membership is


def trail(desks: Collection[str] | None, *, before: int | None = None, size: int = PAGE) -> list[Step]:
    """Changes of what all desks share, and of ``desks`` (slugs; None for all). Two queries."""
    entries = AuditEntry.objects.filter(verb__in=VERBS)
    if desks is not None:
        entries = entries.filter(Q(details__desk__isnull=True) | Q(details__desk__in=list(desks)))
    if before is not None:
        entries = entries.filter(pk__lt=before)
    rows = list(entries.order_by("-id")[:size])
    refs = {str(row.actor_ref) for row in rows} | {_of(row.details) for row in rows if _of(row.details)}
    labels = {str(actor.ref): str(actor) for actor in AuditActor.objects.filter(ref__in=refs)}
    return [Step(row, labels.get(str(row.actor_ref), ""), labels.get(_of(row.details), "")) for row in rows]


def _of(details: dict[str, Any]) -> str:
    return str(details.get("of") or "")
