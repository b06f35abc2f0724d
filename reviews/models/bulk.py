"""What one person did to several tasks at once, and what it takes to undo it."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .review_task import ReviewTask

UNDO_WITHIN = timedelta(seconds=10)
BROKEN_OFF = timedelta(seconds=15)  # without a further task: whoever did it is gone
UNDO_BROKEN_WITHIN = timedelta(minutes=10)  # nobody was shown what was done
UNDER_WAY = timedelta(seconds=3)  # a click in the last moment is not refused for a slow line


class BulkVerb(models.TextChoices):
    TAKE = "take", _("Take")
    GIVE_BACK = "give_back", _("Give back")
    GIVE = "give", _("Give to somebody")
    DEADLINE = "deadline", _("Move the deadline")
    PRIORITY = "priority", _("Set the priority")
    DISMISS = "dismiss", _("Dismiss")


class BulkChangeQuerySet(models.QuerySet["BulkChange"]):
    def broken_off(self) -> BulkChangeQuerySet:
        """Those that can still be undone and of which nobody was told."""
        now = timezone.now()
        since = (now - UNDO_BROKEN_WITHIN, now - BROKEN_OFF)
        return self.filter(finished_at__isnull=True, reached_at__range=since)


class BulkChange(models.Model):
    """One click on several tasks. ``key`` is made of the form's own and of what was asked, so that a form
    that is sent twice does it once. Each task was changed, or refused, in a transaction of its own: see
    ``items``. ``reached_at`` moves with each of them, so that one whose process was lost is known by it, and
    what it did can be undone."""

    key = models.UUIDField(default=uuid.uuid4)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    verb = models.CharField(max_length=10, choices=BulkVerb.choices)
    asked = models.PositiveSmallIntegerField(default=0, db_default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    reached_at = models.DateTimeField(default=timezone.now, db_default=Now())
    finished_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = BulkChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["by"], condition=models.Q(finished_at__isnull=True), name="bulk_unfinished")
        ]
        constraints = [
            models.UniqueConstraint(fields=["by", "key"], name="a_form_changes_tasks_once"),
            models.CheckConstraint(
                condition=models.Q(verb__in=BulkVerb.values), name="a_bulk_change_is_of_a_known_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(undone_at__isnull=True) | models.Q(finished_at__isnull=False),
                name="only_what_is_finished_is_undone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_verb_display()}, {self.by}"

    def is_broken_off(self) -> bool:
        """Was whoever did it lost before the last task?"""
        return self.finished_at is None and timezone.now() - self.reached_at > BROKEN_OFF

    def undo_until(self) -> Any:
        if self.finished_at:
            return self.finished_at + UNDO_WITHIN
        return self.reached_at + UNDO_BROKEN_WITHIN if self.is_broken_off() else None

    def can_still_be_undone(self) -> bool:
        """By the clock. What became of each task meanwhile is asked task by task."""
        until = self.undo_until()
        return until is not None and self.undone_at is None and timezone.now() <= until + UNDER_WAY


class BulkItem(models.Model):
    """One task of it: changed, or refused with the sentence why. ``before`` and ``after`` hold what the undo
    needs; ``kept_because`` says why it was not undone."""

    change = models.ForeignKey(BulkChange, on_delete=models.CASCADE, related_name="items")
    task = models.ForeignKey(ReviewTask, on_delete=models.CASCADE, related_name="+")
    refusal = models.CharField(max_length=500, blank=True)
    before: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict, blank=True)
    after: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    kept_because = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["change", "task"], name="a_bulk_change_has_each_task_once"),
            models.CheckConstraint(
                condition=models.Q(undone_at__isnull=True) | models.Q(refusal="", kept_because=""),
                name="what_was_refused_or_kept_is_not_undone",
            ),
        ]

    def __str__(self) -> str:
        return f"task {self.task_id} of {self.change_id}"
