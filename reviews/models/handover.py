"""Work that somebody gave to somebody else."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from .review_task import ReviewTask


class HandoverQuerySet(models.QuerySet["Handover"]):
    def unanswered(self) -> HandoverQuerySet:
        return self.filter(accepted_at__isnull=True, declined_at__isnull=True)

    def to(self, user: Any) -> HandoverQuerySet:
        return self.filter(receiver=user)


class Handover(models.Model):
    """A task was given to ``receiver`` by ``giver``: by its former holder, or by a lead, who may take it from
    another (``holder``) or from the queue (no holder). Answered by the receiver: accepted, also by working on
    it, or declined with a reason. One that the task outlives (given back, expired, done) is simply past."""

    task = models.ForeignKey(ReviewTask, on_delete=models.CASCADE, related_name="handovers")
    giver = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    receiver = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="handovers")
    note = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    accepted_at = models.DateTimeField(null=True, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)
    decline_reason = models.CharField(max_length=500, blank=True)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(accepted_at__isnull=True) | models.Q(declined_at__isnull=True),
                name="a_handover_is_answered_once",
            ),
            models.CheckConstraint(
                condition=models.Q(declined_at__isnull=True) | ~models.Q(decline_reason=""),
                name="a_declined_handover_says_why",
            ),
            models.CheckConstraint(
                condition=models.Q(holder__isnull=True) | ~models.Q(note=""),
                name="a_handover_from_somebody_says_why",
            ),
            models.CheckConstraint(
                condition=models.Q(holder__isnull=True) | ~models.Q(holder=models.F("receiver")),
                name="nobody_hands_over_to_themselves",
            ),
        ]
        indexes = [models.Index(fields=["task", "-id"], name="handover_by_task")]

    def __str__(self) -> str:
        return f"{self.task_id}: {self.giver} to {self.receiver}"

    @property
    def is_waiting(self) -> bool:
        """Does the receiver have the task and has not said yes or no?"""
        task = self.task
        return (
            self.accepted_at is None
            and self.declined_at is None
            and task.assignee_id == self.receiver_id
            and task.taken_at == self.created_at
        )
