"""Counting working hours: a week's hours at one place, without its holidays. Plain Python."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo

DAY_MINUTES = 24 * 60
SATURDAY = 5
LOOK_AHEAD_DAYS = 1000  # a calendar of holidays only must not be searched for ever

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Calendar:
    """``week`` maps a weekday (0 is Monday) to its spans, in minutes since midnight, by the clock on the
    wall. Without any span the place works round the clock. ``days_off`` are days without work.
    """

    zone: tzinfo
    week: Mapping[int, tuple[Span, ...]] = field(default_factory=dict)
    days_off: frozenset[date] = frozenset()

    def spans_of(self, day: date) -> tuple[Span, ...]:
        """When people work on this day, sorted, none touching another."""
        if day in self.days_off:
            return ()
        return _merged(self.week.get(day.weekday(), ())) if self.week else ((0, DAY_MINUTES),)

    def is_working_day(self, day: date) -> bool:
        return bool(self.spans_of(day))


def add_working_hours(calendar: Calendar, start: datetime, hours: float) -> datetime:
    """The moment at which ``hours`` of working time have passed since ``start``.

    Outside of working time the clock stands still, so that work which comes in on Friday night begins on
    Monday. Summer time counts as it passes: a night of 23 hours is 23. A calendar without working days for
    LOOK_AHEAD_DAYS counts on round the clock, better than never.
    """
    left = timedelta(hours=hours)
    if left <= timedelta(0):
        return start
    if not calendar.week and not calendar.days_off:
        return start + left
    last = start
    for opens, closes in _spans(calendar, start):
        begins = max(opens, start)
        if closes - begins >= left:
            return begins + left
        left -= closes - begins
        last = closes
    return last + left


def add_working_days(calendar: Calendar, start: datetime, days: int) -> datetime:
    """The last minute of the ``days``-th working day after the day of ``start``, so that its date is that
    day's. A place without a week of its own works on weekdays here, as those do who wait for an answer."""
    day = start.astimezone(calendar.zone).date()
    left = days
    for _ in range(LOOK_AHEAD_DAYS):
        if left <= 0:
            break
        day += timedelta(days=1)
        works = calendar.is_working_day(day) and (bool(calendar.week) or day.weekday() < SATURDAY)
        left -= works
    else:
        day = start.astimezone(calendar.zone).date() + timedelta(days=days)
    return _moment(calendar, day, DAY_MINUTES - 1)


def working_time_between(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """How much working time lies between two moments; none when ``end`` is not after ``start``."""
    if not calendar.week and not calendar.days_off:
        return max(end - start, timedelta(0))
    passed = timedelta(0)
    for opens, closes in _spans(calendar, start):
        if opens >= end:
            break
        passed += min(closes, end) - max(opens, start)
    return passed


def halfway(calendar: Calendar, start: datetime, end: datetime) -> datetime:
    """The moment at which half of the working time between two moments is over."""
    half = working_time_between(calendar, start, end) / 2
    return min(add_working_hours(calendar, start, half / timedelta(hours=1)), max(end, start))


def _spans(calendar: Calendar, start: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Working time from ``start`` on, span by span, in UTC; the first may have begun before."""
    first = start.astimezone(calendar.zone).date() - timedelta(days=1)
    for number in range(LOOK_AHEAD_DAYS):
        day = first + timedelta(days=number)
        for opens, closes in calendar.spans_of(day):
            began, ended = _moment(calendar, day, opens), _moment(calendar, day, closes)
            if ended > start and ended > began:
                yield began, ended


def _moment(calendar: Calendar, day: date, minute: int) -> datetime:
    """UTC, because differences between local times ignore a change of the clock that lies between them."""
    days, minute = divmod(minute, DAY_MINUTES)
    clock = time(minute // 60, minute % 60)
    return datetime.combine(day + timedelta(days=days), clock, tzinfo=calendar.zone).astimezone(UTC)


def _merged(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    merged: list[Span] = []
    for opens, closes in sorted(spans):
        if merged and opens <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], closes))
        else:
            merged.append((opens, closes))
    return tuple(merged)
