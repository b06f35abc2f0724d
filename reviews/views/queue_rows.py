"""One line of the queue, and the tabs above it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from claimtracker.kernel.decisions import Decision

from .. import states
from ..models import ReviewTask
from ..policies.assignment import can_take_now
from ..policies.availability import Availability
from . import wording
from .rule_words import parts_in_a_line


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the queue. ``take`` is None where taking is not the next step."""

    task: ReviewTask
    text: str
    source: str
    priority: wording.Label
    points: str
    due: wording.Label | None
    state: str
    state_label: str
    take: Decision | None
    is_mine: bool


@dataclass(frozen=True, slots=True)
class Tab:
    label: str
    url: str
    count: int
    current: bool
    is_more: bool = False


def row_of(task: ReviewTask, user: Any, room: Availability) -> Row:
    awaits = bool(getattr(task, "awaits_publication", False)) and task.state == states.DONE
    state, state_label = wording.task_label(
        task, user, awaits_publication=awaits, was_returned=getattr(task, "was_returned", False)
    )
    is_mine = task.state == states.TAKEN and task.assignee_id == user.pk
    claim = task.claim
    first = next(iter(claim.appearances.all()), None)
    speaker = capfirst(claim.claimant.name) if claim.claimant else _("The reporter")
    where = {"speaker": speaker, "title": first.version.article.title} if first else None
    return Row(
        task=task,
        text=wording.title_of(claim),
        source=_("%(speaker)s, in “%(title)s”.") % where if where else "",
        priority=wording.priority_label(task.priority),
        points=parts_in_a_line(task.priority, task.priority_parts),
        due=None if task.state not in states.OPEN else wording.due_label(task.due_at, timezone.now()),
        state=state,
        state_label=state_label,
        take=None if is_mine or task.state not in states.OPEN else can_take_now(user, task, room),
        is_mine=is_mine,
    )
