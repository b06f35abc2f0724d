"""The same single actions on several tasks at once."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions.curation import lock_claim
from claimtracker.accounts.models import User
from claimtracker.kernel.errors import ActionRefused

from .. import states
from ..models import BulkChange, BulkItem, ReviewTask
from ..models.bulk import BulkVerb
from ..models.review_task import TaskKind
from .assignment import lock_task, release_task, take_task
from .deadline_moves import move_deadline
from .handover import give_task
from .priority import hand_of
from .priority_by_hand import set_priority
from .triage import dismiss_from_review, dismiss_triaged

MOST = 100
KEPT = (
    "state",
    "assignee_id",
    "taken_at",
    "lease_until",
    "due_at",
    "half_time_at",
    "escalate_at",
    "half_time_told_at",
    "due_told_at",
    "escalated_at",
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for besides the verb."""

    to: User | None = None
    due_at: datetime | None = None
    level: str = ""
    reason: str = ""


def change_many(
    task_ids: Collection[int], *, by: User, verb: str, key: uuid.UUID, wanted: Wanted | None = None
) -> BulkChange:
    """Do one thing to several tasks, in their order: each by its own action in its own transaction, so that
    one that is refused holds up none. Asked the same again with the same ``key`` it does nothing more.

    Raises ActionRefused when nothing could work for any task: none chosen, too many, or (by field) what is
    missing. Audits what the single actions do; the row and its items remember it for the undo.
    """
    wanted = wanted or Wanted()
    _check(task_ids, BulkVerb(verb), wanted)
    # a page that the browser kept has its old key, though other rows may be ticked by now
    key = uuid.uuid5(key, f"{verb}{sorted(set(task_ids))}{wanted}")
    first = {"verb": verb, "asked": len(set(task_ids))}
    change, is_new = BulkChange.objects.get_or_create(by=by, key=key, defaults=first)
    if not is_new:
        return change
    seen = ReviewTask.objects.visible_to(by).filter(pk__in=set(task_ids))
    claim_of = dict(seen.order_by().values_list("pk", "claim_id"))
    try:
        for task_id in dict.fromkeys(pk for pk in task_ids if pk in claim_of):
            _change(change, task_id, claim_of[task_id], wanted, by)
    except _Closed:  # it was held up for so long that it counted as broken off, and was undone meanwhile
        return BulkChange.objects.get(pk=change.pk)
    change.finished_at = timezone.now()
    BulkChange.objects.filter(pk=change.pk, finished_at__isnull=True).update(finished_at=change.finished_at)
    return change


class _Closed(Exception):
    """Nothing more is done for this change."""


def _go_on(change: BulkChange) -> None:
    """Say, in a task's transaction, that whoever does it is still there. Locks the change until its end."""
    still = BulkChange.objects.filter(pk=change.pk, finished_at__isnull=True)
    if not still.update(reached_at=timezone.now()):
        raise _Closed


def _check(task_ids: Collection[int], verb: BulkVerb, wanted: Wanted) -> None:
    if not task_ids:
        raise ActionRefused(_("Choose at least one task."), code="none_chosen", field="tasks")
    if len(task_ids) > MOST:
        raise ActionRefused(
            _("Choose %(most)s tasks at most.") % {"most": MOST}, code="too_many", field="tasks"
        )
    missing = {
        BulkVerb.GIVE: None if wanted.to else ("to", _("Choose who gets the tasks.")),
        BulkVerb.DEADLINE: None if wanted.due_at else ("due_at", _("Choose day and time.")),
        BulkVerb.PRIORITY: None if wanted.level else ("level", _("Choose a priority from the list.")),
    }.get(verb)
    if missing:
        raise ActionRefused(missing[1], code="missing", field=missing[0])
    if wanted.due_at and wanted.due_at <= timezone.now():
        raise ActionRefused(_("Give a time that is still to come."), code="past", field="due_at")
    if verb in (BulkVerb.DISMISS, BulkVerb.DEADLINE, BulkVerb.PRIORITY) and not wanted.reason.strip():
        raise ActionRefused(
            _("Say why; it is kept with each of them."), code="reason_missing", field="reason"
        )


def _change(change: BulkChange, task_id: int, claim_id: int, wanted: Wanted, by: User) -> None:
    """One task in one transaction. What is refused is written down in another."""
    verb = BulkVerb(change.verb)
    try:
        with transaction.atomic():
            if verb == BulkVerb.DISMISS:  # the claim is locked before its tasks
                lock_claim(claim_id)
            task = lock_task(task_id)
            before = snapshot(task)
            if verb == BulkVerb.DISMISS:
                before["open"] = [
                    snapshot(one) | {"pk": one.pk} for one in ReviewTask.objects.filter(claim=claim_id).open()
                ]
            before["holders"] = list(task.holders.values_list("user_id", flat=True))
            before["hand"] = hand_of(task)
            ACTS[verb](task, by, wanted)
            left = ReviewTask.objects.get(pk=task_id)
            after = snapshot(left) | {"hand": hand_of(left)}
            _go_on(change)
            BulkItem.objects.create(change=change, task=task, before=before, after=after)
    except ActionRefused as refusal:
        with transaction.atomic():
            _go_on(change)
            BulkItem.objects.create(change=change, task_id=task_id, refusal=refusal.reason[:500])


def snapshot(task: ReviewTask) -> dict[str, Any]:
    """The fields that these actions change, as JSON keeps them."""
    values = {name: getattr(task, name) for name in KEPT}
    return {
        name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()
    }


def _give(task: ReviewTask, by: User, wanted: Wanted) -> object:
    assert wanted.to is not None  # noqa: S101 - _check() refused without
    return give_task(task, by=by, to=wanted.to, note=wanted.reason)


def _move(task: ReviewTask, by: User, wanted: Wanted) -> object:
    assert wanted.due_at is not None  # noqa: S101 - _check() refused without
    return move_deadline(task, by=by, due_at=wanted.due_at, reason=wanted.reason)


def _prioritise(task: ReviewTask, by: User, wanted: Wanted) -> object:
    return set_priority(task, by=by, level=wanted.level, reason=wanted.reason)


def _dismiss(task: ReviewTask, by: User, wanted: Wanted) -> object:
    if task.state not in states.OPEN:
        raise ActionRefused(_("This task is %(state)s.") % {"state": task.state}, code="not_open")
    if task.kind == TaskKind.TRIAGE:
        return dismiss_triaged(task, by=by, reason=wanted.reason)
    return dismiss_from_review(task.claim, by=by, reason=wanted.reason)


ACTS: dict[BulkVerb, Callable[[ReviewTask, User, Wanted], object]] = {
    BulkVerb.TAKE: lambda task, by, _wanted: take_task(task, by=by),
    BulkVerb.GIVE_BACK: lambda task, by, _wanted: release_task(task, by=by),
    BulkVerb.GIVE: _give,
    BulkVerb.DEADLINE: _move,
    BulkVerb.PRIORITY: _prioritise,
    BulkVerb.DISMISS: _dismiss,
}
