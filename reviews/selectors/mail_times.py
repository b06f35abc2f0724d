"""When a person's collected mail is due, by the clock on their wall."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from ..models import EmailWish, MailTimes
from ..models.mailing import MORNING


@dataclass(frozen=True, slots=True)
class Slot:
    """``name`` is the day, in the person's time zone."""

    name: str
    at: datetime


def last_slot(times: MailTimes | None, cadence: str, *, now: datetime) -> Slot:
    """The latest moment up to ``now`` at which the daily or weekly mail of this person was due."""
    zone = ZoneInfo(times.time_zone if times else settings.TIME_ZONE)
    hour = times.hour if times else MORNING
    day = now.astimezone(zone).date()
    if _at(day, hour, zone) > now:
        day -= timedelta(days=1)
    if cadence == EmailWish.WEEKLY:
        day -= timedelta(days=(day.weekday() - (times.weekday if times else 0)) % 7)
    return Slot(day.isoformat(), _at(day, hour, zone))


def _at(day: date, hour: int, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=zone)
