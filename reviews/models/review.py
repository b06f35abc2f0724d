"""What a second, a blind or a deciding reader concluded, of exactly which revision. Kept for good."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from claims.models import ArticleVersion
from claimtracker.accounts.models import Desk
from claimtracker.kernel.triggers import append_only

from .conflict_triggers import not_with_a_conflict
from .rating import Rating
from .review_task import ReviewTask, TaskKind
from .roles import ROLES_OF_KIND, only_with_role
from .verdict import Verdict


class Outcome(models.TextChoices):
    APPROVED = "approved", _("Approved")
    EDITED = "edited", _("Edited and approved")
    RETURNED = "returned", _("Returned")
    DISSENT = "dissent", _("Differs")
    RATED = "rated", _("Rated blind")
    UPHELD = "upheld", _("Upheld")
    CHANGED = "changed", _("Decided otherwise")


OUTCOMES = {
    TaskKind.SECOND_REVIEW: (Outcome.APPROVED, Outcome.EDITED, Outcome.RETURNED, Outcome.DISSENT),
    TaskKind.BLIND_REVIEW: (Outcome.RATED,),
    TaskKind.ADJUDICATION: (Outcome.UPHELD, Outcome.CHANGED, Outcome.RETURNED),
}
APPROVING = (Outcome.APPROVED, Outcome.EDITED, Outcome.UPHELD, Outcome.CHANGED)
WITH_REASON = (Outcome.RETURNED, Outcome.DISSENT, Outcome.RATED, Outcome.UPHELD, Outcome.CHANGED)
WITH_RATING = (Outcome.DISSENT, Outcome.RATED, Outcome.CHANGED)


class Revision(models.Model):
    """The words of a verdict as they were submitted, or edited by who approved them."""

    append_only = True

    verdict = models.ForeignKey(Verdict, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    rating = models.ForeignKey(Rating, on_delete=models.PROTECT, related_name="+")
    summary = models.CharField(max_length=300)
    rationale = models.TextField()
    what_would_change = models.TextField(blank=True)
    valid_until = models.DateField(null=True, blank=True)
    article_version = models.ForeignKey(ArticleVersion, null=True, on_delete=models.PROTECT, related_name="+")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["verdict_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["verdict", "number"], name="one_revision_per_verdict_and_number")
        ]
        indexes = [
            # insight: what was proposed for the first time
            models.Index(
                fields=["created_at"],
                include=["verdict"],
                condition=models.Q(number=1),
                name="revision_first",
            )
        ]
        triggers = append_only(name="revision")

    def __str__(self) -> str:
        return f"Revision {self.number} of verdict {self.verdict_id}"


class Review(models.Model):
    """``rating`` is the reviewer's own, ``first_rating`` the proposal's: their agreement is measured. The
    author is never the reviewer, and an approval counts only where such a row says that the approver read
    ``revision`` and ``article_version``."""

    append_only = True

    verdict = models.ForeignKey(Verdict, on_delete=models.PROTECT, related_name="reviews")
    revision = models.PositiveIntegerField()
    article_version = models.ForeignKey(ArticleVersion, null=True, on_delete=models.PROTECT, related_name="+")
    task = models.ForeignKey(ReviewTask, null=True, on_delete=models.PROTECT, related_name="reviews")
    kind = models.CharField(max_length=20, choices=TaskKind.choices)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reviews")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    first_rating = models.ForeignKey(Rating, on_delete=models.PROTECT, related_name="+")
    rating = models.ForeignKey(Rating, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["verdict", "revision", "kind", "reviewer"],
                name="each_reviewer_decides_a_revision_once",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    *(models.Q(kind=kind, outcome__in=outcomes) for kind, outcomes in OUTCOMES.items()),
                    _connector=models.Q.OR,
                ),
                name="each_kind_of_review_has_its_outcomes",
            ),
            models.CheckConstraint(
                condition=~models.Q(outcome__in=WITH_REASON) | ~models.Q(reason=""),
                name="a_review_says_why",
            ),
            models.CheckConstraint(
                condition=models.Q(outcome__in=WITH_RATING) ^ models.Q(rating__isnull=True),
                name="who_differs_or_rates_blind_says_a_rating",
            ),
        ]
        indexes = [
            # agreement per desk
            models.Index(
                fields=["desk", "created_at"], condition=models.Q(kind="blind_review"), name="review_blind"
            )
        ]
        triggers = [
            *append_only(name="review"),
            only_with_role(
                name="reviews_are_by_role",
                operation=pgtrigger.Insert,
                person="NEW.reviewer_id",
                desk="NEW.desk_id",
                roles=ROLES_OF_KIND,
                says="this person may not decide at this desk",
            ),
            not_with_a_conflict(
                name="reviews_are_without_conflict",
                operation=pgtrigger.Insert,
                condition="NEW.kind <> 'blind_review'",  # a blind review is held by its task
                person="NEW.reviewer_id",
                claim="(SELECT v.claim_id FROM reviews_verdict v WHERE v.id = NEW.verdict_id)",
            ),
            pgtrigger.Trigger(
                name="nobody_decides_on_their_own_verdict",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=(
                    "IF EXISTS (SELECT 1 FROM reviews_verdict v WHERE v.id = NEW.verdict_id "
                    "AND v.author_id = NEW.reviewer_id) THEN "
                    "RAISE EXCEPTION 'nobody reviews their own verdict' "
                    "USING ERRCODE = 'check_violation'; END IF; "
                    "IF NOT EXISTS (SELECT 1 FROM reviews_verdict v WHERE v.id = NEW.verdict_id "
                    "AND v.state = CASE NEW.kind WHEN 'adjudication' THEN 'disputed' "
                    "ELSE 'submitted' END) THEN "
                    "RAISE EXCEPTION 'this verdict does not wait for such a review' "
                    "USING ERRCODE = 'check_violation'; END IF; "
                    "IF NEW.kind = 'adjudication' AND EXISTS (SELECT 1 FROM reviews_review r "
                    "WHERE r.verdict_id = NEW.verdict_id AND r.reviewer_id = NEW.reviewer_id "
                    "AND r.outcome IN ('dissent', 'rated')) THEN "
                    "RAISE EXCEPTION 'who differs does not decide' "
                    "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()} of verdict {self.verdict_id}, revision {self.revision}"


class ReasonTemplate(models.Model):
    """Words to begin with when a verdict is returned, kept by leads."""

    text = models.CharField(max_length=300)
    position = models.PositiveSmallIntegerField(default=0)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.text
