"""A verdict from proposal to approval. Every action locks the claim first, then its task, then its
verdict."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from claims.actions.curation import lock_claim
from claims.models import Claim
from claims.states import SET_ASIDE
from claimtracker.accounts.models import User
from claimtracker.kernel.errors import ActionRefused
from claimtracker.ledger import audit

from .. import policies, states
from ..models import NoticeKind, Rating, ReviewTask, Verdict
from ..models.review_task import TaskKind
from .assignment import lock_task, renew_lease
from .gate import check_standards
from .notifying import notify, task_key


@transaction.atomic
def submit_verdict(
    review_task: ReviewTask, *, by: User, rating: Rating, summary: str, rationale: str
) -> Verdict:
    """Propose a finding: the research task is done, a second review is opened. Only the assignee.

    Raises ActionRefused (``standards``, with the first field to mend) or NotPermitted. Audits
    verdict.submitted.
    """
    claim = lock_claim(review_task.claim_id)
    task = lock_task(review_task.pk)
    policies.can_submit_verdict(by, task).enforce()
    if claim.state in SET_ASIDE:
        raise ActionRefused(f"This claim was {claim.state}.", code=f"claim_{claim.state}")
    check_standards(claim, rating=rating, summary=summary, rationale=rationale)
    verdict = _undecided(claim) or Verdict.objects.create(claim=claim, author=by)
    states.VERDICT.check(verdict.state, states.SUBMITTED)
    verdict.state, verdict.author, verdict.rating = states.SUBMITTED, by, rating
    verdict.summary, verdict.rationale = _tidy(summary), _tidy(rationale)
    verdict.revision += 1
    verdict.return_reason, verdict.submitted_at = "", timezone.now()
    verdict.save()
    _finish(task)
    ReviewTask.objects.create(
        claim=claim,
        kind=TaskKind.SECOND_REVIEW,
        desk=task.desk,
        priority=task.priority,
        why=f"{by} proposes “{rating.label}”; a second person decides."[:500],
        due_at=timezone.now() + timedelta(hours=settings.REVIEW_DEADLINE_HOURS / 2),
        proposed_by=by,
    )
    audit.record(
        "verdict.submitted",
        by=by,
        subject=verdict,
        details={"claim": claim.pk, "rating": rating.slug, "revision": verdict.revision},
    )
    return verdict


@transaction.atomic
def save_draft(
    review_task: ReviewTask, *, by: User, rating: Rating | None, summary: str, rationale: str
) -> Verdict:
    """Keep an unfinished verdict of the assignee. Locks claim and task. Not audited: nobody else saw it."""
    claim = lock_claim(review_task.claim_id)
    task = lock_task(review_task.pk)
    policies.can_submit_verdict(by, task).enforce()
    verdict = _undecided(claim) or Verdict.objects.create(claim=claim, author=by)
    if verdict.state == states.SUBMITTED:
        raise ActionRefused("The verdict waits for approval already.", code="already_submitted")
    verdict.author = by
    verdict.rating = rating or (verdict.rating if verdict.state == states.RETURNED else None)
    verdict.summary, verdict.rationale = _tidy(summary), _tidy(rationale)
    verdict.save()
    renew_lease(task, by=by)
    return verdict


@transaction.atomic
def approve_verdict(verdict: Verdict, *, by: User, revision: int) -> Verdict:
    """The second person agrees with exactly ``revision``. Never the author. Finishes the second review.

    Raises NotPermitted, or ActionRefused ``changed`` when the verdict is not the one that was read.
    Audits verdict.approved.
    """
    claim, task, verdict = _lock_for_decision(verdict)
    policies.can_approve_verdict(by, verdict, desk=claim.desk_id).enforce()
    _check_revision(verdict, revision)
    _check_free(task, by)
    states.VERDICT.check(verdict.state, states.APPROVED)
    verdict.state, verdict.approver, verdict.approved_at = states.APPROVED, by, timezone.now()
    verdict.save()
    if task:
        _finish(task, by=by)
    audit.record(
        "verdict.approved", by=by, subject=verdict, details={"claim": claim.pk, "revision": verdict.revision}
    )
    return verdict


@transaction.atomic
def request_changes(verdict: Verdict, *, by: User, reason: str) -> Verdict:
    """Return a proposal to its author with a reason; the research task opens again in the author's hands.

    Audits verdict.returned.
    """
    claim, task, verdict = _lock_for_decision(verdict)
    policies.can_approve_verdict(by, verdict, desk=claim.desk_id).enforce()
    _check_free(task, by)
    if not reason.strip():
        raise ActionRefused(
            "Say what has to change; the author reads it.", code="reason_missing", field="reason"
        )
    states.VERDICT.check(verdict.state, states.RETURNED)
    verdict.state, verdict.return_reason = states.RETURNED, reason.strip()
    verdict.save()
    if task:
        _finish(task, by=by)
    research = _reopen_research(claim, verdict, by, task)
    notify(
        [verdict.author],
        NoticeKind.RETURNED,
        text=f"{by} returned your verdict on “{claim}”: {reason.strip()}",
        claim=claim,
        key=task_key(research),
        by=by,
        task=research,
    )
    audit.record("verdict.returned", by=by, subject=verdict, details={"claim": claim.pk}, note=reason.strip())
    return verdict


def _lock_for_decision(verdict: Verdict) -> tuple[Claim, ReviewTask | None, Verdict]:
    claim = lock_claim(verdict.claim_id)
    task_id = (
        ReviewTask.objects.filter(claim=claim, kind=TaskKind.SECOND_REVIEW)
        .open()
        .values_list("pk", flat=True)
        .first()
    )
    task = lock_task(task_id) if task_id else None
    locked = (
        Verdict.objects.select_for_update(of=("self",)).select_related("author", "rating").get(pk=verdict.pk)
    )
    return claim, task, locked


def _check_revision(verdict: Verdict, revision: int) -> None:
    if verdict.revision != revision:
        raise ActionRefused(
            f"The verdict changed since you opened it (revision {verdict.revision}, you read {revision}). "
            "Read it again.",
            code="changed",
            field="revision",
        )


def _check_free(task: ReviewTask | None, by: User) -> None:
    if task and task.state == states.TAKEN and task.assignee_id != by.pk:
        raise ActionRefused(f"{task.assignee} is reviewing this verdict now.", code="already_taken")


def _tidy(text: str) -> str:
    """Line ends as the web sends them become plain ones: the words go out as JSON, pages and feeds."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _undecided(claim: Claim) -> Verdict | None:
    return Verdict.objects.select_for_update().filter(claim=claim, state__in=states.UNDECIDED).first()


