"""From a claim to a task at a desk, with the reason in one sentence. Also the way back when a claim is
dismissed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from claims.actions.curation import lock_claim, place_claim
from claims.models import Claim
from claims.states import SET_ASIDE
from claimtracker import jobs
from claimtracker.accounts.models import Desk
from claimtracker.ledger import audit

from .. import states
from ..models import ReviewTask, RoutingRule, Verdict
from ..models.review_task import TaskKind
from ..selectors.families import checked_elsewhere, is_checked_elsewhere


@dataclass(frozen=True, slots=True)
class Placement:
    desk: Desk
    why: str
    deadline_hours: int


@transaction.atomic
def route_claim(claim_id: int) -> ReviewTask | None:
    """Bring a claim's tasks in line with it: a research task for a standing claim that has none and no
    verdict and is not checked elsewhere in its family, none for a dismissed or withdrawn one. Safe to repeat.
    Locks the claim. Audits review_task.routed or review_task.cancelled.
    """
    claim = lock_claim(claim_id)
    if claim.state in SET_ASIDE:
        _cancel_tasks(claim)
        return None
    if ReviewTask.objects.filter(claim=claim).open().exists() or Verdict.objects.filter(claim=claim).exists():
        return None
    if is_checked_elsewhere(claim):
        return None
    placement = place(claim)
    place_claim(claim, desk=placement.desk)
    task = ReviewTask.objects.create(
        claim=claim,
        kind=TaskKind.RESEARCH,
        desk=placement.desk,
        priority=round(claim.score * 100),
        why=placement.why[:500],
        due_at=timezone.now() + timedelta(hours=placement.deadline_hours),
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
    """Bring the waiting research task in line with a claim that was read anew: desk, priority, the sentence
    why. The deadline stays. Only while nobody took it and there is no verdict. Locks claim and task. Audits
    review_task.rerouted when something changed.
    """
    claim = lock_claim(claim_id)
    waiting = ReviewTask.objects.select_for_update().filter(claim=claim, kind=TaskKind.RESEARCH).queued()
    task = waiting.first()
    if task is None or Verdict.objects.filter(claim=claim).exists():
        return None
    before = {"desk": task.desk_id, "priority": task.priority, "why": task.why}
    placement = place(claim, home=_article_desk(claim))
    task.desk, task.priority = placement.desk, round(claim.score * 100)
    task.why = placement.why[:500]
    if before == {"desk": task.desk_id, "priority": task.priority, "why": task.why}:
        return task
    place_claim(claim, desk=placement.desk)
    task.save(update_fields=["desk", "priority", "why"])
    details = {"claim": claim.pk, "desk": placement.desk.slug, "before": before}
    audit.record("review_task.rerouted", by=audit.SYSTEM, subject=task, details=details)
    return task


def _article_desk(claim: Claim) -> Desk | None:
    appearance = claim.appearances.select_related("version__article__desk").defer("version__body").first()
    return appearance.version.article.desk if appearance else None


def place(claim: Claim, *, home: Desk | None = None) -> Placement:
    """The first active rule that matches decides; without one the claim stays at its article's desk
    (``home``, where a rule may have sent it elsewhere before)."""
    words = " ".join([claim.text, *_surroundings(claim)]).casefold()
    for rule in RoutingRule.objects.filter(is_active=True).select_related("desk"):
        if rule.kinds and claim.kind not in rule.kinds:
            continue
        if claim.score < rule.min_score:
            continue
        hit = next((word for word in rule.keywords if word.casefold() in words), None)
        if rule.keywords and hit is None:
            continue
        because = _because(claim, hit) if hit else ""
        return Placement(rule.desk, f"Rule “{rule.name}”{because}; {_worth(claim)}", rule.deadline_hours)
    return Placement(
        home or claim.desk,
        f"No rule matched, so it stays with its article's desk; {_worth(claim)}",
        settings.REVIEW_DEADLINE_HOURS,
    )


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
    for claim_id in missing:
        jobs.enqueue("reviews.route_claim", claim_id)
    return len(missing)


def _because(claim: Claim, word: str) -> str:
    """Where the rule's word stands: people look for it in the claim first."""
    own = " ".join([claim.text, *claim.appearances.values_list("quote", flat=True)]).casefold()
    return f" (“{word}”)" if word.casefold() in own else f" (“{word}” in the headline)"


def _surroundings(claim: Claim) -> list[str]:
    """The claim's exact words and the headlines above them: an article's topic counts for all its claims."""
    places = claim.appearances.values_list("quote", "version__title")
    return [text for place_ in places for text in place_]


def _worth(claim: Claim) -> str:
    appearance = claim.appearances.order_by("-score", "id").first()
    reasons = ", ".join(appearance.reasons[:2]) if appearance else ""
    return f"check-worthiness {claim.score:.2f}" + (f": {reasons}" if reasons else "") + "."


def _cancel_tasks(claim: Claim) -> None:
    for task in ReviewTask.objects.select_for_update().filter(claim=claim).open():
        states.REVIEW_TASK.check(task.state, states.CANCELLED)
        task.state, task.finished_at, task.lease_until = states.CANCELLED, timezone.now(), None
        task.save()
        audit.record("review_task.cancelled", by=audit.SYSTEM, subject=task, details={"claim": claim.pk})
