"""A published check is looked at again: the way to a correction, which is the next version."""

from __future__ import annotations

from typing import Any

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
from ..models import ReviewTask, Verdict
from ..models.review_task import PROPOSING, RecheckCause, TaskKind
from ..working_time import due_after


@transaction.atomic
def open_recheck(claim: Claim, *, by: User, reason: str) -> ReviewTask:
    """Open a research task on a claim whose verdict is public. What is published stays until two people
    have decided on the next version. Editors and leads. Locks the claim. Audits review_task.reopened."""
    claim = lock_claim(claim.pk)
    verdict = Verdict.objects.filter(claim=claim).order_by("-id").first()
    policies.can_open_recheck(by, claim, verdict=verdict).enforce()
    if not reason.strip():
        raise ActionRefused("Say what has to be looked at again.", code="reason_missing", field="reason")
    task = ReviewTask.objects.create(
        claim=claim,
        kind=TaskKind.RESEARCH,
        desk=claim.desk,
        priority=100,
        why=f"{by} asks for a correction: {reason.strip()}"[:500],
        due_at=due_after(claim.desk, timezone.now(), settings.REVIEW_DEADLINE_HOURS / 2),
    )
    audit.record(
        "review_task.reopened", by=by, subject=task, details={"claim": claim.pk}, note=reason.strip()
    )
    return task


@transaction.atomic
def open_recheck_for(claim_id: int, *, cause: str, why: str, by: Any = audit.SYSTEM) -> ReviewTask | None:
    """Have people look again at a claim whose verdict is approved, because of ``cause`` (a RecheckCause);
    ``why`` is one sentence for the queue. What is public stays until they have decided.

    Safe to repeat: an open recheck is returned as it is, with another cause's sentence added. None when there
    is nothing to look at again: no verdict, one that is still being decided, a claim that was set aside.
    For jobs and other actions, which asked their own policy. Locks the claim. Audits review_task.reopened, or
    review_task.also_because.
    """
    cause = RecheckCause(cause)
    claim = lock_claim(claim_id)
    if claim.state in SET_ASIDE:
        return None
    open_tasks = ReviewTask.objects.select_for_update().filter(claim=claim, kind__in=PROPOSING).open()
    if task := open_tasks.order_by("-id").first():
        _add_cause(task, cause, why, by)
        return task
    verdict = Verdict.objects.filter(claim=claim).order_by("-id").first()
    if verdict is None or verdict.state != states.APPROVED:
        return None
    task = ReviewTask.objects.create(
        claim=claim,
        kind=TaskKind.RECHECK,
        cause=cause,
        desk=claim.desk,
        priority=100,
        why=why.strip()[:500],
        due_at=due_after(claim.desk, timezone.now(), settings.REVIEW_DEADLINE_HOURS / 2),
    )
    details = {"claim": claim.pk, "cause": cause.value}
    audit.record("review_task.reopened", by=by, subject=task, details=details, note=why.strip())
    return task


def _add_cause(task: ReviewTask, cause: RecheckCause, why: str, by: Any) -> None:
    """The sentence once, while there is room: whoever has the task reads all that happened."""
    sentence = why.strip()
    if task.kind != TaskKind.RECHECK or sentence in task.why:
        return
    task.why = f"{task.why} {sentence}"[:500]
    task.save(update_fields=["why"])
    details = {"claim": task.claim_id, "cause": cause.value}
    audit.record("review_task.also_because", by=by, subject=task, details=details, note=sentence)
