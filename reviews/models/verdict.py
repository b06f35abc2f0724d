"""Our finding on a claim, proposed by one person and approved by another."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models

from claims.models import Claim
from claimtracker.kernel.triggers import legal_transitions

from .. import states
from .rating import Rating


class Verdict(models.Model):
    """``revision`` grows with every submission; an approval names the revision that was read.

    ``summary`` is the one sentence readers see first; ``rationale`` the reasoning from the evidence. One
    that began with what was published of another claim of its family names it as ``carried_from``.
    """

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="verdicts")
    state = models.CharField(
        max_length=10, choices=[(s, s) for s in states.VERDICT.states], default=states.DRAFT
    )
    rating = models.ForeignKey(
        Rating, null=True, blank=True, on_delete=models.PROTECT, related_name="verdicts"
    )
    summary = models.CharField(max_length=300, blank=True)
    rationale = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=0)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="verdicts")
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="approved_verdicts",
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
        ]
        indexes = [
            # what waits to be published
            models.Index(
                fields=["claim"], condition=models.Q(state=states.APPROVED), name="verdict_approved"
            ),
        ]
        triggers = [
            *legal_transitions(states.VERDICT, name="verdict"),
            # an approval is of exactly these words: nothing of an approved verdict changes any more
            pgtrigger.Protect(
                name="verdict_is_final",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state=states.APPROVED),
            ),
        ]

    def __str__(self) -> str:
        return f"Verdict {self.pk} on claim {self.claim_id} ({self.state})"
