"""Pull and push: who takes a task, who gives it to whom."""

from __future__ import annotations

from typing import Any

from claimtracker.accounts.access import has_role
from claimtracker.accounts.models import Role
from claimtracker.kernel.decisions import Allowed, Decision, Denied

from .. import states
from ..models import ConflictOfInterest, Handover, ReviewTask
from .availability import Availability, has_room
from .conflicts import CODE as CONFLICT
from .conflicts import others_sentence
from .tasks import can_take_task

LEADS = frozenset({Role.LEAD})


def can_take_now(user: Any, task: ReviewTask, availability: Availability) -> Decision:
    """can_take_task, and there is room: no leave, capacity left, a language that the person reads."""
    decision = can_take_task(user, task)
    return has_room(user, task, availability) if decision else decision


def can_give_task(user: Any, task: ReviewTask) -> Decision:
    """Give a task to somebody: a lead any open one, a person the one that he or she has."""
    if task.state not in states.OPEN:
        return Denied(f"This task is {task.state}.", "not_open")
    if has_role(user, LEADS, desk=task.desk_id):
        return Allowed()
    if task.state == states.TAKEN and task.assignee_id == user.pk:
        return Allowed()
    return Denied(
        f"Only leads of the {task.desk.name} desk give tasks to people, and everybody hands over their own."
    )


def can_move_deadline(user: Any, task: ReviewTask) -> Decision:
    """More time, or less, is for leads to give."""
    if task.state not in states.OPEN:
        return Denied(f"This task is {task.state}.", "not_open")
    if has_role(user, LEADS, desk=task.desk_id):
        return Allowed()
    return Denied(f"Only leads of the {task.desk.name} desk move its deadlines.")


def can_be_given(task: ReviewTask, person: Any, *, conflict: ConflictOfInterest | None = None) -> Decision:
    """May this person have the task at all? The sentence is for the one who gives it. ``conflict`` is what
    the person declared about its claim, where that was looked up for a whole list."""
    if not person.is_active:
        return Denied(f"The account of {person} is closed.", "inactive")
    if task.state == states.TAKEN and task.assignee_id == person.pk:
        return Denied(f"{person} has this task already.", "already_theirs")
    decision = can_take_task(person, task)
    if decision or decision.code == "already_taken":
        return Allowed()
    if decision.code == CONFLICT:
        return Denied(others_sentence(conflict) if conflict else decision.reason, CONFLICT)
    if decision.reason.startswith("You"):
        return Denied(f"{person} may not have it: “{decision.reason}”", decision.code)
    return decision


def can_answer_handover(user: Any, task: ReviewTask, handover: Handover | None) -> Decision:
    """Accept or decline what was given."""
    if handover is None or not handover.is_waiting:
        return Denied("Nobody waits for an answer about this task.", "not_waiting")
    if handover.receiver_id != user.pk:
        return Denied(f"Only {handover.receiver} answers this.")
    return Allowed()
