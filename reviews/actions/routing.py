"""From a claim to a task at a desk, with the reason in one sentence. Also the way back when a claim is
dismissed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions.curation import lock_claim, place_claim
from claims.models import Claim
from claims.states import CONFIRMED, SET_ASIDE
from claimtracker import jobs
from claimtracker.accounts.models import Desk
from claimtracker.ledger import audit

from .. import states
from ..models import ClaimRoute, ReviewTask, Verdict
from ..models.review_task import TaskKind
from ..placement.facts import ClaimFacts
from ..placement.priority import RULE
from ..placement.rules import TRIAGE, Placed
from ..placement.rules import place as place_by
from ..selectors.families import checked_elsewhere, is_checked_elsewhere
from ..selectors.rulebook import facts_of, rulebook
from ..working_time import due_after
from .priority import fields_of, hand_of, priority_from

FIRST_KINDS = (TaskKind.TRIAGE, TaskKind.RESEARCH)  # what a claim that came in gets


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a claim goes now: by which rule, at which desk, and why in one sentence."""

    placed: Placed
    facts: ClaimFacts
    desk: Desk
    why: str
    revision: int

    @property
    def deadline_hours(self) -> int:
        return self.placed.deadline_hours

    def priority_fields(self, task: ReviewTask | None = None) -> dict[str, Any]:
        """What the task keeps of its priority; what a person set for ``task`` stays."""
        rule = self.placed.rule
        extra = [(RULE, rule.lift, f"rule “{rule.name}”")] if rule else []
        extra += hand_of(task) if task else []
        return fields_of(priority_from(self.facts, self.placed.topics, extra=extra))


@transaction.atomic
def route_claim(claim_id: int) -> ReviewTask | None:
    """Bring a claim's tasks in line with it: a task for a standing claim that has none and no verdict and is
    not checked elsewhere in its family, none for a dismissed or withdrawn one. The task is triage where the
    rulebook says so and no person has chosen the claim yet, else research. Safe to repeat. Locks the claim.
    Audits review_task.routed or review_task.cancelled.
    """
    claim = lock_claim(claim_id)
    if claim.state in SET_ASIDE:
        _cancel_tasks(claim)
        return None
    if ReviewTask.objects.filter(claim=claim).open().exists() or Verdict.objects.filter(claim=claim).exists():
        return None
    if is_checked_elsewhere(claim):
        return None
    placement = place(claim, home=claim.desk_id)
    place_claim(claim, desk=placement.desk)
    note_route(claim, placement)
    task = ReviewTask.objects.create(
        claim=claim,
        kind=_first_kind(claim, placement),
        desk=placement.desk,
        why=placement.why,
        due_at=_due(placement),
        **placement.priority_fields(),
    )
    audit.record(
        "review_task.routed",
        by=audit.SYSTEM,
        subject=task,
        details={"claim": claim.pk, "desk": placement.desk.slug},
    )
    return task


@transaction.atomic
def follow_claim(claim_id: int) -> ReviewTask | None:
    """Bring the waiting first task in line with a claim that was read anew: desk, priority, the sentence why.
    Kind and deadline stay. Only while nobody took it and there is no verdict. Locks claim and task. Audits
    review_task.rerouted when something changed.
    """
    claim = lock_claim(claim_id)
    waiting = ReviewTask.objects.select_for_update().filter(claim=claim, kind__in=FIRST_KINDS).queued()
    task = waiting.order_by("pk").first()
    if task is None or Verdict.objects.filter(claim=claim).exists():
        return None
    before = {"desk": task.desk_id, "priority": task.priority, "why": task.why}
    placement = place(claim)
    fields = placement.priority_fields(task)
    if before == {"desk": placement.desk.pk, "priority": fields["priority"], "why": placement.why}:
        return task
    place_claim(claim, desk=placement.desk)
    note_route(claim, placement)
    task.desk, task.why = placement.desk, placement.why
    for name, value in fields.items():
        setattr(task, name, value)
    task.save(update_fields=["desk", "why", *fields])
    details = {"claim": claim.pk, "desk": placement.desk.slug, "before": before}
    audit.record("review_task.rerouted", by=audit.SYSTEM, subject=task, details=details)
    return task


