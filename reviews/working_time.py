"""Deadlines by the hours of a desk: its time zone, its week, its days off."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from claimtracker.accounts.models import Desk
from claimtracker.kernel.working_time import (
    Calendar,
    add_working_days,
    add_working_hours,
    halfway,
    working_time_between,
)


def calendar_of(desk: Desk) -> Calendar:
    """The desk's calendar, read once per desk object (two queries). A desk without hours works round the
    clock."""
    calendar: Calendar | None = desk.__dict__.get("_calendar")
    if calendar is None:
        week: dict[int, tuple[tuple[int, int], ...]] = {}
        for weekday, opens, closes in desk.working_hours.values_list("weekday", "opens", "closes"):
            week[weekday] = (*week.get(weekday, ()), (opens, closes))
        days_off = frozenset(desk.days_off.values_list("day", flat=True))
        calendar = desk.__dict__["_calendar"] = Calendar(ZoneInfo(desk.time_zone), week, days_off)
    return calendar


def due_after(desk: Desk, start: datetime, hours: float) -> datetime:
    """When ``hours`` of the desk's working time have passed since ``start``."""
    return add_working_hours(calendar_of(desk), start, hours)


def due_after_days(desk: Desk, start: datetime, days: int) -> datetime:
    """The end of the desk's ``days``-th working day after the day of ``start``."""
    return add_working_days(calendar_of(desk), start, days)


def half_time(desk: Desk, start: datetime, due_at: datetime) -> datetime:
    """When half of the desk's working time between the two is over."""
    return halfway(calendar_of(desk), start, due_at)


def working_time_left(desk: Desk, now: datetime, due_at: datetime) -> timedelta:
    """The desk's working time from now to the deadline."""
    return working_time_between(calendar_of(desk), now, due_at)
