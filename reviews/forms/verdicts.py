"""A finding being written, and the words with which it is returned or approved."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ..models import Rating, Verdict
from ..standards import Finding
from .base import RefusableForm, WordsField


class RatingChoiceField(forms.ModelChoiceField):
    """A rating by its slug, so that a sent form reads the same on every database."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            queryset=Rating.objects.offered(),
            to_field_name="slug",
            widget=forms.RadioSelect,
            empty_label=None,
            **options,
        )


class VerdictForm(RefusableForm):
    """A finding being written. A draft may lack anything; the gate says what is due."""

    rating = RatingChoiceField(label=_("Rating"), required=False)
    summary = WordsField(
        label=_("In one or two sentences"),
        required=False,
        max_length=300,
        help_text=_("The finding as readers see it first, at most 300 characters."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": _("Shorten this to 300 characters; it has %(show_value)s now.")},
    )
    rationale = WordsField(
        label=_("Why"),
        required=False,
        max_length=20_000,
        help_text=_("How the evidence leads to the rating. Leave an empty line between paragraphs."),
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    what_would_change = WordsField(
        label=_("What would change our mind"),
        required=False,
        max_length=2000,
        help_text=_("The finding, figure or document that would make you rate it otherwise."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    valid_until = forms.DateField(
        label=_("Valid until"),
        required=False,
        help_text=_("For what holds for a time only. It is looked at again after that day."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Give the day as year-month-day, such as 2027-03-31.")},
    )

    def ask_for(self, findings: Iterable[Finding]) -> None:
        """Put what the standards miss at its field, unless that field has to be mended already."""
        told = set(self.errors)
        for finding in findings:
            field = finding.field if finding.field in self.fields else None
            if field not in told:
                self.add_error(
                    field,
                    gettext("%(message)s (IFCN %(criterion)s)")
                    % {"message": finding.message, "criterion": finding.criterion},
                )

    @classmethod
    def of(cls, verdict: Verdict | None) -> VerdictForm:
        """The form filled with what is kept already: a draft, or the approved words that a recheck begins
        with. A day that is over is left out, since it has to be chosen anew."""
        if verdict is None:
            return cls()
        until = verdict.valid_until
        return cls(
            initial={
                "rating": verdict.rating.slug if verdict.rating else None,
                "summary": verdict.summary,
                "rationale": verdict.rationale,
                "began_with": verdict.words_digest,
                "what_would_change": verdict.what_would_change,
                "valid_until": until if until and until >= timezone.localdate() else None,
            }
        )


class ProposalForm(VerdictForm):
    """A finding that its assignee writes, which knows what was kept of it when it was opened: another window
    may have kept other words since."""

    overtaken_by: Verdict | None = None

    # empty where nothing was kept
    began_with = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)

    def clean_began_with(self) -> str | None:
        """None for who sends no such field and takes what comes."""
        return str(self.cleaned_data["began_with"]) if "began_with" in self.data else None

    def say_overtaken(self, newer: Verdict) -> None:
        """Show what is kept by now beside what was typed; sent once more, the typed words take its place."""
        self.overtaken_by = newer
        self.data = {**self.data.dict(), "began_with": newer.words_digest}  # type: ignore[attr-defined] # of a request


class ReasonForm(RefusableForm):
    """Why something is returned or dismissed."""

    reason = WordsField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why; the reason is kept with the decision.")},
    )


class RevisionForm(RefusableForm):
    """Which revision the second person read."""

    revision = forms.IntegerField(
        widget=forms.HiddenInput,
        min_value=1,
        error_messages={"required": _("Open the verdict again before you approve it.")},
    )