def place(claim: Claim, *, home: int | None = None) -> Placement:
    """The first active rule that matches decides; without one the claim goes where the rulebook says, which
    is its article's desk (or ``home``) unless a lead chose another. Never nowhere. Reads only."""
    book, facts = rulebook(), facts_of([claim])[claim.pk]
    if home is not None:
        facts = replace(facts, home=home)
    placed = place_by(facts, book)
    named = claim.desk if claim.desk_id == placed.desk else Desk.objects.get(pk=placed.desk)
    desk = named.closed_into or named  # whoever took over from a desk that was closed
    return Placement(placed, facts, desk, why_of(placed, facts, desk), book.revision)


def why_of(placed: Placed, facts: ClaimFacts, desk: Desk) -> str:
    """Why a task is at its desk, in one sentence."""
    worth = _("check-worthiness %(score)s") % {"score": f"{facts.score:.2f}"} + (
        f": {', '.join(facts.signs[:2])}." if facts.signs else "."
    )
    if placed.rule:
        because = f" ({', '.join(placed.because)})" if placed.because else ""
        said = _("Rule “%(name)s”%(because)s") % {"name": placed.rule.name, "because": because}
    elif desk.pk == facts.home:
        said = _("No rule matched, so it stays with its article's desk")
    else:
        said = _("No rule matched, so it went to the desk for everything else")
    room = ClaimRoute._meta.get_field("why").max_length or 0
    sentence = f"{said}; {worth}"
    return sentence if len(sentence) <= room else f"{sentence[: room - 1]}…"


def note_route(claim: Claim, placement: Placement) -> ClaimRoute:
    """Keep how the claim came to its desk. What a person said of why it was chosen stays. The caller holds
    the claim's lock."""
    rule = placement.placed.rule
    route = ClaimRoute.objects.filter(claim=claim).first() or ClaimRoute(claim=claim)
    route.rule_id, route.rule_name = (rule.rule_id, rule.name) if rule else (None, "")
    route.lift, route.approval = (rule.lift, rule.approval) if rule else (0, "anyone")
    route.reviewer_ids = list(rule.reviewers) if rule else []
    if route.selected_by_id is None:
        route.selection_reason = rule.selection_reason if rule else ""
    route.why, route.rulebook_revision = placement.why, placement.revision
    route.routed_at = timezone.now()
    route.save()
    route.topics.set([topic.topic_id for topic in placement.placed.topics])
    return route


def _first_kind(claim: Claim, placement: Placement) -> TaskKind:
    """Triage only while the whole family is a machine's suggestion: nobody confirmed or researched it."""
    if placement.placed.first_step != TRIAGE:
        return TaskKind.RESEARCH
    family = Claim.objects.family_of(claim).order_by()
    researched = ReviewTask.objects.filter(claim__in=family, kind=TaskKind.RESEARCH)
    is_chosen = family.filter(state=CONFIRMED).exists() or researched.exists()
    return TaskKind.RESEARCH if is_chosen else TaskKind.TRIAGE


def _due(placement: Placement) -> datetime:
    return due_after(placement.desk, timezone.now(), placement.deadline_hours)


def route_missing(limit: int = 500) -> int:
    """Enqueue routing for standing claims without any task or verdict (an event was lost, rules were set
    up late), unless they are checked elsewhere in their family.

    Returns how many.
    """
    missing = (
        Claim.objects.standing()
        .filter(~checked_elsewhere(), review_tasks__isnull=True, verdicts__isnull=True)
        .order_by("id")
        .values_list("pk", flat=True)[:limit]
    )
    jobs.enqueue_all(("reviews.route_claim", claim_id) for claim_id in missing)
    return len(missing)


def _cancel_tasks(claim: Claim) -> None:
    for task in ReviewTask.objects.select_for_update().filter(claim=claim).open():
        states.REVIEW_TASK.check(task.state, states.CANCELLED)
        task.state, task.finished_at, task.lease_until = states.CANCELLED, timezone.now(), None
        task.save()
        audit.record("review_task.cancelled", by=audit.SYSTEM, subject=task, details={"claim": claim.pk})
