"""How urgent a task is, from what is known of its claim. The parts are kept with it and shown."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from claims.models import Claim
from claimtracker.ledger.models import OutboxEvent

from ..models import ReviewTask
from ..placement.facts import ClaimFacts, TopicWords
from ..placement.priority import HAND, RAISED, RULE, Priority, weigh
from ..placement.rules import topics_of
from ..selectors.rulebook import facts_of, topic_words

Extra = tuple[str, int, str]


def priority_from(
    facts: ClaimFacts, topics: Iterable[TopicWords], *, extra: Iterable[Extra] = ()
) -> Priority:
    """The priority by the weights of the settings, now."""
    return weigh(
        facts,
        tuple(topics),
        weights=settings.PRIORITY_WEIGHTS,
        fresh_hours=settings.PRIORITY_FRESH_HOURS,
        now=timezone.now(),
        extra=tuple(extra),
    )


def fields_of(priority: Priority) -> dict[str, Any]:
    """What a task keeps of its priority."""
    return {
        "priority": priority.points,
        "priority_parts": priority.as_json(),
        "priority_until": priority.until,
    }


def priority_fields(claim: Claim, *, raised: int = 0, because: str = "") -> dict[str, Any]:
    """The fields of a new task on ``claim``, with its rule's points, what a person set for the task before,
    and ``raised`` more ``because`` of something:
    ``ReviewTask.objects.create(claim=claim, …, **priority_fields(claim))``."""
    claim = Claim.objects.select_related("claimant", "route").get(pk=claim.pk)
    facts = facts_of([claim])[claim.pk]
    extra: list[Extra] = [(RAISED, raised, because)]
    if route := getattr(claim, "route", None):
        extra.append((RULE, route.lift, f"rule “{route.rule_name}”"))
    last = ReviewTask.objects.filter(claim=claim).order_by("-pk").first()
    extra += hand_of(last) if last else []
    return fields_of(priority_from(facts, topics_of(facts, topic_words()), extra=extra))


def refresh_priorities(limit: int = 500) -> int:
    """Weigh those open tasks anew whose freshness has fallen by a step since. Returns how many. What weighing
    changes is no decision of anybody and is not audited."""
    due = ReviewTask.objects.open().filter(priority_until__lte=timezone.now()).order_by("priority_until")
    return weigh_tasks(list(due.values_list("pk", flat=True)[:limit]))


def weigh_after(event: OutboxEvent) -> int:
    """Weigh the tasks of the claims that an event (claim.appeared, family.changed) concerns, with those of
    their families: they were seen in more places, or in fewer. Returns how many changed."""
    ids = event.payload.get("claims") or [event.payload["claim"]]
    roots = Claim.objects.filter(pk__in=ids).values_list("pk", "canonical_id")
    wanted = {root or pk for pk, root in roots}
    tasks = ReviewTask.objects.open().filter(Q(claim__in=wanted) | Q(claim__canonical__in=wanted))
    return weigh_tasks(list(tasks.values_list("pk", flat=True)))


@transaction.atomic
def weigh_tasks(task_ids: Collection[int]) -> int:
    """Weigh these open tasks anew, keeping what a rule or a person added. Safe to repeat. Locks the tasks in
    the order of ids. Returns how many got other points."""
    tasks = list(
        ReviewTask.objects.select_for_update(of=("self",))
        .select_related("claim__claimant")
        .filter(pk__in=task_ids)
        .exclude(priority_parts=[])
        .open()
        .order_by("pk")
    )
    topics, facts = topic_words(), facts_of([task.claim for task in tasks])
    changed = 0
    for task in tasks:
        known, before = facts[task.claim_id], task.priority
        fields = fields_of(priority_from(known, topics_of(known, topics), extra=_kept(task.priority_parts)))
        for name, value in fields.items():
            setattr(task, name, value)
        changed += task.priority != before
    ReviewTask.objects.bulk_update(tasks, ["priority", "priority_parts", "priority_until"])
    return changed


def _kept(parts: Iterable[Mapping[str, Any]]) -> list[Extra]:
    return [
        # what a person set is kept as what it comes to, in hundredths
        (
            str(part["part"]),
            round(part["value"] * 100 if part["part"] == HAND else part["points"]),
            str(part["why"]),
        )
        for part in parts
        if part["part"] in (RULE, RAISED, HAND)
    ]


def hand_of(task: ReviewTask) -> list[Extra]:
    """What a person set for this task: one part, or none."""
    return [part for part in _kept(task.priority_parts) if part[0] == HAND]


def put_hand(task: ReviewTask, hand: Iterable[Extra]) -> None:
    """Weigh the task, which the caller has locked, with ``hand`` in place of what a person set before."""
    facts, topics = facts_of([task.claim])[task.claim_id], topic_words()
    kept = [part for part in _kept(task.priority_parts) if part[0] != HAND]
    fields = fields_of(priority_from(facts, topics_of(facts, topics), extra=[*kept, *hand]))
    for name, value in fields.items():
        setattr(task, name, value)
    task.save(update_fields=list(fields))
