"""Working hours: nights, weekends, holidays, and the two nights a year that are longer or shorter."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimtracker.kernel.working_time import (
    DAY_MINUTES,
    LOOK_AHEAD_DAYS,
    Calendar,
    add_working_days,
    add_working_hours,
    halfway,
    working_time_between,
)

BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = dict.fromkeys(range(5), ((9 * 60, 17 * 60),))


def berlin(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2026-11-26T10:00", 4, "2026-11-26T14:00"),  # a Thursday
        ("2026-11-26T10:00", 7, "2026-11-26T17:00"),  # to the minute at which the desk closes
        ("2026-11-26T16:00", 2, "2026-11-27T10:00"),  # over a night
        ("2026-11-27T16:00", 2, "2026-11-30T10:00"),  # over a weekend
        ("2026-11-28T03:00", 1, "2026-11-30T10:00"),  # came in while nobody worked
        ("2026-11-26T10:00", 48, "2026-12-04T10:00"),  # six working days
        ("2026-11-26T10:00", 0.5, "2026-11-26T10:30"),
    ],
)
def test_hours_count_only_while_the_desk_works(start, hours, due):
    assert add_working_hours(Calendar(BERLIN, OFFICE), berlin(start), hours) == berlin(due)


def test_a_holiday_is_passed_over():
    calendar = Calendar(BERLIN, OFFICE, frozenset({date(2026, 12, 25)}))  # a Friday
    assert add_working_hours(calendar, berlin("2026-12-24T15:00"), 4) == berlin("2026-12-28T11:00")


def test_the_holiday_is_the_desks_day_not_the_servers():
    auckland = ZoneInfo("Pacific/Auckland")
    calendar = Calendar(auckland, {}, frozenset({date(2026, 12, 25)}))
    start = datetime(2026, 12, 24, 10, 0, tzinfo=UTC)  # 23:00 there
    assert add_working_hours(calendar, start, 2) == datetime(2026, 12, 26, 1, 0, tzinfo=auckland)


def test_a_desk_without_hours_works_round_the_clock():
    start = berlin("2026-11-28T03:00")
    assert add_working_hours(Calendar(BERLIN), start, 48) == start + timedelta(hours=48)


def test_a_midday_break_and_a_shift_over_midnight():
    calendar = Calendar(
        BERLIN, {3: ((9 * 60, 12 * 60), (13 * 60, 17 * 60)), 4: ((22 * 60, DAY_MINUTES),), 5: ((0, 120),)}
    )
    assert add_working_hours(calendar, berlin("2026-11-26T11:00"), 2) == berlin("2026-11-26T14:00")
    assert add_working_hours(calendar, berlin("2026-11-27T23:00"), 2) == berlin("2026-11-28T01:00")


def test_spans_that_overlap_count_once():
    calendar = Calendar(BERLIN, {3: ((9 * 60, 13 * 60), (12 * 60, 15 * 60))})
    assert working_time_between(
        calendar, berlin("2026-11-26T00:00"), berlin("2026-11-27T00:00")
    ) == timedelta(hours=6)


@pytest.mark.parametrize(("night", "length"), [("2026-03-29", 5), ("2026-10-25", 7)])
def test_a_night_when_the_clocks_change_is_as_long_as_it_is(night, length):
    """A shift from midnight to six."""
    calendar = Calendar(BERLIN, {6: ((0, 360),)})
    opens = berlin(f"{night}T00:00")
    closes = berlin(f"{night}T06:00")
    assert working_time_between(calendar, opens, closes) == timedelta(hours=length)
    assert add_working_hours(calendar, opens, length) == closes


def test_half_time_is_half_of_the_working_time():
    calendar = Calendar(BERLIN, OFFICE)
    start, due = berlin("2026-11-27T13:00"), berlin("2026-11-30T13:00")  # 4 hours on Friday, 4 on Monday
    assert halfway(calendar, start, due) == berlin("2026-11-27T17:00")
    assert halfway(calendar, due, start) == due


def test_a_calendar_of_holidays_only_still_ends():
    off = frozenset(date(2026, 1, 1) + timedelta(days=n) for n in range(LOOK_AHEAD_DAYS + 400))
    start = berlin("2026-11-26T10:00")
    assert add_working_hours(Calendar(BERLIN, OFFICE, off), start, 3) == start + timedelta(hours=3)


spans = st.tuples(st.integers(0, DAY_MINUTES - 30), st.integers(30, 600)).map(
    lambda pair: (pair[0], min(pair[0] + pair[1], DAY_MINUTES))
)
calendars = st.builds(
    Calendar,
    st.sampled_from([BERLIN, ZoneInfo("Asia/Kolkata"), ZoneInfo("America/St_Johns"), ZoneInfo("UTC")]),
    st.dictionaries(st.integers(0, 6), st.lists(spans, min_size=1, max_size=3).map(tuple), min_size=1),
    st.frozensets(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=4),
)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - the bounds take no zone
some_minutes = st.integers(1, 1000)  # so that even half an hour a week is enough within the days looked at


@settings(max_examples=60, deadline=None)
@given(calendars, moments, some_minutes, some_minutes)
def test_counting_in_two_steps_is_counting_at_once(calendar, start, first, second):
    at_once = add_working_hours(calendar, start, (first + second) / 60)
    in_two = add_working_hours(calendar, add_working_hours(calendar, start, first / 60), second / 60)
    assert abs(at_once - in_two) < timedelta(seconds=1)


@settings(max_examples=60, deadline=None)
@given(calendars, moments, some_minutes)
def test_between_start_and_deadline_lies_what_was_given(calendar, start, minutes):
    due = add_working_hours(calendar, start, minutes / 60)
    assert due > start
    assert abs(working_time_between(calendar, start, due) - timedelta(minutes=minutes)) < timedelta(seconds=1)
    middle = halfway(calendar, start, due)
    assert start <= middle <= due
    assert abs(working_time_between(calendar, start, middle) * 2 - timedelta(minutes=minutes)) < timedelta(
        seconds=2
    )


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2026-11-27T10:00", 7, "2026-12-08T23:59"),  # a Friday; weekends do not count
        ("2026-11-28T10:00", 1, "2026-11-30T23:59"),  # a Saturday
        ("2026-12-22T10:00", 2, "2026-12-24T23:59"),
    ],
)
def test_working_days_end_with_the_day_and_count_none_off(start, days, due):
    for week in (OFFICE, {}):
        assert add_working_days(Calendar(BERLIN, week), berlin(start), days) == berlin(due)


def test_a_holiday_is_no_working_day_and_no_working_day_at_all_is_not_waited_for():
    christmas = frozenset({berlin("2026-12-25T00:00").date()})
    calendar = Calendar(BERLIN, OFFICE, christmas)
    assert add_working_days(calendar, berlin("2026-12-23T10:00"), 2) == berlin("2026-12-28T23:59")
    assert add_working_days(Calendar(BERLIN, {0: ()}), berlin("2026-12-23T10:00"), 2) == berlin(
        "2026-12-25T23:59"
    )
