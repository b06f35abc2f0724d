"""The right of reply: who was asked, by which way, until when, and what came of it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.models import Claim
from claimtracker.kernel.at_rest.fields import EncryptedCharField, EncryptedTextField
from claimtracker.kernel.at_rest.triggers import kept_words
from claimtracker.kernel.triggers import append_only, legal_transitions

from .. import states


class Channel(models.TextChoices):
    EMAIL = "email", _("E-mail")
    PHONE = "phone", _("Telephone")
    LETTER = "letter", _("Letter")
    SOCIAL = "social", _("Social network")
    IN_PERSON = "in_person", _("In person")
    PAGE = "page", _("Reply page")
    OTHER = "other", _("Another way")


class ReplyRequestQuerySet(models.QuerySet["ReplyRequest"]):
    def open(self) -> ReplyRequestQuerySet:
        return self.filter(state=states.ASKED)

    def run_out(self) -> ReplyRequestQuerySet:
        """Nobody answered, and the deadline is over."""
        return self.open().filter(deadline__lte=timezone.now())


class ReplyRequest(models.Model):
    """Somebody was asked for a reply, with a page of their own. The page's token is kept as its SHA-256 only;
    it serves one reply to one request, until ``expires_at`` (a late reply is still heard)."""

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="reply_requests")
    state = models.CharField(
        max_length=10, choices=[(s, s) for s in states.REPLY_REQUEST.states], default=states.ASKED
    )
    token_sha256 = models.CharField(max_length=64, unique=True, editable=False)
    person = EncryptedCharField(max_length=200)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    question = EncryptedTextField()
    deadline = models.DateTimeField()
    expires_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = ReplyRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["claim"],
                condition=models.Q(state=states.ASKED),
                name="one_open_reply_request_per_claim",
            ),
            models.CheckConstraint(
                condition=models.Q(expires_at__gte=models.F("deadline")),
                name="a_reply_page_lasts_to_its_deadline",
            ),
            models.CheckConstraint(
                condition=models.Q(state=states.ASKED, closed_at__isnull=True)
                | ~models.Q(state=states.ASKED) & models.Q(closed_at__isnull=False),
                name="a_closed_reply_request_says_when",
            ),
        ]
        indexes = [
            # deadlines that are over
            models.Index(fields=["deadline"], condition=models.Q(state="asked"), name="reply_request_due")
        ]
        triggers = legal_transitions(states.REPLY_REQUEST, name="replyrequest")

    def __str__(self) -> str:
        return f"Reply asked of {self.person} on claim {self.claim_id}"


class Reply(models.Model):
    """What the person said, in their words, which nobody changes. Shown to readers once an editor says so.

    ``entered_by`` is who wrote it down where it did not come by the page of a ``request``.
    """

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="replies")
    request = models.OneToOneField(
        ReplyRequest, null=True, blank=True, on_delete=models.PROTECT, related_name="reply"
    )
    state = models.CharField(
        max_length=10, choices=[(s, s) for s in states.REPLY.states], default=states.RECEIVED
    )
    name = EncryptedCharField(max_length=200)
    role = EncryptedCharField(max_length=200, blank=True)
    text = EncryptedTextField()
    channel = models.CharField(max_length=10, choices=Channel.choices, default=Channel.PAGE)
    received_at = models.DateTimeField()
    is_late = models.BooleanField(default=False)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_because = EncryptedCharField(max_length=500, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "replies"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(request__isnull=False, entered_by__isnull=True)
                | models.Q(request__isnull=True, entered_by__isnull=False),
                name="a_reply_came_by_its_page_or_was_written_down",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=states.SET_ASIDE_REPLY) | ~models.Q(decided_because=""),
                name="a_reply_set_aside_says_why",
            ),
            models.CheckConstraint(
                condition=models.Q(state=states.RECEIVED)
                | models.Q(decided_by__isnull=False, decided_at__isnull=False),
                name="a_decided_reply_says_by_whom",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True)
                | models.Q(entered_by__isnull=True)
                | ~models.Q(decided_by=models.F("entered_by")),
                name="nobody_decides_on_a_reply_they_wrote_down",
            ),
        ]
        triggers = [
            *legal_transitions(states.REPLY, name="reply"),
            kept_words(
                name="reply_keeps_its_words", encrypted=["text", "name", "role"], plain=["received_at"]
            ),
        ]

    def __str__(self) -> str:
        return f"Reply of {self.name} on claim {self.claim_id}"


class ContactQuerySet(models.QuerySet["Contact"]):
    def of(self, claim: Any) -> ContactQuerySet:
        return self.filter(claim=claim).select_related("by").order_by("-at", "-id")


class Contact(models.Model):
    """One line of a claim's contact log: when, by which way, and what came of it. ``by`` is None for what
    came by itself: a reply by the page, a deadline that passed."""

    append_only = True

    class Outcome(models.TextChoices):
        ASKED = "asked", _("Asked")
        REPLIED = "replied", _("Replied")
        NO_REPLY = "no_reply", _("No reply")
        NOT_CONTACTED = "not_contacted", _("Not contacted")
        WITHDRAWN = "withdrawn", _("Request withdrawn")

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="contacts")
    request = models.ForeignKey(
        ReplyRequest, null=True, blank=True, on_delete=models.PROTECT, related_name="contacts"
    )
    at = models.DateTimeField()
    channel = models.CharField(max_length=10, choices=Channel.choices)
    outcome = models.CharField(max_length=15, choices=Outcome.choices)
    note = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = ContactQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(outcome__in=["not_contacted", "withdrawn"]) | ~models.Q(note=""),
                name="nobody_is_passed_over_without_a_reason",
            ),
            models.UniqueConstraint(
                fields=["request"],
                condition=models.Q(outcome="no_reply"),
                name="no_reply_is_recorded_once_per_request",
            ),
        ]
        triggers = append_only(name="contact")

    def __str__(self) -> str:
        return f"{self.get_outcome_display()} on claim {self.claim_id}"
