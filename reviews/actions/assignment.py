"""Taking tasks and giving them back. ``take_task`` is the template for every contested action: lock, then
look."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from claims.models import Claim
from claimtracker.accounts.models import User
from claimtracker.kernel.locking import locked_row
from claimtracker.ledger import audit

from .. import policies, states
from ..models import NoticeKind, ReviewTask
from ..working_time import due_after
from .notifying import notify, task_key


@transaction.atomic
def take_task(review_task: ReviewTask, *, by: User) -> ReviewTask:
    """Make ``by`` the assignee for REVIEW_TAKE_HOURS. Locks the task. Raises NotPermitted with the reason.

    Audits review_task.taken.
    """
    task = lock_task(review_task.pk)
    policies.can_take_task(by, task).enforce()
    states.REVIEW_TASK.check(task.state, states.TAKEN)
    now = timezone.now()
    task.state, task.assignee, task.taken_at = states.TAKEN, by, now
    task.lease_until = lease_end(task, now)
    task.save()
    audit.record("review_task.taken", by=by, subject=task, details={"claim": task.claim_id})
    return task


@transaction.atomic
def release_task(review_task: ReviewTask, *, by: User) -> ReviewTask:
    """Give a taken task back to its desk's queue. The assignee or a lead. Locks the task. Audits
    review_task.released."""
    task = lock_task(review_task.pk)
    policies.can_release_task(by, task).enforce()
    _requeue(task)
    audit.record("review_task.released", by=by, subject=task, details={"claim": task.claim_id})
    return task


def lease_end(task: ReviewTask, now: datetime) -> datetime:
    """Until when somebody who begins or goes on now has the task: REVIEW_TAKE_HOURS of the desk's working
    time, so that nobody loses a task overnight."""
    return due_after(task.desk, now, settings.REVIEW_TAKE_HOURS)


def renew_lease(review_task: ReviewTask, *, by: User) -> None:
    """Work on a task keeps it: called by whatever its assignee does (a draft saved, evidence added, a
    comment), inside that action's transaction. Nothing for anybody else, and not audited.

    Locks the task, unless the caller holds it.
    """
    task = lock_task(review_task.pk)
    if task.state != states.TAKEN or task.assignee_id != by.pk or task.lease_until is None:
        return
    until = lease_end(task, timezone.now())
    if until > task.lease_until:
        task.lease_until = until
        task.save(update_fields=["lease_until"])


def renew_lease_on(claim: Claim, *, by: User) -> None:
    """Work on a claim keeps whatever task ``by`` has on it: evidence, a comment. The caller holds the claim's
    lock, so that tasks are locked after it."""
    for task in ReviewTask.objects.taken_by(by).filter(claim=claim).order_by("pk"):
        renew_lease(task, by=by)


def expire_leases(limit: int = 200) -> int:
    """Return tasks whose lease ran out to the queue and tell the person; drafts and evidence stay. Returns
    how many."""
    expired = 0
    stale = ReviewTask.objects.filter(state=states.TAKEN, lease_until__lt=timezone.now()).order_by(
        "lease_until"
    )
    for task_id in list(stale.values_list("pk", flat=True)[:limit]):
        expired += _expire(task_id)
    return expired


@transaction.atomic
def _expire(task_id: int) -> int:
    task = lock_task(task_id)
    if task.state != states.TAKEN or task.lease_until is None or task.lease_until > timezone.now():
        return 0  # renewed or finished since we looked
    person, ended = task.assignee, task.lease_until
    _requeue(task)
    notify(
        [person],
        NoticeKind.LEASE_EXPIRED,
        text=f"Your time with “{task.claim}” ran out; it is back in the queue with your work kept.",
        claim=task.claim_id,
        key=f"{task_key(task)}:{ended:%Y%m%dT%H%M%S}",
        task=task,
    )
    audit.record("review_task.expired", by=audit.SYSTEM, subject=task, details={"claim": task.claim_id})
    return 1


def _requeue(task: ReviewTask) -> None:
    states.REVIEW_TASK.check(task.state, states.QUEUED)
    task.state, task.assignee, task.taken_at, task.lease_until = states.QUEUED, None, None, None
    task.save()


def lock_task(task_id: int) -> ReviewTask:
    """The task, locked until the transaction ends, with what policies look at."""
    return locked_row(ReviewTask.objects.select_related("desk", "assignee", "claim"), task_id)
