"""What people type. Forms check shape and keep the words; rules are the actions'."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from claims.actions.curation import MAX_WORDING
from claims.models import Claim
from claimtracker.kernel.addresses import normalised_url
from claimtracker.kernel.errors import ActionRefused

from .models import Rating, Source, Verdict
from .models.evidence import Stance
from .standards import Finding

_CLAIM_NUMBER = re.compile(r"#?\s*(\d{1,18})")
_CLAIM_ADDRESS = re.compile(r"(?:^|/)claims/(\d{1,18})(?:/|$|[?#])")


class WordsField(forms.CharField):
    """Text of several lines. Browsers send line ends as \\r\\n; kept and counted is \\n."""

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")


class RefusableForm(forms.Form):
    """A form that can show an action's refusal at the field it names."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            # the browser would cut a pasted text in silence; the form says that it is too long
            field.widget.attrs.pop("maxlength", None)

    def refuse(self, refusal: ActionRefused) -> None:
        """Put the refusal's sentence at its field, or above the form when it names none of ours."""
        if not self.is_bound:
            raise ValueError("only a sent form can be refused")
        field = refusal.field if refusal.field in self.fields else None
        self.add_error(field, refusal.reason)
        self.mark_invalid()

    def mark_invalid(self) -> None:
        """Send the keyboard to the first field to mend."""
        for name in self.fields:
            if name in self.errors:
                self.fields[name].widget.attrs["autofocus"] = True
                return


class EvidenceForm(RefusableForm):
    """A source and what it does to the claim."""

    url = forms.CharField(
        label=_("Address"),
        required=False,
        max_length=2000,
        widget=forms.URLInput(attrs={"placeholder": "https://", "autocomplete": "off"}),
        error_messages={"max_length": _("This address is longer than 2,000 characters.")},
    )
    title = forms.CharField(
        label=_("Title"), max_length=300, error_messages={"required": _("Give the source's title.")}
    )
    publisher = forms.CharField(
        label=_("Publisher"), max_length=200, error_messages={"required": _("Name the source's publisher.")}
    )
    source_kind = forms.ChoiceField(
        label=_("Kind of source"), choices=Source.Kind.choices, initial=Source.Kind.PRIMARY
    )
    stance = forms.ChoiceField(
        label=_("What it does to the claim"),
        choices=Stance.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whether it supports, refutes or gives context.")},
    )
    quotation = WordsField(
        label=_("Its exact words"),
        required=False,
        max_length=5000,
        help_text=_("The passage that bears on the claim, copied, not retold."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    note = WordsField(
        label=_("Note"),
        required=False,
        max_length=2000,
        help_text=_("What readers should know about this source. It is published with it."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    citation = forms.CharField(
        label=_("Citation"),
        required=False,
        max_length=500,
        help_text=_("For a source without an address: author, title, page, where it is kept."),
    )

    def clean_url(self) -> str:
        url = self.cleaned_data["url"].strip()
        if url:
            try:
                normalised_url(url)
            except ValueError as error:
                # also for a bad port or host, which the parser explains in words for programmers
                message = _("This is not a web address. It starts with https:// or http://.")
                raise forms.ValidationError(message) from error
        return url

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("url") and not cleaned.get("citation") and "url" not in self.errors:
            self.add_error("url", _("Give the address, or a citation by which readers can find the source."))
        return cleaned


class RatingChoiceField(forms.ModelChoiceField):
    """A rating by its slug, so that a sent form reads the same on every database."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            queryset=Rating.objects.filter(scale__is_default=True),
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

    def ask_for(self, findings: Iterable[Finding]) -> None:
        """Put what the standards miss at its field, unless that field has to be mended already."""
        told = set(self.errors)
        for finding in findings:
            field = finding.field if finding.field in self.fields else None
            if field not in told:
                self.add_error(field, f"{finding.message} (IFCN {finding.criterion})")

    @classmethod
    def of(cls, verdict: Verdict | None) -> VerdictForm:
        """The form filled with what is kept already."""
        if verdict is None:
            return cls()
        return cls(
            initial={
                "rating": verdict.rating.slug if verdict.rating else None,
                "summary": verdict.summary,
                "rationale": verdict.rationale,
            }
        )


class ReasonForm(RefusableForm):
    """Why something is returned or dismissed."""

    reason = WordsField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why; the reason is kept with the decision.")},
    )


class WordingForm(RefusableForm):
    """How the claim is put and who says it. The exact words in the article never change."""

    text = WordsField(
        label=_("Claim"),
        max_length=MAX_WORDING,
        help_text=_("One sentence that can be understood without the article."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": _("Give the claim in one sentence."),
            "max_length": _("Shorten this to %(limit_value)s characters; it has %(show_value)s now."),
        },
    )
    claimant = forms.CharField(
        label=_("Who says it"),
        required=False,
        max_length=300,
        help_text=_("Left empty, it is the reporter’s own claim."),
        error_messages={"max_length": _("Shorten this to 300 characters; it has %(show_value)s now.")},
    )

    @classmethod
    def of(cls, claim: Claim) -> WordingForm:
        """The form filled with how the claim stands now."""
        name = claim.claimant.name if claim.claimant else ""
        return cls(initial={"text": claim.text, "claimant": name}, prefix="wording")


class RevisionForm(RefusableForm):
    """Which revision the second person read."""

    revision = forms.IntegerField(
        widget=forms.HiddenInput,
        min_value=1,
        error_messages={"required": _("Open the verdict again before you approve it.")},
    )


class NoteForm(RefusableForm):
    """Why claims part or come together."""

    note = WordsField(
        label=_("Why"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say why. Others read it later.")},
    )


class MergeForm(NoteForm):
    """Another claim that says the same, by its number or its address."""

    other = forms.CharField(
        label=_("The other claim"),
        max_length=300,
        help_text=_("Its number, or the address of its page."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Give the other claim's number or address.")},
    )
    field_order = ["other", "note"]

    def clean_other(self) -> int:
        given = self.cleaned_data["other"].strip()
        found = _CLAIM_NUMBER.fullmatch(given) or _CLAIM_ADDRESS.search(given)
        if found is None:
            raise forms.ValidationError(_("This is not the number or the address of a claim."))
        return int(found[1])


class SplitForm(NoteForm):
    """Which claims of a family leave it together."""

    claims = forms.TypedMultipleChoiceField(
        coerce=int, error_messages={"required": _("Tick the claims that leave.")}
    )

    def __init__(self, *args: Any, claim_ids: Iterable[int] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["claims"]
        assert isinstance(field, forms.TypedMultipleChoiceField)  # noqa: S101 - tells the type checker
        field.choices = [(claim_id, str(claim_id)) for claim_id in claim_ids]
