"""Pull and push: who takes a task, who gives it to whom."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

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
        return Denied(_("This task is %(state)s.") % {"state": task.state}, "not_open")
    if has_role(user, LEADS, desk=task.desk_id):
        return Allowed()
    if task.state == states.TAKEN and task.assignee_id == user.pk:
        return Allowed()
    return Denied(
        _("Only leads of the %(name)s desk give tasks to people, and everybody hands over their own.")
        % {"name": task.desk.name}
    )


def can_move_deadline(user: Any, task: ReviewTask) -> Decision:
    """More time, or less, is for leads to give."""
    if task.state not in states.OPEN:
        return Denied(_("This task is %(state)s.") % {"state": task.state}, "not_open")
    if has_role(user, LEADS, desk=task.desk_id):
        return Allowed()
    return Denied(_("Only leads of the %(name)s desk move its deadlines.") % {"name": task.desk.name})


def can_set_priority(user: Any, task: ReviewTask) -> Decision:
    """What comes first at a desk is for its leads to say."""
    if task.state not in states.OPEN:
        return Denied(_("This task is %(state)s.") % {"state": task.state}, "not_open")
    if has_role(user, LEADS, desk=task.desk_id):
        return Allowed()
    return Denied(_("Only leads of the %(name)s desk set priorities by hand.") % {"name": task.desk.name})


def can_be_given(task: ReviewTask, person: Any, *, conflict: ConflictOfInterest | None = None) -> Decision:
    """May this person have the task at all? The sentence is for the one who gives it. ``conflict`` is what
    the person declared about its claim, where that was looked up for a whole list."""
    if not person.is_active:
        return Denied(_("The account of %(person)s is closed.") % {"person": person}, "inactive")
    if task.state == states.TAKEN and task.assignee_id == person.pk:
        return Denied(_("%(person)s has this task already.") % {"person": person}, "already_theirs")
    decision = can_take_task(person, task)
    if decision or decision.code == "already_taken":
        return Allowed()
    if decision.code == CONFLICT:
        return Denied(others_sentence(conflict) if conflict else decision.reason, CONFLICT)
    if decision.reason.startswith("You"):
        return Denied(
            _("%(person)s may not have it: “%(reason)s”") % {"person": person, "reason": decision.reason},
            decision.code,
        )
    return decision


def can_answer_handover(user: Any, task: ReviewTask, handover: Handover | None) -> Decision:
    """Accept or decline what was given."""
    if handover is None or not handover.is_waiting:
        return Denied(_("Nobody waits for an answer about this task."), "not_waiting")
    if handover.receiver_id != user.pk:
        return Denied(_("Only %(receiver)s answers this.") % {"receiver": handover.receiver})
    return Allowed()
