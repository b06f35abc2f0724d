"""What readers suggest that we check: each message by itself, joined to the request that it asks for."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models

from claimtracker.kernel.triggers import legal_transitions

from .. import states
from .check_request import CheckRequest


class SuggestionQuerySet(models.QuerySet["Suggestion"]):
    def held(self) -> SuggestionQuerySet:
        """Those in the folder of what looks like spam."""
        return self.filter(state=states.HELD_SUGGESTION)


class Suggestion(models.Model):
    """A reader asks for a check. What it asks for is ``request``, which others may ask for as well: what
    becomes of that is what becomes of this. One whose spam score is high waits without one until a moderator
    has looked; ``reason`` is what its writer reads where they took it for none.

    What was written, and who wrote it, stands in :class:`SuggestionWords`, which can be erased; nothing
    personal is in this row. The page's token is kept as its SHA-256 only.
    """

    state = models.CharField(max_length=10, choices=[(s, s) for s in states.SUGGESTION.states])
    request = models.ForeignKey(
        CheckRequest, null=True, blank=True, on_delete=models.PROTECT, related_name="suggestions"
    )
    reference = models.CharField(max_length=12, unique=True)
    token_sha256 = models.CharField(max_length=64, unique=True, editable=False)
    received_at = models.DateTimeField()
    spam_points = models.PositiveSmallIntegerField(default=0)
    spam_reasons = models.JSONField(default=list, blank=True)
    reason = models.TextField(blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state=states.JOINED_SUGGESTION, request__isnull=False)
                | ~models.Q(state=states.JOINED_SUGGESTION) & models.Q(request__isnull=True),
                name="a_suggestion_that_counts_asks_for_something",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=states.REFUSED_SUGGESTION) | ~models.Q(reason=""),
                name="a_refused_suggestion_says_why",
            ),
            models.CheckConstraint(
                condition=models.Q(spam_points__lte=100), name="spam_points_of_a_suggestion_end_at_100"
            ),
        ]
        indexes = [
            # moderators: the folder
            models.Index(fields=["-id"], condition=models.Q(state="held"), name="suggestion_held"),
            # whose words are to be forgotten
            models.Index(
                fields=["decided_at"], condition=models.Q(state="refused"), name="suggestion_by_end"
            ),
        ]
        triggers = [
            *legal_transitions(states.SUGGESTION, name="suggestion"),
            pgtrigger.Protect(
                name="suggestion_stays_as_received",
                operation=pgtrigger.UpdateOf("reference", "token_sha256", "received_at"),
            ),
            pgtrigger.Protect(name="suggestion_is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.reference


class SuggestionWords(models.Model):
    """What a suggestion says and who says it: personal, so that it can be erased and the suggestion stays
    (docs/adr/0002-erasable-ledger.md). Until then nobody changes it. ``sender`` and ``email_digest`` are
    keyed digests, by which a sender is known again and blocked; ``text_digest`` knows the same words."""

    suggestion = models.OneToOneField(Suggestion, on_delete=models.CASCADE, related_name="words")
    text = models.TextField()
    said_by = models.CharField(max_length=300, blank=True)
    said_where = models.CharField(max_length=500, blank=True)
    said_on = models.DateField(null=True, blank=True)
    url = models.URLField(max_length=2000, blank=True)
    why = models.TextField(blank=True)
    name = models.CharField(max_length=200, blank=True)
    email = models.EmailField(max_length=254, blank=True)
    sender = models.CharField(max_length=64, blank=True, editable=False)
    email_digest = models.CharField(max_length=64, blank=True, editable=False)
    text_digest = models.CharField(max_length=64, editable=False)

    class Meta:
        verbose_name_plural = "suggestion words"
        indexes = [
            # how much came from one place, and whether the same words did
            models.Index(fields=["sender", "-suggestion"], name="suggestion_words_by_sender"),
        ]
        triggers = [pgtrigger.Protect(name="suggestion_keeps_its_words", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"Words of suggestion {self.suggestion_id}"
