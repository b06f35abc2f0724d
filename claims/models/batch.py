"""Many articles that a sender gave us at once, and what came of each."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from claimtracker.accounts.models import Desk
from claimtracker.kernel.triggers import legal_transitions
from claimtracker.ledger.models import AuditActor

from .. import states
from .article import Article, ArticleFetch
from .sandbox import OutsideSandbox, sandbox_field
from .stored_json import is_json


class Batch(models.Model):
    """What came in with one request. A job works its items off; ``finished_at`` is when none was left.

    ``origin``, ``actor``, ``desk``, ``held`` and ``is_sandbox`` are the sender's, for every article of it.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    origin = models.CharField(max_length=80)
    actor = models.ForeignKey(AuditActor, on_delete=models.PROTECT, related_name="batches")
    desk = models.ForeignKey(Desk, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    held = models.BooleanField(default=False)
    is_sandbox = sandbox_field()
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = OutsideSandbox()
    everything: models.Manager[Batch] = models.Manager()

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "batches"
        indexes = [
            # a sender's batches, newest first
            models.Index(fields=["origin", "-id"], name="batch_by_origin"),
            # the purge: what was finished long ago
            models.Index(
                fields=["finished_at"], condition=models.Q(finished_at__isnull=False), name="batch_by_age"
            ),
        ]

    def __str__(self) -> str:
        return f"batch {self.public_id} of {self.origin}"


class BatchItem(models.Model):
    """One article of a batch, at its place in it from 0. ``fields`` are what was sent of it, emptied when it
    is done; ``outcome`` how it came in; ``problem`` what is to be mended:
    ``{"status", "code", "detail", "errors"}``.
    """

    class Outcome(models.TextChoices):
        CREATED = "created", _("a new article")
        UPDATED = "updated", _("here already")
        PENDING = "pending", _("its page is being fetched")
        HELD = "held", _("an update that waits for a moderator")

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="items")
    index = models.PositiveIntegerField()
    fields: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(
        default=dict, blank=True, encoder=DjangoJSONEncoder
    )
    external_id = models.CharField(max_length=500, blank=True)
    state = models.CharField(
        max_length=10, choices=[(s, s) for s in states.BATCH_ITEM.states], default=states.TO_DO
    )
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    article = models.ForeignKey(
        Article, null=True, blank=True, on_delete=models.SET_NULL, related_name="batch_items"
    )
    fetch = models.ForeignKey(
        ArticleFetch, null=True, blank=True, on_delete=models.SET_NULL, related_name="batch_items"
    )
    problem: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["batch_id", "index"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "index"], name="one_item_per_batch_and_index"),
            models.CheckConstraint(
                condition=models.Q(state=states.TO_DO, outcome="", finished_at__isnull=True)
                | models.Q(state=states.TAKEN_IN, finished_at__isnull=False) & ~models.Q(outcome="")
                | models.Q(state=states.REFUSED, outcome="", finished_at__isnull=False),
                name="a_finished_item_says_how_it_ended",
            ),
            models.CheckConstraint(condition=is_json("problem", "object"), name="a_problem_is_an_object"),
        ]
        indexes = [
            # the job: what is left of a batch, in order
            models.Index(
                fields=["batch", "index"], condition=models.Q(state="waiting"), name="batch_item_to_do"
            )
        ]
        triggers = legal_transitions(states.BATCH_ITEM, name="batchitem")

    def __str__(self) -> str:
        return f"item {self.index} of batch {self.batch_id}"
