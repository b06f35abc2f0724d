"""A lead gives a task more time, or less."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claimtracker.accounts.models import User
from claimtracker.kernel.errors import ActionRefused
from claimtracker.ledger import audit

from ..models import NoticeKind, ReviewTask
from ..policies.assignment import can_move_deadline
from .assignment import lock_task
from .deadlines import when
from .notifying import notify, task_key
from .short_reasons import short_reason

REASON_LENGTH = 500
LATEST = timedelta(days=366)


@transaction.atomic
def move_deadline(review_task: ReviewTask, *, by: User, due_at: datetime, reason: str) -> ReviewTask:
    """Set another deadline for an open task; reminders and escalation begin anew with it. Leads of its desk.
    Locks the task. Raises NotPermitted, or ActionRefused naming the field. Audits review_task.deadline_moved
    and tells whoever has the task."""
    task = lock_task(review_task.pk)
    can_move_deadline(by, task).enforce()
    reason, before = _checked(task, due_at, reason), task.due_at
    task.due_at = due_at
    task.save(update_fields=["due_at"])
    details = {"claim": task.claim_id, "from": before.isoformat(), "due_at": due_at.isoformat()}
    entry = audit.record("review_task.deadline_moved", by=by, subject=task, details=details, note=reason)
    notify(
        [task.assignee_id],
        NoticeKind.DUE,
        text=_("%(by)s moved the deadline of “%(claim)s”: it is due %(when)s. %(reason)s")
        % {"by": by, "claim": task.claim, "when": when(task), "reason": reason},
        claim=task.claim_id,
        key=f"{task_key(task)}:moved:{entry.pk}",
        by=by,
        task=task,
    )
    return task


def _checked(task: ReviewTask, due_at: datetime, reason: str) -> str:
    """The reason, tidied; a refusal names the field."""
    now = timezone.now()
    if due_at <= now:
        raise ActionRefused(_("Give a time that is still to come."), code="past", field="due_at")
    if due_at > now + LATEST:
        raise ActionRefused(_("Give a time within a year from now."), code="too_far", field="due_at")
    if due_at == task.due_at:
        raise ActionRefused(_("This is the deadline already."), code="unchanged", field="due_at")
    return short_reason(
        reason, most=REASON_LENGTH, missing=_("Say why the deadline moves; it is kept in the history.")
    )
