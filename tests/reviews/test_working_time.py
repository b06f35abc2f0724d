"""Deadlines by a desk's own clock."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from claimtracker.accounts.models import DayOff, Leave, WorkingHours
from reviews.working_time import due_after, half_time
from tests import factories

pytestmark = pytest.mark.django_db

ZONE = ZoneInfo("America/New_York")
THURSDAY = datetime(2026, 11, 26, 16, 0, tzinfo=ZONE)


def new_york():
    desk = factories.make_desk(time_zone="America/New_York")
    WorkingHours.objects.bulk_create(
        WorkingHours(desk=desk, weekday=day, opens=9 * 60, closes=17 * 60) for day in range(5)
    )
    return desk


def test_a_deadline_waits_for_the_desk_to_open():
    desk = new_york()
    assert due_after(desk, THURSDAY, 2) == datetime(2026, 11, 27, 10, 0, tzinfo=ZONE)
    DayOff.objects.create(desk=desk, day=date(2026, 11, 27), name="Day after Thanksgiving")
    desk = type(desk).objects.get(pk=desk.pk)
    assert due_after(desk, THURSDAY, 2) == datetime(2026, 11, 30, 10, 0, tzinfo=ZONE)
    assert half_time(desk, THURSDAY, datetime(2026, 11, 30, 10, 0, tzinfo=ZONE)).date() == date(2026, 11, 26)


def test_a_desks_calendar_is_read_once(django_assert_num_queries):
    desk = new_york()
    with django_assert_num_queries(2):
        due_after(desk, THURSDAY, 2)
        due_after(desk, THURSDAY, 20)


def test_a_desk_is_not_given_a_time_zone_that_does_not_exist():
    desk = factories.make_desk()
    desk.time_zone = "Europe/Atlantis"
    with pytest.raises(ValidationError, match="such as Europe/Berlin"):
        desk.full_clean()


@pytest.mark.parametrize(
    ("model", "fields", "constraint"),
    [
        (WorkingHours, {"weekday": 1, "opens": 600, "closes": 600}, "a_span_closes_after_it_opens"),
        (WorkingHours, {"weekday": 1, "opens": 600, "closes": 1441}, "a_span_closes_after_it_opens"),
        (WorkingHours, {"weekday": 7, "opens": 600, "closes": 700}, "a_week_has_seven_days"),
    ],
)
def test_the_database_refuses_hours_that_cannot_be(model, fields, constraint):
    desk = factories.make_desk()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        model.objects.create(desk=desk, **fields)


def test_the_database_refuses_a_leave_that_ends_before_it_begins():
    user = factories.make_user()
    with pytest.raises(IntegrityError, match="a_leave_ends_after_it_begins"), transaction.atomic():
        Leave.objects.create(user=user, first_day=date(2026, 12, 2), last_day=date(2026, 12, 1))
