"""What second, blind and deciding reviewers fill in."""

from __future__ import annotations

from collections.abc import Iterable
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


class EditForm(VerdictForm, RevisionForm):
    """The proposal in other words. Its rating stays."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        del self.fields["rating"]

    @classmethod
    def of_proposal(cls, verdict: Verdict) -> EditForm:
        """The form filled with what was proposed."""
        return cls(initial=words_of(verdict), prefix="edit")


class OtherwiseForm(VerdictForm, ReviewedReasonForm):
    """The other rating is right, in the lead's words."""

    field_order = ["rating", "summary", "rationale", "what_would_change", "valid_until", "reason", "revision"]

    def offer(self, ratings: Iterable[Rating]) -> None:
        """Only what the other reviewers gave can be chosen."""
        field = self.fields["rating"]
        assert isinstance(field, RatingChoiceField)  # noqa: S101 - tells the type checker
        offered = list(ratings)
        field.queryset = Rating.objects.filter(pk__in=[rating.pk for rating in offered])
        field.required = True
        if len(offered) == 1:  # nothing to choose
            self.initial.setdefault("rating", offered[0].slug)
        field.error_messages["required"] = str(_("Choose the other reviewer's rating."))

    @classmethod
    def of_proposal(cls, verdict: Verdict) -> OtherwiseForm:
        """The form filled with what was proposed, without its rating."""
        return cls(initial=words_of(verdict), prefix="otherwise")


def words_of(verdict: Verdict) -> dict[str, Any]:
    return {
        "summary": verdict.summary,
        "rationale": verdict.rationale,
        "what_would_change": verdict.what_would_change,
        "valid_until": verdict.valid_until,
        "revision": verdict.revision,
    }


__all__ = ["BlindReviewForm", "DissentForm", "EditForm", "OtherwiseForm", "ReviewedReasonForm"]
