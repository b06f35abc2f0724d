"""The clock of complaints: leads hear past half of it, leads and moderators when it is over; each once.

The complaint's row decides, as a task's does in deadlines: it is locked, looked at again and marked in the
transaction that writes the notices.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from claimtracker.ledger import audit

from ..models import Complaint, NoticeKind
from ..working_time import half_time
from .deadlines import leads_of, moderators
from .notifying import notify

BATCH = 200


def watch_complaints() -> int:
    """Tell who has to know of complaints that nobody answered. Returns how many notices were new; safe to run
    twice, and side by side."""
    _plan()
    now = timezone.now()
    return _each(_wanting_half_time(now), _tell_half_time, now) + _each(_wanting_late(now), _tell_late, now)


def _plan() -> None:
    """Work out the half time of complaints from before it was noted."""
    unplanned = Complaint.objects.open().filter(half_time_at__isnull=True).select_related("claim__desk")
    for row in unplanned.order_by("due_at")[:BATCH]:
        at = half_time(row.claim.desk, row.received_at, row.due_at)
        Complaint.objects.filter(pk=row.pk, half_time_at__isnull=True).update(half_time_at=at)


def _wanting_half_time(now: datetime) -> QuerySet[Complaint]:
    return Complaint.objects.open().filter(half_time_at__lte=now, half_time_told_at__isnull=True)


def _wanting_late(now: datetime) -> QuerySet[Complaint]:
    return Complaint.objects.open().filter(due_at__lte=now, late_told_at__isnull=True)


def _each(rows: QuerySet[Complaint], tell: Callable[[Complaint, datetime], int], now: datetime) -> int:
    told = 0
    for pk in list(rows.order_by("due_at").values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            # looked at again under the lock, by the same conditions
            found = rows.filter(pk=pk).select_for_update(of=("self",), skip_locked=True)
            complaint = found.select_related("claim__desk").first()
            told += tell(complaint, now) if complaint is not None else 0
    return told


def _tell_half_time(complaint: Complaint, now: datetime) -> int:
    complaint.half_time_told_at = now
    complaint.save(update_fields=["half_time_told_at"])
    if complaint.due_at <= now:
        return 0  # that it is late says more
    text = _(
        "Half of the time for a reader's complaint about “%(claim)s” (%(reference)s) is over. An answer is "
        "owed by %(day)s."
    )
    return _tell(complaint, leads_of(complaint.claim.desk, now), "half", text)


def _tell_late(complaint: Complaint, now: datetime) -> int:
    complaint.late_told_at = now
    complaint.save(update_fields=["late_told_at"])
    text = _(
        "A reader's complaint about “%(claim)s” (%(reference)s) is not answered: that was owed by %(day)s."
    )
    return _tell(complaint, sorted({*leads_of(complaint.claim.desk, now), *moderators()}), "late", text)


def _tell(complaint: Complaint, people: list[int], moment: str, text: str) -> int:
    day = date_format(timezone.localtime(complaint.due_at), "j F")
    told = notify(
        people,
        NoticeKind.COMPLAINT,
        text=text % {"claim": complaint.claim, "reference": complaint.reference, "day": day},
        claim=complaint.claim,
        key=f"complaint:{complaint.pk}:{moment}",
    )
    if told:
        details = {"complaint": complaint.pk, "moment": moment, "people": told}
        audit.record("complaint.escalated", by=audit.SYSTEM, subject=complaint.claim, details=details)
    return told
