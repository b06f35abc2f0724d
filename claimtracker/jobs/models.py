"""A piece of work that must happen. The row is the truth; a Celery message is only a hint to look at it."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from claimtracker.kernel.triggers import legal_transitions

from . import states
from .causes import Cause


class JobQuerySet(models.QuerySet["Job"]):
    def open(self) -> JobQuerySet:
        return self.filter(state__in=states.OPEN)

    def due(self) -> JobQuerySet:
        return self.filter(state=states.QUEUED, due_at__lte=timezone.now())

    def dead(self) -> JobQuerySet:
        return self.filter(state=states.DEAD)


class Job(models.Model):
    """``fence`` grows with every lease: results commit only while it is still the one the worker was given.

    ``rerun`` remembers that the same work was asked for again while it was running. ``cause`` and
    ``last_error`` say why the last attempt that failed did.
    """

    kind = models.CharField(max_length=100)
    object_id = models.CharField(max_length=64)
    state = models.CharField(
        max_length=10, default=states.QUEUED, choices=[(s, s) for s in states.JOB.states]
    )
    due_at = models.DateTimeField(default=timezone.now)
    attempt = models.PositiveIntegerField(default=0)
    fence = models.PositiveBigIntegerField(default=0)
    leased_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    rerun = models.BooleanField(default=False)
    sent_at = models.DateTimeField(null=True, blank=True)
    sends = models.PositiveIntegerField(default=0)
    cause = models.CharField(max_length=20, blank=True, choices=Cause.choices)
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "object_id"],
                condition=models.Q(state__in=states.OPEN),
                name="one_open_job_per_kind_and_object",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=states.RUNNING) | models.Q(lease_until__isnull=False),
                name="a_running_job_has_a_lease",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=states.DEAD) | ~models.Q(cause=""),
                name="a_dead_letter_names_its_cause",
            ),
        ]
        indexes = [
            # the sweep: what is due and not with a worker
            models.Index(fields=["due_at"], condition=models.Q(state=states.QUEUED), name="job_due"),
            # the sweep: whose lease ran out
            models.Index(fields=["lease_until"], condition=models.Q(state=states.RUNNING), name="job_leased"),
            # the admin: dead letters, newest first
            models.Index(fields=["-id"], condition=models.Q(state=states.DEAD), name="job_dead"),
            # "is the work for this object finished?" (progress lines, tests of exactly once)
            models.Index(fields=["kind", "object_id"], name="job_by_object"),
        ]
        triggers = legal_transitions(states.JOB, name="job")

    def __str__(self) -> str:
        return f"{self.kind}({self.object_id}) {self.state}"
