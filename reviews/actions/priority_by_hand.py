"""A lead sets the priority of a task, or leaves it to the weighing again."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from claimtracker.accounts.models import User
from claimtracker.kernel.errors import ActionRefused
from claimtracker.ledger import audit

from ..models import ReviewTask
from ..placement.priority import HAND, LEVELS
from ..policies.assignment import can_set_priority
from .assignment import lock_task
from .priority import hand_of, put_hand
from .short_reasons import short_reason

AS_WEIGHED = "as_weighed"
REASON_LENGTH = 300


@transaction.atomic
def set_priority(review_task: ReviewTask, *, by: User, level: str, reason: str) -> ReviewTask:
    """Give an open task a level of LEVELS, whatever its parts come to, or AS_WEIGHED to take that back. It
    goes on with the claim's next tasks. Leads of its desk. Locks the task. Raises NotPermitted, or
    ActionRefused naming the field. Audits review_task.priority_set."""
    task = lock_task(review_task.pk)
    can_set_priority(by, task).enforce()
    reason, before = _checked(task, level, reason), task.priority
    put_hand(task, [] if level == AS_WEIGHED else [(HAND, LEVELS[level], f"{by}: {reason}")])
    details = {"claim": task.claim_id, "level": level, "from": before, "priority": task.priority}
    audit.record("review_task.priority_set", by=by, subject=task, details=details, note=reason)
    return task


def _checked(task: ReviewTask, level: str, reason: str) -> str:
    """The reason, tidied; a refusal names the field."""
    if level not in (AS_WEIGHED, *LEVELS):
        raise ActionRefused(_("Choose a priority from the list."), code="bad_level", field="level")
    if level == AS_WEIGHED and not hand_of(task):
        raise ActionRefused(_("Nobody set its priority by hand."), code="unchanged", field="level")
    return short_reason(
        reason, most=REASON_LENGTH, missing=_("Say why; it stands where the priority is explained.")
    )
