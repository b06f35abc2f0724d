"""Reminders at half time and when due, and escalation to the leads: each once for each deadline.

The task's row decides: it is locked, looked at again and marked in the transaction that writes the notice,
so that jobs may run twice, side by side, or be killed in between. What another run holds is left to it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from claimtracker.accounts.models import Desk, Leave, Membership, Role, User
from claimtracker.ledger import audit

from .. import states
from ..models import NoticeKind, ReviewTask
from ..working_time import due_after, half_time
from .notifying import notify, task_key

BATCH = 500


def remind() -> int:
    """Tell assignees at half time and when due. Returns how many notices were new."""
    plan_reminders()
    now = timezone.now()
    halfway, due = _wanting_half_time(now), _wanting_due(now)
    return _each(halfway, _tell_half_time, now) + _each(due, _tell_due, now)


def escalate() -> int:
    """Tell the leads of a desk of each task that is late: at once when nobody has it, else after
    REVIEW_ESCALATE_HOURS of working time. Returns how many notices were new."""
    plan_reminders()
    now = timezone.now()
    return _each(_wanting_escalation(now), _tell_leads, now)


def plan_reminders(limit: int = BATCH) -> int:
    """Work out half time and escalation of open tasks that are new or whose deadline was moved, by the hours
    of their desk. Returns how many."""
    unplanned = ReviewTask.objects.open().filter(half_time_at__isnull=True).order_by("pk")
    desks: dict[int, Desk] = {}
    planned = 0
    for task in unplanned.select_related("desk").only("created_at", "due_at", "desk")[:limit]:
        desk = desks.setdefault(task.desk_id, task.desk)  # its calendar is read once
        # filtered by the deadline that was read: a moved one is planned by the next run
        planned += ReviewTask.objects.filter(pk=task.pk, due_at=task.due_at).update(
            half_time_at=half_time(desk, task.created_at, task.due_at),
            escalate_at=due_after(desk, task.due_at, settings.REVIEW_ESCALATE_HOURS),
        )
    return planned


def _wanting_half_time(now: datetime) -> QuerySet[ReviewTask]:
    return ReviewTask.objects.filter(
        state=states.TAKEN, half_time_told_at__isnull=True, half_time_at__lte=now
    ).order_by("half_time_at")


def _wanting_due(now: datetime) -> QuerySet[ReviewTask]:
    return ReviewTask.objects.filter(state=states.TAKEN, due_told_at__isnull=True, due_at__lte=now).order_by(
        "due_at"
    )


def _wanting_escalation(now: datetime) -> QuerySet[ReviewTask]:
    late = ReviewTask.objects.open().filter(escalated_at__isnull=True, due_at__lte=now)
    over = Coalesce(F("escalate_at"), F("due_at"))
    return late.annotate(over=over).filter(Q(state=states.QUEUED) | Q(over__lte=now)).order_by("due_at")


def _each(tasks: QuerySet[ReviewTask], tell: Callable[[ReviewTask, datetime], int], now: datetime) -> int:
    told = 0
    for task_id in list(tasks.values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            # looked at again under the lock, by the same conditions
            row = tasks.filter(pk=task_id).select_for_update(of=("self",), skip_locked=True)
            task = row.select_related("claim", "desk", "assignee").first()
            told += tell(task, now) if task is not None else 0
    return told


def _tell_half_time(task: ReviewTask, now: datetime) -> int:
    task.half_time_told_at = now
    task.save(update_fields=["half_time_told_at"])
    if task.half_time_at is None or task.due_at <= now or _took_it_after(task, task.half_time_at):
        return 0  # who takes a task sees its deadline; and “due now” says more than half time
    text = _("Half of the time for “%(claim)s” is over. It is due %(when)s.") % {
        "claim": task.claim,
        "when": when(task),
    }
    return _tell(task, [task.assignee_id], NoticeKind.HALF_TIME, text)


def _tell_due(task: ReviewTask, now: datetime) -> int:
    task.due_told_at = now
    task.save(update_fields=["due_told_at"])
    if _took_it_after(task, task.due_at):
        return 0
    return _tell(
        task, [task.assignee_id], NoticeKind.DUE, _("“%(claim)s” is due now.") % {"claim": task.claim}
    )


def _tell_leads(task: ReviewTask, now: datetime) -> int:
    task.escalated_at = now
    task.save(update_fields=["escalated_at"])
    holder = (
        _("%(assignee)s has it") % {"assignee": task.assignee}
        if task.state == states.TAKEN
        else "nobody has it"
    )
    text = _("“%(claim)s” is late at the %(name)s desk: it was due %(when)s, and %(holder)s.") % {
        "claim": task.claim,
        "name": task.desk.name,
        "when": when(task),
        "holder": holder,
    }
    return _tell(task, leads_to_tell(task, now), NoticeKind.ESCALATED, text)


def _took_it_after(task: ReviewTask, moment: datetime) -> bool:
    return task.taken_at is not None and task.taken_at > moment


def _tell(task: ReviewTask, people: list[int] | list[int | None], kind: str, text: str) -> int:
    key = f"{task_key(task)}:{task.due_at:%Y%m%dT%H%M%S}"
    told = notify(people, kind, text=text, claim=task.claim_id, key=key, task=task)
    if told:
        audit.record(
            "notification.sent", by=audit.SYSTEM, subject=task, details={"kind": str(kind), "people": told}
        )
    return told


def leads_to_tell(task: ReviewTask, now: datetime) -> list[int]:
    """The leads of its desk, without the one who has the task."""
    return leads_of(task.desk, now, but=task.assignee_id)


def leads_of(desk: Desk, now: datetime, *, but: int | None = None) -> list[int]:
    """The desk's leads ``but`` one, without those on leave while another is there; at a desk without leads
    the moderators: what is late is somebody's concern."""
    here = Membership.objects.filter(desk=desk, role=Role.LEAD, user__is_active=True)
    leads = set(here.values_list("user_id", flat=True))
    today = now.astimezone(ZoneInfo(desk.time_zone)).date()
    away = set(Leave.objects.on(today).filter(user__in=leads).values_list("user_id", flat=True))
    for those in (leads - away - {but}, leads - {but}):
        if those:
            return sorted(those)
    return moderators()


def moderators() -> list[int]:
    everywhere = Q(is_superuser=True) | Q(memberships__role=Role.MODERATOR)
    return sorted(User.objects.filter(everywhere, is_active=True).values_list("pk", flat=True).distinct())


def when(task: ReviewTask) -> str:
    """The deadline by the desk's clock."""
    zone = task.desk.time_zone
    local = timezone.localtime(task.due_at, ZoneInfo(zone))
    return f"on {date_format(local, 'l j F')} at {date_format(local, 'H:i')} ({zone})"
