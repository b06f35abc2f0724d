"""A published check is looked at again: the way to a correction, which is the next version."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions.curation import lock_claim
from claims.models import Claim
from claims.states import SET_ASIDE
from claimtracker.accounts.models import User
from claimtracker.kernel.errors import ActionRefused
from claimtracker.ledger import audit

from .. import policies, states
from ..models import NoticeKind, ReviewTask, Verdict
from ..models.review_task import PROPOSING, RecheckCause, TaskKind
from ..selectors.people import people_who_worked_on
from ..working_time import due_after
from .notifying import notify, task_key
from .priority import priority_fields


@transaction.atomic
def open_recheck(claim: Claim, *, by: User, reason: str) -> ReviewTask:
    """Open a recheck of a claim whose verdict is approved: to correct what is public, or to edit what is not
    yet. What is published stays until two people have decided on the next version, and an approval that was
    not published waits. Editors and leads. Locks the claim. Audits review_task.reopened."""
    claim = lock_claim(claim.pk)
    verdict = Verdict.objects.filter(claim=claim).order_by("-id").first()
    policies.can_open_recheck(by, claim, verdict=verdict).enforce()
    if not reason.strip():
        raise ActionRefused(_("Say what has to be looked at again."), code="reason_missing", field="reason")
    asks = "asks for a correction" if hasattr(verdict, "publication") else "asks to look at it again"
    task = _open(claim, cause=RecheckCause.CORRECTION, why=f"{by} {asks}: {reason.strip()}", by=by)
    details = {"claim": claim.pk, "cause": RecheckCause.CORRECTION.value}
    audit.record("review_task.reopened", by=by, subject=task, details=details, note=reason.strip())
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
    task = _open(claim, cause=cause, why=why.strip(), by=by)
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


def _open(claim: Claim, *, cause: RecheckCause, why: str, by: Any) -> ReviewTask:
    task = ReviewTask.objects.create(
        claim=claim,
        kind=TaskKind.RECHECK,
        cause=cause,
        desk=claim.desk,
        **priority_fields(claim, raised=100, because="what is decided may be wrong"),
        why=why[:500],
        due_at=due_after(claim.desk, timezone.now(), settings.REVIEW_DEADLINE_HOURS / 2),
    )
    # of a source that changed they are told as such, whether or not a recheck follows; never the reason,
    # which may say what was found
    if cause != RecheckCause.EVIDENCE_CHANGED:
        notify(
            people_who_worked_on(claim.pk),
            NoticeKind.RECHECK,
            text=_("“%(claim)s” is to be checked again: %(lower)s.")
            % {"claim": claim, "lower": str(cause.label).lower()},
            claim=claim,
            key=task_key(task),
            by=by,
            task=task,
        )
    return task
