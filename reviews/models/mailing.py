"""E-mail to people: the row is the truth of what was sent."""

from __future__ import annotations

import uuid
import zoneinfo

from django.conf import settings
from django.db import models

from claimtracker.kernel.triggers import legal_transitions

from .. import states
from .notification import EmailWish, notice_kinds

MORNING = 8


def time_zones() -> list[tuple[str, str]]:
    """A callable, so that a new time zone is no migration."""
    names = sorted(name for name in zoneinfo.available_timezones() if "/" in name and name[:3] != "Etc")
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in names)]


class MailTimes(models.Model):
    """When a person's collected mail comes, in their own time zone; without a row, at eight, weekly on
    Monday, in the newsroom's."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mail_times")
    time_zone = models.CharField(max_length=60, choices=time_zones)
    hour = models.PositiveSmallIntegerField(default=MORNING)
    weekday = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name_plural = "mail times"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(hour__lte=23, weekday__lte=6), name="mail_times_are_in_a_week"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.hour}:00 {self.time_zone}"


class MailingQuerySet(models.QuerySet["Mailing"]):
    def unclear(self) -> MailingQuerySet:
        """Those of which nobody knows whether they arrived, and those that could not be sent."""
        return self.filter(state__in=(states.UNKNOWN, states.FAILED))


class Mailing(models.Model):
    """One e-mail. ``cadence`` and ``slot`` name it (``daily``, ``2026-11-26``; at once: the notice), so that
    there is one for each person; ``kind`` is set when all its notices are of one.

    ``handing_over`` is written before the words go to the mail server. A row that a killed worker left there
    becomes ``unknown`` and is never sent again by itself (docs/operations.md, "Mail").
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mailings")
    cadence = models.CharField(max_length=10, choices=EmailWish.choices)
    slot = models.CharField(max_length=40)
    kind = models.CharField(max_length=30, choices=notice_kinds, blank=True)
    state = models.CharField(
        max_length=12, choices=[(s, s) for s in states.MAILING.states], default=states.QUEUED
    )
    tries = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = MailingQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "cadence", "slot"], name="one_mailing_per_person_and_slot"
            ),
            models.CheckConstraint(
                condition=models.Q(cadence__in=("at_once", "daily", "weekly")), name="a_mailing_has_a_cadence"
            ),
            models.CheckConstraint(
                condition=~models.Q(state=states.SENT) | models.Q(sent_at__isnull=False),
                name="a_sent_mailing_says_when",
            ),
        ]
        indexes = [
            models.Index(
                fields=["-id"], condition=models.Q(state__in=("unknown", "failed")), name="mailing_unclear"
            )
        ]
        triggers = legal_transitions(states.MAILING, name="mailing")

    def __str__(self) -> str:
        return f"{self.cadence} mail {self.pk} ({self.state})"
