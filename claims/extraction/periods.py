"""Stretches of the calendar: what "last week" or "in March" means to somebody writing on a given day."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from dataclasses import dataclass
from typing import Literal

Leaning = Literal["past", "future"] | None
_DAY = dt.timedelta(days=1)
_AGAINST = 6  # "voters who left before the 19 April primary" may well mean the one in two weeks
SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "fall": (9, 11), "winter": (12, 2)}


@dataclass(frozen=True, slots=True)
class Period:
    """From `earliest` to `latest`, both included; None is an open or an unknown end."""

    earliest: dt.date | None
    latest: dt.date | None


UNKNOWN = Period(None, None)


def day(year: int, month: int, number: int) -> Period | None:
    """One day, or None where the calendar has no such day."""
    try:
        found = dt.date(year, month, number)
    except ValueError:
        return None
    return Period(found, found)


def days(first: dt.date, last: dt.date) -> Period:
    """Every day from one to the other, in whichever order they come."""
    return Period(min(first, last), max(first, last))


def month(year: int, number: int) -> Period:
    """A whole month; `number` may run past December or before January into the years beside it."""
    year, number = year + (number - 1) // 12, (number - 1) % 12 + 1
    if not 1 <= year <= 9999:
        return UNKNOWN
    return Period(dt.date(year, number, 1), dt.date(year, number, monthrange(year, number)[1]))


def years(first: int, last: int) -> Period:
    """From the first day of one year to the last day of the other."""
    if not 1 <= first <= last <= 9999:
        return UNKNOWN
    return Period(dt.date(first, 1, 1), dt.date(last, 12, 31))


def months(year: int, first: int, last: int) -> Period:
    """Several months; a `last` before the `first` lies in the next year."""
    end = month(year + (last < first), last)
    return Period(month(year, first).earliest, end.latest)


def season(year: int, name: str) -> Period:
    """A season of the northern year; winter begins in December and ends in the year after."""
    return months(year, *SEASONS[name])


def week_of(today: dt.date, ahead: int = 0) -> Period:
    """The Monday to the Sunday of this week, or of one so many weeks ahead."""
    return shifted(today - today.weekday() * _DAY, 7 * ahead, 7 * ahead + 6)


def shifted(today: dt.date, first: int, last: int) -> Period:
    """From so many days after today to so many; negative numbers lie behind."""
    try:
        return days(today + first * _DAY, today + last * _DAY)
    except OverflowError:
        return UNKNOWN


def months_before(today: dt.date, count: int) -> dt.date | None:
    """The same day so many months back (or its month's last day), None before the calendar begins."""
    there = month(today.year, today.month - count) if abs(count) < 120_000 else UNKNOWN
    if there.earliest is None or there.latest is None:
        return None
    return there.latest.replace(day=min(today.day, there.latest.day))


def window(today: dt.date, count: float, unit: str, *, ahead: bool) -> Period:
    """The last (or next) so many days, weeks, months, years, decades or centuries, up to (from) today."""
    if count > 100_000:
        return UNKNOWN
    if unit in ("day", "week", "fortnight"):
        width = round(count * {"day": 1, "week": 7, "fortnight": 14}[unit])
        return shifted(today, 0, width) if ahead else shifted(today, -width, 0)
    width = round(count * {"month": 1, "quarter": 3, "year": 12, "decade": 120, "century": 1200}[unit])
    edge = months_before(today, -width if ahead else width)
    if edge is None:
        return UNKNOWN
    return days(today, edge)


def unit_at(today: dt.date, ahead: int, unit: str) -> Period:
    """The calendar's own day, week, month, quarter, year or decade, so many of them ahead of today's."""
    if abs(ahead) > 9_999:
        return UNKNOWN
    match unit:
        case "day":
            return shifted(today, ahead, ahead)
        case "week":
            return week_of(today, ahead)
        case "fortnight":
            return week_of(today, 2 * ahead)
        case "weekend":
            start = today - today.weekday() * _DAY
            return shifted(start, 7 * ahead + 5, 7 * ahead + 6)
        case "month":
            return month(today.year, today.month + ahead)
        case "quarter":
            first = 3 * ((today.month - 1) // 3) + 1 + 3 * ahead
            return Period(month(today.year, first).earliest, month(today.year, first + 2).latest)
        case "year":
            return years(today.year + ahead, today.year + ahead)
        case "decade":
            return years(today.year + 10 * ahead, today.year + 10 * ahead)
        case "century":
            return years(today.year + 100 * ahead, today.year + 100 * ahead)
    return UNKNOWN


def weekday(today: dt.date, number: int, leaning: Leaning) -> Period:
    """The day of that name on or before today; on or after it where the words lean to the future."""
    behind = (today.weekday() - number) % 7
    return (
        shifted(today, 7 - behind if behind else 0, 7 - behind if behind else 0)
        if (leaning == "future")
        else shifted(today, -behind, -behind)
    )


def nearest(today: dt.date, candidates: list[Period], leaning: Leaning) -> Period:
    """Of the same day or month in several years, the one meant: the nearest on the side leaned to."""
    known = [p for p in candidates if p.earliest is not None and p.latest is not None]
    return min(known, key=lambda p: _strangeness(p, today, leaning), default=UNKNOWN)


def _strangeness(period: Period, today: dt.date, leaning: Leaning) -> int:
    """How far off the period lies; on the side not leaned to, far enough that only what is at hand wins."""
    away = _distance(period, today)
    behind = period.latest is not None and period.latest < today
    return away * _AGAINST if leaning == ("future" if behind else "past") else away


def _distance(period: Period, today: dt.date) -> int:
    if period.earliest is None or period.latest is None:
        return 10**9
    if period.earliest <= today <= period.latest:
        return 0
    return min(abs((period.earliest - today).days), abs((period.latest - today).days))
