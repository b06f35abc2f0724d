"""What one person did to several tasks at once, and what it takes to undo it."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .review_task import ReviewTask

UNDO_WITHIN = timedelta(seconds=10)
UNDER_WAY = timedelta(seconds=3)  # a click in the last moment is not refused for a slow line


class BulkVerb(models.TextChoices):
    TAKE = "take", _("Take")
    GIVE_BACK = "give_back", _("Give back")
    GIVE = "give", _("Give to somebody")
    DEADLINE = "deadline", _("Move the deadline")
    DISMISS = "dismiss", _("Dismiss")


class BulkChange(models.Model):
    """One click on several tasks. ``key`` is made of the form's own and of what was asked, so that a form
    that is sent twice does it once. Each task was changed, or refused, in a transaction of its own: see
    ``items``."""

    key = models.UUIDField(default=uuid.uuid4)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    verb = models.CharField(max_length=10, choices=BulkVerb.choices)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
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

    def undo_until(self) -> Any:
        return self.finished_at + UNDO_WITHIN if self.finished_at else None

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
