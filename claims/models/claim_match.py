"""Suggestions that a claim was seen before, and what people decided about them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from claimtracker.accounts.access import sees_everything
from claimtracker.kernel.triggers import legal_transitions

from .. import states
from .claim import Claim
from .known_claim import KnownClaim
from .stored_json import is_json


class Grade(models.TextChoices):
    """How sure the method is. A person decides either way."""

    STRONG = "strong", _("very likely the same")
    POSSIBLE = "possible", _("possibly the same")


class ClaimMatchQuerySet(models.QuerySet["ClaimMatch"]):
    def visible_to(self, user: Any) -> ClaimMatchQuerySet:
        """Matches whose claim the person sees; of our own other claims only those that they see too."""
        if sees_everything(user):
            return self
        ours = Claim.objects.visible_to(user).values("pk")
        return self.filter(claim__in=ours).filter(
            models.Q(other_claim__isnull=True) | models.Q(other_claim__in=ours)
        )

    def open(self) -> ClaimMatchQuerySet:
        """Nobody has decided yet."""
        return self.filter(state=states.PROPOSED)

    def confirmed(self) -> ClaimMatchQuerySet:
        return self.filter(state=states.ACCEPTED_MATCH)


class ClaimMatch(models.Model):
    """``claim`` says perhaps what ``known_claim``, or our earlier ``other_claim``, says.

    ``score`` (0 to 1) is the method's estimate that they are the same; ``lexical`` (BM25) and ``semantic``
    (cosine) are what it rests on, with ``reasons``: a list of ``{"part", "agrees", "here", "there"}``.
    ``method_version`` names the method, its encoder and its thresholds. A pair is suggested once: what a
    person decided is not asked again, and a suggestion that no longer holds lapses. ``family_action`` is
    the action on families that decided it last, which an undo of that action takes back.
    """

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="matches")
    known_claim = models.ForeignKey(
        KnownClaim, null=True, blank=True, on_delete=models.PROTECT, related_name="matches"
    )
    other_claim = models.ForeignKey(
        Claim, null=True, blank=True, on_delete=models.CASCADE, related_name="later_matches"
    )
    grade = models.CharField(max_length=10, choices=Grade.choices)
    score = models.FloatField()
    lexical = models.FloatField(default=0)
    semantic = models.FloatField(null=True, blank=True)
    reasons: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(
        default=list, blank=True
    )
    method_version = models.CharField(max_length=120)
    state = models.CharField(
        max_length=10, choices=[(s, s) for s in states.CLAIM_MATCH.states], default=states.PROPOSED
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    note = models.TextField(blank=True)
    family_action = models.UUIDField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ClaimMatchQuerySet.as_manager()

    class Meta:
        ordering = ["-score", "id"]
        verbose_name_plural = "claim matches"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(known_claim__isnull=False, other_claim__isnull=True)
                | models.Q(known_claim__isnull=True, other_claim__isnull=False),
                name="a_match_is_with_one_statement",
            ),
            models.CheckConstraint(
                condition=models.Q(other_claim__isnull=True) | models.Q(claim__gt=models.F("other_claim")),
                name="a_match_looks_back_to_an_earlier_claim",
            ),
            models.UniqueConstraint(
                fields=["claim", "known_claim"],
                condition=models.Q(known_claim__isnull=False),
                name="one_match_per_claim_and_known_claim",
            ),
            models.UniqueConstraint(
                fields=["claim", "other_claim"],
                condition=models.Q(other_claim__isnull=False),
                name="one_match_per_pair_of_claims",
            ),
            models.CheckConstraint(
                condition=models.Q(score__gte=0, score__lte=1), name="a_match_score_is_a_probability"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=states.DECIDED_MATCH, decided_at__isnull=False)
                | ~models.Q(state__in=states.DECIDED_MATCH) & models.Q(decided_at__isnull=True),
                name="a_decided_match_says_when",
            ),
            models.CheckConstraint(condition=is_json("reasons", "array"), name="match_reasons_are_a_list"),
        ]
        indexes = [
            # acceptance over time, by the week of the decision
            models.Index(
                fields=["decided_at"], condition=models.Q(decided_at__isnull=False), name="match_by_decision"
            ),
        ]
        triggers = legal_transitions(states.CLAIM_MATCH, name="claimmatch")

    def __str__(self) -> str:
        return f"claim {self.claim_id} and {self.known_claim or self.other_claim}"

    @property
    def ours(self) -> Claim | None:
        """Our claim that the claim is compared with; none when it is another publisher's."""
        return self.known_claim.claim if self.known_claim else self.other_claim
