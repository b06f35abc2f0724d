"""Taking tasks and giving them back. ``take_task`` is the template for every contested action: lock, then
look."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, overload

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.models import Claim
from claimtracker.accounts.models import Desk, User
from claimtracker.kernel.errors import ActionRefused, NotPermitted
from claimtracker.kernel.locking import locked_row
from claimtracker.ledger import audit

from .. import policies, states
from ..models import Handover, NoticeKind, ReviewTask
from ..policies.assignment import can_take_now
from ..policies.availability import availabilities
from ..queue_query import Term
from ..selectors.queue import QueueFilter, queue_page
from ..working_time import due_after
from .notifying import notify, task_key

NEXT_OF = 20  # how many of the most urgent tasks are looked through for somebody who wants the next one


@transaction.atomic
def take_task(review_task: ReviewTask, *, by: User) -> ReviewTask:
    """Make ``by`` the assignee for REVIEW_TAKE_HOURS of working time. Locks the task, then the person, so
    that nobody gets past their capacity by two clicks at once. Raises NotPermitted with the reason.

    Audits review_task.taken.
    """
    task = lock_task(review_task.pk)
    return _take(task, by)


def take_next(*, by: User, desk: Desk | None = None, kind: str = "") -> ReviewTask:
    """Take the most urgent task that ``by`` may take now, of one desk or kind if given. Two people who ask
    at the same moment get two tasks: what somebody else is about to take is passed over. Locks and audits as
    take_task. Raises ActionRefused with why the first one that waits was not for them."""
    refusal = ActionRefused(_("No task waits that you may take."), code="nothing_waits")
    asked = (
        Term("desk", desk.slug) if desk else None,
        Term("kind", kind.replace("_", "-")) if kind else None,
    )
    chosen = QueueFilter(terms=tuple(term for term in asked if term))
    for number, candidate in enumerate(queue_page(by, chosen, size=NEXT_OF).tasks):
        with transaction.atomic():
            task = lock_task(candidate.pk, skip_locked=True)
            if task is None or task.state != states.QUEUED:
                continue
            try:
                return _take(task, by)
            except NotPermitted as denied:
                if number == 0 or refusal.code == "nothing_waits":
                    refusal = denied
    raise refusal


def _take(task: ReviewTask, by: User) -> ReviewTask:
    lock_person(by)
    can_take_now(by, task, availabilities([by])[by.pk]).enforce()
    put_in_hands(task, by)
    audit.record("review_task.taken", by=by, subject=task, details={"claim": task.claim_id})
    return task


@transaction.atomic
def release_task(review_task: ReviewTask, *, by: User) -> ReviewTask:
    """Give a taken task back to its desk's queue. The assignee or a lead. Locks the task. Audits
    review_task.released."""
    task = lock_task(review_task.pk)
    policies.can_release_task(by, task).enforce()
    requeue(task)
    audit.record("review_task.released", by=by, subject=task, details={"claim": task.claim_id})
    return task


def put_in_hands(task: ReviewTask, person: User) -> datetime:
    """Make a queued task that the caller has locked ``person``'s, with a lease. Returns when."""
    states.REVIEW_TASK.check(task.state, states.TAKEN)
    now = timezone.now()
    task.state, task.assignee, task.taken_at = states.TAKEN, person, now
    task.lease_until = lease_end(task, now)
    task.save()
    return now


def lease_end(task: ReviewTask, now: datetime) -> datetime:
    """Until when somebody who begins or goes on now has the task: REVIEW_TAKE_HOURS of the desk's working
    time, so that nobody loses a task overnight."""
    return due_after(task.desk, now, settings.REVIEW_TAKE_HOURS)


@transaction.atomic
def renew_lease(review_task: ReviewTask, *, by: User) -> None:
    """Work on a task keeps it: called by whatever its assignee does (a draft saved, evidence added, a
    comment), inside that action's transaction. Whoever works on what was given to them has accepted it.
    Nothing for anybody else, and not audited.

    Locks the task, unless the caller holds it.
    """
    task = lock_task(review_task.pk)
    if task.assignee_id != by.pk or task.taken_at is None or task.lease_until is None:
        return
    now = timezone.now()
    Handover.objects.filter(task=task, created_at=task.taken_at).to(by).unanswered().update(accepted_at=now)
    until = lease_end(task, now)
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
    requeue(task)
    notify(
        [person],
        NoticeKind.LEASE_EXPIRED,
        text=_("Your time with “%(claim)s” ran out; it is back in the queue with your work kept.")
        % {"claim": task.claim},
        claim=task.claim_id,
        key=f"{task_key(task)}:{ended:%Y%m%dT%H%M%S}",
        task=task,
    )
    audit.record("review_task.expired", by=audit.SYSTEM, subject=task, details={"claim": task.claim_id})
    return 1


def requeue(task: ReviewTask) -> None:
    """Put a taken task that the caller has locked back into the queue; its draft and evidence stay."""
    states.REVIEW_TASK.check(task.state, states.QUEUED)
    task.state, task.assignee, task.taken_at, task.lease_until = states.QUEUED, None, None, None
    task.save()


@overload
def lock_task(task_id: int) -> ReviewTask: ...
@overload
def lock_task(task_id: int, *, skip_locked: Literal[True]) -> ReviewTask | None: ...


def lock_task(task_id: int, *, skip_locked: bool = False) -> ReviewTask | None:
    """The task, locked until the transaction ends, with what policies look at. None, with ``skip_locked``,
    when somebody else holds it."""
    rows = ReviewTask.objects.select_related("desk", "assignee", "claim__route")
    if skip_locked:  # never waits, so that nothing changes after it joined
        return rows.select_for_update(of=("self",), skip_locked=True).filter(pk=task_id).first()
    return locked_row(rows, task_id)


def lock_person(person: User) -> User:
    """The person, locked against anything else that counts or changes what they have: after the task, never
    before. Foreign keys to them are not held up."""
    return User.objects.select_for_update(no_key=True).get(pk=person.pk)


def lock_people(*ids: int) -> None:
    """lock_person for several, in one order whoever they are."""
    list(User.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk").values_list("pk"))
