"""Undoing what was done to several tasks at once: only what is still as it was left, and exactly that."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions.curation import lock_claim, restore_claim
from claims.states import DISMISSED
from claimtracker.accounts.models import User
from claimtracker.kernel.errors import ActionRefused, NotPermitted
from claimtracker.ledger import audit

from ..models import BulkChange, BulkItem, Handover, NoticeKind, ReviewTask, Verdict
from ..models.bulk import BulkVerb
from ..policies.assignment import can_be_given, can_give_task, can_move_deadline, can_set_priority
from ..policies.conflicts import prime_people
from ..policies.tasks import can_release_task
from .assignment import lock_person, lock_task, put_in_hands, requeue
from .bulk import snapshot
from .notifying import notify, task_key
from .priority import hand_of, put_hand

AS_LEFT = ("state", "assignee_id", "taken_at", "due_at")
REMINDERS = ("half_time_at", "escalate_at", "half_time_told_at", "due_told_at", "escalated_at")
COPIED = ("claim", "kind", "desk", "priority", "priority_parts", "priority_until", "why", "cause", "due_at",
          "proposed_by")  # fmt: skip


def undo_many(change: BulkChange, *, by: User) -> BulkChange:
    """Take back, within ten seconds, what ``by`` did to several tasks: each in its own transaction, and only
    where the task is still as it was left. Asked for twice it goes on where it was, and does nothing twice.

    Raises NotPermitted or ActionRefused (too late). Audits review_task.undone for each task and tells
    whoever was told of the change.
    """
    with transaction.atomic():
        change = BulkChange.objects.select_for_update().get(pk=change.pk)
        if change.by_id != by.pk:
            raise NotPermitted(_("Only the person who did it undoes it."), code="not_permitted")
        if change.undone_at is None:
            if not change.can_still_be_undone():
                raise ActionRefused(_("The ten seconds to undo this are over."), code="too_late")
            change.undone_at = timezone.now()
            # one that broke off ends here: should whoever did it wake up, it goes no further
            change.finished_at = change.finished_at or change.undone_at
            change.save(update_fields=["undone_at", "finished_at"])
    for item_id in change.items.filter(refusal="").values_list("pk", flat=True):
        _undo(item_id, BulkVerb(change.verb), by)
    return change


def _undo(item_id: int, verb: BulkVerb, by: User) -> None:
    try:
        with transaction.atomic():
            item = _undecided(item_id)
            if item is None:
                return
            UNDOES[verb](item, by)
            item.undone_at = timezone.now()
            item.save(update_fields=["undone_at"])
    except ActionRefused as refusal:
        with transaction.atomic():
            item = _undecided(item_id)
            if item is not None:
                item.kept_because = refusal.reason[:500]
                item.save(update_fields=["kept_because"])


def _undecided(item_id: int) -> BulkItem | None:
    """The item, locked; None when the same undo, asked for twice, decided on it already."""
    rows = BulkItem.objects.select_for_update(of=("self",)).select_related("task")
    return rows.filter(pk=item_id, undone_at__isnull=True, kept_because="").first()


def _as_left(item: BulkItem) -> ReviewTask:
    """The task, locked, if nobody did anything to it since."""
    task = lock_task(item.task_id)
    now = snapshot(task)
    if any(now[name] != item.after[name] for name in AS_LEFT):
        raise ActionRefused(_("It was changed again meanwhile, so it stays as it is."), code="changed")
    return task


def _untake(item: BulkItem, by: User) -> None:
    task = _as_left(item)
    can_release_task(by, task).enforce()
    requeue(task)
    _forget_holders(task, item)
    _record(task, item, by)


def _take_back(item: BulkItem, by: User) -> None:
    """What was given back goes into the hands that had it."""
    task = _as_left(item)
    _back_into_hands(task, item.before, by=by)
    _record(task, item, by)


def _ungive(item: BulkItem, by: User) -> None:
    task = _as_left(item)
    handover = Handover.objects.filter(task=task, created_at=_moment(item.after["taken_at"]))
    if not handover.filter(giver=by).exists():  # who gave it may have it back while nobody accepted it
        can_give_task(by, task).enforce()
    receiver = task.assignee
    if receiver is not None and receiver.pk != by.pk and not handover.unanswered().exists():
        raise ActionRefused(
            _("%(receiver)s has accepted it already.") % {"receiver": receiver}, code="accepted"
        )
    handover.delete()
    requeue(task)
    _forget_holders(task, item)
    if item.before["assignee_id"]:
        _back_into_hands(task, item.before, by=by)
    entry = _record(task, item, by)
    _tell(
        task,
        receiver,
        entry.pk,
        by,
        _("%(by)s took “%(claim)s” back at once: it was given by mistake.") % {"by": by, "claim": task.claim},
    )


def _unmove(item: BulkItem, by: User) -> None:
    task = _as_left(item)
    can_move_deadline(by, task).enforce()
    task.due_at = datetime.fromisoformat(item.before["due_at"])
    task.save(update_fields=["due_at"])
    # the database forgot with the move what was announced: it is as it was, so nobody hears it twice
    reminders = {name: _moment(item.before[name]) for name in REMINDERS}
    ReviewTask.objects.filter(pk=task.pk).update(**reminders)
    entry = _record(task, item, by)
    _tell(
        task,
        task.assignee,
        entry.pk,
        by,
        _("%(by)s undid the move: “%(claim)s” is due as before.") % {"by": by, "claim": task.claim},
    )


def _undismiss(item: BulkItem, by: User) -> None:
    """The claim comes back, and for each task that ended with it one like it."""
    claim = lock_claim(item.task.claim_id)
    if claim.state != DISMISSED or ReviewTask.objects.filter(claim=claim).open().exists():
        raise ActionRefused(_("It was changed again meanwhile, so it stays as it is."), code="changed")
    restore_claim(claim, by=by)
    for kept in item.before["open"]:
        ended = ReviewTask.objects.get(pk=kept["pk"])
        task = ReviewTask.objects.create(**{name: getattr(ended, name) for name in COPIED})
        same = {name: _moment(kept[name]) for name in REMINDERS}
        ReviewTask.objects.filter(pk=task.pk).update(created_at=ended.created_at, **same)
        task = lock_task(task.pk)
        if kept["assignee_id"]:
            _back_into_hands(task, kept, by=by)
        _record(task, item, by)


def _unprioritise(item: BulkItem, by: User) -> None:
    """What was set by hand before, or nothing; the other parts are weighed as they are now."""
    task = lock_task(item.task_id)
    can_set_priority(by, task).enforce()
    if [list(part) for part in hand_of(task)] != item.after["hand"]:
        raise ActionRefused(_("It was changed again meanwhile, so it stays as it is."), code="changed")
    put_hand(task, [(part, points, why) for part, points, why in item.before["hand"]])
    _record(task, item, by)


def _forget_holders(task: ReviewTask, item: BulkItem) -> None:
    """Who had the task only for these seconds has read nothing in it, if there was no verdict to read: they
    may still review this claim blind. Otherwise that they had it stays."""
    if "holders" in item.before and not Verdict.objects.filter(claim=task.claim_id).exists():
        task.holders.exclude(user__in=item.before["holders"]).delete()


def _back_into_hands(task: ReviewTask, kept: dict[str, Any], *, by: User) -> None:
    """As ``kept`` says, with the time that was left. Refused when that person may not have it any more."""
    holder = lock_person(User.objects.get(pk=kept["assignee_id"]))
    can_be_given(task, holder, conflict=prime_people(task.claim, [holder]).get(holder.pk)).enforce()
    put_in_hands(task, holder)
    task.taken_at, task.lease_until = _moment(kept["taken_at"]), _moment(kept["lease_until"])
    task.save(update_fields=["taken_at", "lease_until"])


def _record(task: ReviewTask, item: BulkItem, by: User) -> Any:
    details = {"claim": task.claim_id, "of": item.change.verb}
    return audit.record("review_task.undone", by=by, subject=task, details=details)


def _tell(task: ReviewTask, person: User | None, entry: int, by: User, text: str) -> None:
    if person is None or person.pk == by.pk:
        return
    key = f"{task_key(task)}:undone:{entry}"
    notify([person], NoticeKind.HANDED_OVER, text=text, claim=task.claim_id, key=key, by=by, task=task)


def _moment(written: str | None) -> Any:
    return datetime.fromisoformat(written) if written else None


UNDOES: dict[BulkVerb, Callable[[BulkItem, User], None]] = {
    BulkVerb.TAKE: _untake,
    BulkVerb.GIVE_BACK: _take_back,
    BulkVerb.GIVE: _ungive,
    BulkVerb.DEADLINE: _unmove,
    BulkVerb.PRIORITY: _unprioritise,
    BulkVerb.DISMISS: _undismiss,
}
