"""Readers' complaints about published checks: what was said, by when we answer, and what came of it."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from claims.models import Claim
from claimtracker.kernel.triggers import legal_transitions

from .. import states
from .publication import Publication
from .review_task import ReviewTask

AS_RECEIVED = ("claim_id", "publication_id", "reference", "kind", "received_at")
NOT_BY_WHO_FOUND_IT = (
    "IF EXISTS (SELECT 1 FROM reviews_publication p WHERE p.id = NEW.publication_id "
    "AND p.proposed_by_id = NEW.decided_by_id) THEN "
    "RAISE EXCEPTION 'nobody decides on a complaint about their own finding' "
    "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;"
)


class ComplaintQuerySet(models.QuerySet["Complaint"]):
    def open(self) -> ComplaintQuerySet:
        """Those that a desk owes an answer."""
        return self.filter(state=states.RECEIVED)

    def held(self) -> ComplaintQuerySet:
        """Those in the folder of what looks like spam."""
        return self.filter(state=states.HELD_COMPLAINT)


class Complaint(models.Model):
    """Somebody says that a published check is wrong. ``publication`` is the version that they read;
    ``due_at`` when they are owed an answer, of which leads are reminded at ``half_time_at``; ``answer`` what
    they, and anybody with the page's address, read.

    What they wrote and who they are stands in :class:`ComplaintWords`, which can be erased; nothing personal
    is in this row. The page's token is kept as its SHA-256 only.
    """

    class Kind(models.TextChoices):
        WRONG = "wrong", _("A fact in it is wrong")
        MISSING = "missing", _("Something important is missing")
        MISQUOTED = "misquoted", _("Somebody is misquoted, or is not who said it")
        UNFAIR = "unfair", _("It is unfair or partial")
        OTHER = "other", _("Something else")

    class Channel(models.TextChoices):
        PAGE = "page", _("Form on our site")
        EMAIL = "email", _("E-mail")
        LETTER = "letter", _("Letter")
        PHONE = "phone", _("Telephone")
        OTHER = "other", _("Another way")

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="complaints")
    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="complaints")
    state = models.CharField(
        max_length=10, choices=[(s, s) for s in states.COMPLAINT.states], default=states.RECEIVED
    )
    reference = models.CharField(max_length=12, unique=True)
    token_sha256 = models.CharField(max_length=64, unique=True, editable=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    channel = models.CharField(max_length=10, choices=Channel.choices, default=Channel.PAGE)
    received_at = models.DateTimeField()
    due_at = models.DateTimeField()
    half_time_at = models.DateTimeField(null=True, blank=True)
    half_time_told_at = models.DateTimeField(null=True, blank=True)
    late_told_at = models.DateTimeField(null=True, blank=True)
    spam_points = models.PositiveSmallIntegerField(default=0, db_default=0)
    spam_reasons = models.JSONField(default=list, blank=True, db_default=[])
    answer = models.TextField(blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    recheck = models.ForeignKey(
        ReviewTask, null=True, blank=True, on_delete=models.PROTECT, related_name="complaints"
    )

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    state__in=states.UNANSWERED_COMPLAINT,
                    decided_by__isnull=True,
                    decided_at__isnull=True,
                    answer="",
                )
                | ~models.Q(state__in=states.UNANSWERED_COMPLAINT)
                & models.Q(decided_by__isnull=False, decided_at__isnull=False)
                & ~models.Q(answer=""),
                name="a_decided_complaint_is_answered",
            ),
            models.CheckConstraint(
                condition=models.Q(recheck__isnull=True) | models.Q(state=states.UPHELD),
                name="only_an_upheld_complaint_opens_a_recheck",
            ),
        ]
        indexes = [
            models.Index(fields=["claim", "-id"], name="complaint_of_claim"),
            # which answers are owed, the most urgent first
            models.Index(fields=["due_at"], condition=models.Q(state="received"), name="complaint_due"),
        ]
        triggers = [
            *legal_transitions(states.COMPLAINT, name="complaint"),
            pgtrigger.Protect(
                name="complaint_stays_as_received",
                operation=pgtrigger.UpdateOf(*AS_RECEIVED),
            ),
            pgtrigger.Protect(name="complaint_is_kept", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="complaint_not_decided_by_who_found_it",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("decided_by_id"),
                condition=pgtrigger.Condition("NEW.decided_by_id IS NOT NULL"),
                func=NOT_BY_WHO_FOUND_IT,
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class ComplaintWords(models.Model):
    """What a complaint says and who says it: personal, so that it can be erased and the complaint stays
    (docs/adr/0002-erasable-ledger.md). Until then nobody changes it."""

    complaint = models.OneToOneField(Complaint, on_delete=models.CASCADE, related_name="words")
    text = models.TextField()
    name = models.CharField(max_length=200, blank=True)
    email = models.EmailField(max_length=254, blank=True)
    # keyed digests: by the one a sender is known again and blocked, by the other the same words
    sender = models.CharField(max_length=64, blank=True, editable=False, db_default="")
    text_digest = models.CharField(max_length=64, blank=True, editable=False, db_default="")

    class Meta:
        verbose_name_plural = "complaint words"
        indexes = [
            # how much came from one place
            models.Index(fields=["sender", "-complaint"], name="complaint_words_by_sender"),
            # whether the same words came before
            models.Index(fields=["text_digest", "-complaint"], name="complaint_words_by_text"),
        ]
        triggers = [pgtrigger.Protect(name="complaint_keeps_its_words", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"Words of complaint {self.complaint_id}"
