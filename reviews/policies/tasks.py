"""Taking tasks and giving them back."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from claimtracker.accounts.access import has_role
from claimtracker.accounts.models import Role
from claimtracker.kernel.decisions import Allowed, Decision, Denied

from .. import states
from ..models import ReviewTask
from .conflicts import conflict_of
from .kinds import can_do_kind


def can_take_task(user: Any, task: ReviewTask) -> Decision:
    decision = can_do_kind(user, task)
    if not decision:
        return decision
    if (conflict := conflict_of(user, task.claim)) is not None:
        return conflict
    if task.state == states.TAKEN:
        name = task.assignee.get_short_name() if task.assignee else "Somebody"
        return Denied(_("%(name)s has this task already.") % {"name": name}, "already_taken")
    if task.state != states.QUEUED:
        return Denied(_("This task is %(state)s.") % {"state": task.state}, "not_queued")
    return Allowed()


def can_release_task(user: Any, task: ReviewTask) -> Decision:
    if task.state != states.TAKEN:
        return Denied(_("This task is %(state)s, so nobody has it.") % {"state": task.state}, "not_taken")
    if task.assignee_id == user.pk or has_role(user, frozenset({Role.LEAD}), desk=task.desk_id):
        return Allowed()
    return Denied(_("Only the person who has the task, or a lead of the desk, gives it back."))
