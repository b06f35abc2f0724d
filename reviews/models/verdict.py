"""Our finding on a claim, proposed by one person and approved by another."""

from __future__ import annotations

import hashlib

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from claims.models import ArticleVersion, Claim
from claimtracker.kernel.triggers import legal_transitions

from .. import states
from .rating import Rating
from .verdict_triggers import AN_APPROVAL_IS_OF_WHAT_WAS_READ, EVERY_STEP_HAS_ITS_RECORD


class Verdict(models.Model):
    """``revision`` grows with every submission; an approval names the revision that was read.

    ``summary`` is the one sentence readers see first; ``rationale`` the reasoning from the evidence;
    ``what_would_change`` what would change our mind. Until the end of ``valid_until`` it is held to be true.
    ``article_version`` is the text that it is about, the newest when it was submitted. ``edited_by`` approved
    it in words of their own. ``sampling`` says, from the first submission on, whether a blind review was
    asked for, and why. One that began with what was published of another claim of its family names it as
    ``carried_from``.
    """

    class Sampling(models.TextChoices):
        UNDECIDED = "", _("Not submitted yet")
        NOT_CHOSEN = "not_chosen", _("Not chosen for a blind review")
        CHANCE = "chance", _("Chosen by chance")
        TOPIC = "topic", _("Chosen for its topic")

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="verdicts")
    state = models.CharField(
        max_length=10, choices=[(s, s) for s in states.VERDICT.states], default=states.DRAFT
    )
    rating = models.ForeignKey(
        Rating, null=True, blank=True, on_delete=models.PROTECT, related_name="verdicts"
    )
    summary = models.CharField(max_length=300, blank=True)
    rationale = models.TextField(blank=True)
    what_would_change = models.TextField(blank=True)
    valid_until = models.DateField(null=True, blank=True)
    article_version = models.ForeignKey(
        ArticleVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    sampling = models.CharField(
        max_length=10, choices=Sampling.choices, default=Sampling.UNDECIDED, blank=True
    )
    revision = models.PositiveIntegerField(default=0)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="verdicts")
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="approved_verdicts",
    )
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    carried_from = models.ForeignKey(
        "reviews.Publication",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="carried_verdicts",
    )
    return_reason = models.TextField(blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["claim"],
                condition=models.Q(state__in=states.UNDECIDED),
                name="one_undecided_verdict_per_claim",
            ),
            models.CheckConstraint(
                condition=models.Q(approver__isnull=True) | ~models.Q(approver=models.F("author")),
                name="two_people_behind_every_verdict",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=states.APPROVED)
                | models.Q(approver__isnull=False, approved_at__isnull=False),
                name="an_approved_verdict_has_an_approver",
            ),
            models.CheckConstraint(
                condition=models.Q(state=states.DRAFT)
                | models.Q(rating__isnull=False, submitted_at__isnull=False),
                name="a_submitted_verdict_has_a_rating",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=states.RETURNED) | ~models.Q(return_reason=""),
                name="a_returned_verdict_says_why",
            ),
            models.CheckConstraint(
                condition=models.Q(edited_by__isnull=True) | models.Q(edited_by=models.F("approver")),
                name="only_who_approves_edits_what_was_proposed",
            ),
        ]
        indexes = [
            # what waits to be published
            models.Index(
                fields=["claim"], condition=models.Q(state=states.APPROVED), name="verdict_approved"
            ),
            # the API's list of claims: on which of them one was begun since
            models.Index(fields=["created_at"], include=["claim"], name="verdict_by_time"),
        ]
        triggers = [
            *legal_transitions(states.VERDICT, name="verdict"),
            pgtrigger.Trigger(
                name="an_approval_is_of_what_was_read",
                when=pgtrigger.After,  # so that the constraints above speak first
                operation=pgtrigger.UpdateOf("state"),
                condition=pgtrigger.Condition("NEW.state = 'approved'"),
                func=AN_APPROVAL_IS_OF_WHAT_WAS_READ,
            ),
            pgtrigger.Trigger(
                name="every_step_has_its_record",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("state"),
                condition=pgtrigger.Condition("OLD.state IS DISTINCT FROM NEW.state"),
                func=EVERY_STEP_HAS_ITS_RECORD,
            ),
            # an approval is of exactly these words: nothing of an approved verdict changes any more
            pgtrigger.Protect(
                name="verdict_is_final",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state=states.APPROVED),
            ),
        ]

    def __str__(self) -> str:
        return f"Verdict {self.pk} on claim {self.claim_id} ({self.state})"

    @property
    def words_digest(self) -> str:
        """Of what its form shows: two windows that hold the same of it began with the same."""
        rating = self.rating_id and str(self.rating_id)
        until = self.valid_until and self.valid_until.isoformat()
        words = [rating or "", self.summary, self.rationale, self.what_would_change, until or ""]
        return hashlib.sha256("\0".join(words).encode()).hexdigest()[:16]
