"""Who changed which setting, the newest first."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, Q

from claimtracker.accounts.models import Desk, User
from claimtracker.ledger.models import AuditActor, AuditEntry

from ..models import RoutingRule, Topic

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
NUMBERED: dict[str, type[Model]] = {"topics": Topic, "came_in_at": Desk, "reviewers": User}


@dataclass(frozen=True, slots=True)
class Step:
    """``whom``: of whom a membership is. ``rule``: the routing rule that it is about. ``known``: the names of
    what the entry tells by its number, by field and number."""

    entry: AuditEntry
    who: str
    whom: str
    rule: str = ""
    known: Mapping[tuple[str, int], str] = field(default_factory=dict)


def trail(desks: Collection[str] | None, *, before: int | None = None, size: int = PAGE) -> list[Step]:
    """Changes of what all desks share, and of ``desks`` (slugs; None for all). Six queries."""
    entries = AuditEntry.objects.filter(verb__in=VERBS)
    if desks is not None:
        entries = entries.filter(Q(details__desk__isnull=True) | Q(details__desk__in=list(desks)))
    if before is not None:
        entries = entries.filter(pk__lt=before)
    rows = list(entries.order_by("-id")[:size])
    refs = {str(row.actor_ref) for row in rows} | {_of(row.details) for row in rows if _of(row.details)}
    labels = {str(actor.ref): str(actor) for actor in AuditActor.objects.filter(ref__in=refs)}
    rules, known = _rules(rows), _known(rows)
    return [
        Step(
            row,
            labels.get(str(row.actor_ref), ""),
            labels.get(_of(row.details), ""),
            rules.get(row.pk, ""),
            known,
        )
        for row in rows
    ]


def _rules(rows: Iterable[AuditEntry]) -> dict[int, str]:
    """The rule of each entry about one: as it was called then, where the entry says so, else as now."""
    about = [row for row in rows if row.subject_type == RoutingRule._meta.label_lower]
    now = RoutingRule.objects.in_bulk([int(row.subject_id) for row in about])
    found = {}
    for row in about:
        rule = now.get(int(row.subject_id))
        found[row.pk] = str(row.details.get("name") or (rule.name if rule else ""))
    return found


def _known(rows: Iterable[AuditEntry]) -> dict[tuple[str, int], str]:
    ids: dict[str, set[int]] = {name: set() for name in NUMBERED}
    for row in rows:
        pairs = (row.details.get("changes") or {}).items()
        for name, value in (*row.details.items(), *pairs):
            if name in NUMBERED and isinstance(value, list):
                ids[name].update(_numbers(value))
    return {
        (name, one.pk): str(one)
        for name, model in NUMBERED.items()
        for one in model._default_manager.filter(pk__in=ids[name])
    }


def _numbers(value: Iterable[Any]) -> Iterator[int]:
    for one in value:
        if isinstance(one, list):
            yield from _numbers(one)
        elif isinstance(one, int):
            yield one


def _of(details: dict[str, Any]) -> str:
    return str(details.get("of") or "")
