"""When a desk works, and when a person does not."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from claimtracker.kernel.working_time import DAY_MINUTES

from .people import Desk, User


class Weekday(models.IntegerChoices):
    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class WorkingHours(models.Model):
    """One span of a desk's week, in minutes since midnight of the desk's time zone. A desk without any works
    round the clock; a shift over midnight is two spans."""

    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="working_hours")
    weekday = models.PositiveSmallIntegerField(choices=Weekday.choices)
    opens = models.PositiveSmallIntegerField()
    closes = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["desk_id", "weekday", "opens"]
        verbose_name_plural = "working hours"
        constraints = [
            models.UniqueConstraint(fields=["desk", "weekday", "opens"], name="a_span_opens_once"),
            models.CheckConstraint(condition=models.Q(weekday__lte=6), name="a_week_has_seven_days"),
            models.CheckConstraint(
                condition=models.Q(closes__gt=models.F("opens"), closes__lte=DAY_MINUTES),
                name="a_span_closes_after_it_opens",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {clock(self.opens)}–{clock(self.closes)}"


class DayOff(models.Model):
    """A day on which a desk does not work: a public holiday, the day after an election."""

    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="days_off")
    day = models.DateField()
    name = models.CharField(max_length=100)

    class Meta:
        ordering = ["desk_id", "day"]
        verbose_name_plural = "days off"
        constraints = [models.UniqueConstraint(fields=["desk", "day"], name="a_day_off_is_listed_once")]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.name}"


class LeaveQuerySet(models.QuerySet["Leave"]):
    def on(self, day: date) -> LeaveQuerySet:
        return self.filter(first_day__lte=day, last_day__gte=day)

    def not_over(self, day: date) -> LeaveQuerySet:
        return self.filter(last_day__gte=day)

    def of(self, user: Any) -> LeaveQuerySet:
        return self.filter(user=user)


class Leave(models.Model):
    """Days on which a person takes no tasks, the first and the last among them. Why is nobody's business."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="leaves")
    first_day = models.DateField()
    last_day = models.DateField()
    created_at = models.DateTimeField(auto_now_add=True)

    objects = LeaveQuerySet.as_manager()

    class Meta:
        ordering = ["first_day", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last_day__gte=models.F("first_day")), name="a_leave_ends_after_it_begins"
            )
        ]
        indexes = [models.Index(fields=["user", "last_day"], name="leave_by_person")]

    def __str__(self) -> str:
        return f"{self.user}: {self.first_day:%Y-%m-%d} to {self.last_day:%Y-%m-%d}"


def clock(minute: int) -> str:
    """Minutes since midnight as a clock shows them; midnight at the end of a day is 24:00."""
    return f"{minute // 60:02d}:{minute % 60:02d}"
