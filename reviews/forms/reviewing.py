"""What second, blind and deciding reviewers fill in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import Rating, Verdict
from .base import RefusableForm, WordsField
from .verdicts import RatingChoiceField, RevisionForm, VerdictForm


class ReviewedReasonForm(RevisionForm):
    """A reason, about the revision that was read."""

    reason = WordsField(
        label=_("Why"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why; the reason is kept with the decision.")},
    )


class DissentForm(ReviewedReasonForm):
    """Another rating than the one that was proposed."""

    rating = RatingChoiceField(
        label=_("Your rating"), error_messages={"required": _("Choose the rating that you would give.")}
    )
    field_order = ["rating", "reason", "revision"]


class BlindReviewForm(RefusableForm):
    """One's own rating, from the claim and its sources."""

    rating = RatingChoiceField(
        label=_("Your rating"), error_messages={"required": _("Choose the rating that you would give.")}
    )
    reason = WordsField(
        label=_("Why"),
        max_length=2000,
        help_text=_("In a sentence or two: how the sources lead you there."),
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Say in a sentence or two how the sources lead you to this rating.")},
    )


class EditForm(RevisionForm, VerdictForm):
    """The proposal in other words. Its rating stays."""

    rating = None  # type: ignore[assignment]

    @classmethod
    def of_proposal(cls, verdict: Verdict, **options: Any) -> EditForm:
        """The form filled with what was proposed."""
        initial = {name: value for name, value in words_of(verdict).items()}
        return cls(initial={**initial, "revision": verdict.revision}, **options)


class OtherwiseForm(ReviewedReasonForm, EditForm):
    """The other rating is right, in the lead's words."""

    rating = RatingChoiceField(
        label=_("The other rating"), error_messages={"required": _("Choose the other reviewer's rating.")}
    )
    field_order = ["rating", "summary", "rationale", "what_would_change", "valid_until", "reason", "revision"]

    def offer(self, ratings: list[Rating]) -> None:
        """Only what the other reviewers gave can be chosen."""
        field = self.fields["rating"]
        assert isinstance(field, RatingChoiceField)  # noqa: S101 - tells the type checker
        field.queryset = Rating.objects.filter(pk__in=[rating.pk for rating in ratings])
        if len(ratings) == 1:
            self.initial.setdefault("rating", ratings[0].slug)


def words_of(verdict: Verdict) -> dict[str, Any]:
    return {
        "summary": verdict.summary,
        "rationale": verdict.rationale,
        "what_would_change": verdict.what_would_change,
        "valid_until": verdict.valid_until,
    }


__all__ = ["BlindReviewForm", "DissentForm", "EditForm", "OtherwiseForm", "ReviewedReasonForm"]