def _finish(task: ReviewTask, *, by: User | None = None) -> None:
    """A second review that nobody took is taken by the person who decides it, then done."""
    now = timezone.now()
    if task.state == states.QUEUED and by is not None:
        states.REVIEW_TASK.check(task.state, states.TAKEN)
        task.state, task.assignee, task.taken_at = states.TAKEN, by, now
        task.lease_until = now + timedelta(hours=settings.REVIEW_TAKE_HOURS)
        task.save()
    states.REVIEW_TASK.check(task.state, states.DONE)
    task.state, task.finished_at, task.lease_until = states.DONE, now, None
    task.save()


def _reopen_research(claim: Claim, verdict: Verdict, by: User, task: ReviewTask | None) -> ReviewTask:
    now = timezone.now()
    research = ReviewTask.objects.create(
        claim=claim,
        kind=TaskKind.RESEARCH,
        desk=claim.desk,
        priority=task.priority if task else round(claim.score * 100),
        why=f"{by} returned the verdict: {verdict.return_reason}"[:500],
        due_at=now + timedelta(hours=settings.REVIEW_DEADLINE_HOURS / 2),
    )
    states.REVIEW_TASK.check(research.state, states.TAKEN)
    research.state, research.assignee, research.taken_at = states.TAKEN, verdict.author, now
    research.lease_until = now + timedelta(hours=settings.REVIEW_TAKE_HOURS)
    research.save()
    return research
