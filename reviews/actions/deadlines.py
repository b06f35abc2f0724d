"""Reminders and escalation, each exactly once: the notification's unique constraint decides, not the
clock."""

from __future__ import annotations

from django.db import transaction
from django.db.models import DateTimeField, ExpressionWrapper, F, QuerySet
from django.utils import timezone

from claimtracker.accounts.models import Membership, Role
from claimtracker.ledger import audit

from .. import states
from ..models import Notification, ReviewTask
from .notifying import notify, task_key

BATCH = 500


def remind() -> int:
    """Tell assignees at half time and when due. Returns how many notices were new."""
    now = timezone.now()
    taken = ReviewTask.objects.filter(state=states.TAKEN, assignee__isnull=False)
    half_time = ExpressionWrapper(
        F("created_at") + (F("due_at") - F("created_at")) / 2, output_field=DateTimeField()
    )
    halfway = taken.annotate(half_time=half_time).filter(half_time__lte=now, due_at__gt=now)
    due = taken.filter(due_at__lte=now)
    return _notify_assignees(
        halfway, Notification.Kind.HALF_TIME, "Half of the time for “{claim}” is over."
    ) + (_notify_assignees(due, Notification.Kind.DUE, "“{claim}” is due now."))


def escalate() -> int:
    """Tell the leads of a desk about each open task that is late. Returns how many notices were new."""
    late = _without_notice(ReviewTask.objects.overdue(), Notification.Kind.ESCALATED).select_related("claim")[
        :BATCH
    ]
    notices = 0
    for task in late:
        leads = Membership.objects.filter(desk=task.desk_id, role=Role.LEAD).select_related("user")
        notices += sum(
            _notify(task, membership.user_id, Notification.Kind.ESCALATED, f"“{task.claim}” is late.")
            for membership in leads
        )
    return notices


def _without_notice(tasks: QuerySet[ReviewTask], kind: str) -> QuerySet[ReviewTask]:
    told = Notification.objects.filter(kind=kind).values("review_task_id")
    return tasks.exclude(pk__in=told)


def _notify_assignees(tasks: QuerySet[ReviewTask], kind: str, sentence: str) -> int:
    untold = _without_notice(tasks, kind).select_related("claim")[:BATCH]
    return sum(_notify(task, task.assignee_id, kind, sentence.format(claim=task.claim)) for task in untold)


@transaction.atomic
def _notify(task: ReviewTask, user_id: int | None, kind: str, text: str) -> int:
    told = notify([user_id], kind, text=text, claim=task.claim_id, key=task_key(task), task=task)
    if told:
        audit.record("notification.sent", by=audit.SYSTEM, subject=task, details={"kind": kind})
    return told
