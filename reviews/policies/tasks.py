"""Taking tasks and giving them back."""

from __future__ import annotations

from typing import Any

from claimtracker.accounts.access import APPROVING, CHECKING, has_role
from claimtracker.accounts.models import Role
from claimtracker.kernel.decisions import Allowed, Decision, Denied

from .. import states
from ..models import ReviewTask
from ..models.review_task import TaskKind
from .conflicts import conflict_of
from .reviewers import is_asked_to_approve

OWN_VERDICT = "You proposed this verdict. A second person must approve it."


def can_take_task(user: Any, task: ReviewTask) -> Decision:
    if task.kind == TaskKind.SECOND_REVIEW:
        if task.proposed_by_id == user.pk:
            return Denied(OWN_VERDICT, "own_verdict")
        if not has_role(user, APPROVING, desk=task.desk_id):
            return Denied(f"Only editors and leads of the {task.desk.name} desk approve verdicts.")
        if not (asked := is_asked_to_approve(user, task.claim, desk=task.desk_id)):
            return asked
    elif not has_role(user, CHECKING, desk=task.desk_id):
        return Denied(f"Only checkers, editors and leads of the {task.desk.name} desk take its tasks.")
    if (conflict := conflict_of(user, task.claim)) is not None:
        return conflict
    if task.state == states.TAKEN:
        name = task.assignee.get_short_name() if task.assignee else "Somebody"
        return Denied(f"{name} has this task already.", "already_taken")
    if task.state != states.QUEUED:
        return Denied(f"This task is {task.state}.", "not_queued")
    return Allowed()


def can_release_task(user: Any, task: ReviewTask) -> Decision:
    if task.state != states.TAKEN:
        return Denied(f"This task is {task.state}, so nobody has it.", "not_taken")
    if task.assignee_id == user.pk or has_role(user, frozenset({Role.LEAD}), desk=task.desk_id):
        return Allowed()
    return Denied("Only the person who has the task, or a lead of the desk, gives it back.")
