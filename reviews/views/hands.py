"""How a task came into its holder's hands, on the claim's page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from .. import states
from ..forms.people import DeclineForm
from ..models import Handover, ReviewTask
from ..policies.assignment import can_give_task, can_move_deadline
from . import wording


@dataclass(frozen=True, slots=True)
class Hands:
    """``handover`` is how its holder got it; ``answers`` when it waits for this person's yes or no. ``give``
    labels the link to give it away, empty for whoever may not; ``moves_deadline`` for a lead."""

    handover: Handover | None
    when: str
    answers: bool
    decline: DeclineForm
    give: str
    moves_deadline: bool = False


def hands_of(task: ReviewTask, user: Any) -> Hands:
    """One query for a task that somebody has."""
    handover = None
    if task.state == states.TAKEN and task.taken_at is not None:
        given = Handover.objects.filter(task=task, receiver=task.assignee_id, created_at=task.taken_at)
        handover = given.select_related("giver", "receiver").first()
    if handover is not None:
        handover.task = task
    give = ""
    if can_give_task(user, task):
        give = _("Hand over") if task.state == states.TAKEN else _("Assign")
    return Hands(
        handover=handover,
        when=wording.moment(handover.created_at) if handover else "",
        answers=handover is not None and handover.is_waiting and handover.receiver_id == user.pk,
        decline=DeclineForm(auto_id=f"id_%s_{task.pk}"),
        give=give,
        moves_deadline=bool(can_move_deadline(user, task)),
    )
