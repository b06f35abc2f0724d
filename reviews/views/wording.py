"""How states, times and numbers are said on the pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from claims.models import Claim

from .. import states
from ..models import Rating, ReviewTask
from ..models.review_task import TaskKind
from ..reader_facts import rating_step

URGENT, HIGH, NORMAL = 75, 60, 35
REVIEWING = {
    TaskKind.SECOND_REVIEW: gettext_lazy("To approve"),
    TaskKind.BLIND_REVIEW: gettext_lazy("To review blind"),
    TaskKind.ADJUDICATION: gettext_lazy("To decide"),
}
QUOTE_MARKS = ("“", '"', "‘", "«")


@dataclass(frozen=True, slots=True)
class Label:
    """A word with its tone (a CSS modifier) and, where it has one, its icon."""

    text: str
    tone: str = ""
    icon: str = ""


def title_of(claim: Claim) -> str:
    """A claim as a headline: in quotation marks only while its words are the article's own."""
    return claim.text if claim.changes or claim.edited_at else quoted(claim.text)


def quoted(text: str) -> str:
    """The words in quotation marks, unless they bring their own."""
    return text if text.startswith(QUOTE_MARKS) else f"“{text}”"


def priority_label(priority: int) -> Label:
    if priority >= URGENT:
        return Label(_("Urgent"), "urgent")
    if priority >= HIGH:
        return Label(_("High"), "high")
    if priority >= NORMAL:
        return Label(_("Normal"), "normal")
    return Label(_("Low"), "low")


def due_label(due_at: datetime, now: datetime | None = None) -> Label:
    """When it is due, in the words that a person in a hurry needs."""
    now = now or timezone.now()
    left = due_at - now
    if left < timedelta(0):
        return Label(_("late by %(time)s") % {"time": span(-left)}, "late", "exclamation-triangle")
    if left < timedelta(hours=2):
        return Label(_("in %(time)s") % {"time": span(left)}, "soon", "clock")
    local, today = timezone.localtime(due_at), timezone.localtime(now).date()
    clock = date_format(local, "H:i")
    if local.date() == today:
        return Label(_("today %(clock)s") % {"clock": clock})
    if local.date() == today + timedelta(days=1):
        return Label(_("tomorrow %(clock)s") % {"clock": clock})
    return Label(date_format(local, "j M H:i"))


def due_at(written: str) -> str:
    """A deadline as the ledger has it, in words."""
    return date_format(timezone.localtime(datetime.fromisoformat(written)), "j M Y H:i")


def span(length: timedelta) -> str:
    """A length of time by its largest unit."""
    minutes = int(length.total_seconds() // 60)
    if minutes < 60:
        return ngettext("%(n)d min", "%(n)d min", minutes) % {"n": max(minutes, 1)}
    hours = minutes // 60
    if hours < 48:
        return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    return ngettext("%(n)d day", "%(n)d days", hours // 24) % {"n": hours // 24}


def moment(at: datetime, now: datetime | None = None) -> str:
    """A past moment: the time today, the day before that, the year only when it is another one."""
    local, today = timezone.localtime(at), timezone.localtime(now or timezone.now())
    if local.date() == today.date():
        return date_format(local, "H:i")
    return date_format(local, "j M H:i" if local.year == today.year else "j M Y H:i")


def task_label(
    task: ReviewTask, user: Any, *, awaits_publication: bool = False, was_returned: bool = False
) -> tuple[str, str]:
    """The state of a task for parts/state.html: the stored value that chooses the look, and its words.

    ``was_returned`` says that the task is open again because its verdict was returned.
    """
    if awaits_publication:
        return "approved", _("To publish")
    if task.state == states.TAKEN:
        if task.assignee_id == user.pk:
            if was_returned:
                return "returned", _("Returned to you")
            return "taken", _("Taken by you")
        name = task.assignee.get_short_name() if task.assignee else "?"
        return "taken", _("With %(name)s") % {"name": name}
    if task.state == states.QUEUED:
        if task.kind in REVIEWING:
            return "submitted", str(REVIEWING[TaskKind(task.kind)])
        return "queued", _("Waiting")
    return task.state, {states.DONE: _("Done"), states.CANCELLED: _("Cancelled")}.get(task.state, task.state)


def verdict_label(state: str) -> str:
    return {
        states.DRAFT: _("Draft"),
        states.SUBMITTED: _("Waits for approval"),
        states.RETURNED: _("Returned"),
        states.DISPUTED: _("Two people differ"),
        states.APPROVED: _("Approved"),
    }.get(state, state)


def rating_steps(ratings: list[Rating]) -> dict[int, int | None]:
    """Rating id → its place on a drawn scale of five."""
    values = [rating.value for rating in ratings if rating.value is not None]
    worst, best = min(values, default=None), max(values, default=None)
    return {rating.pk: rating_step(rating.value, worst, best) for rating in ratings}


def safe_link(url: str | None) -> str:
    """The address if a browser may follow it (http or https), else nothing."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return ""
    return str(url) if parts.scheme in {"http", "https"} and parts.netloc else ""
