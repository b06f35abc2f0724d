"""A source, as people type it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from claimtracker.kernel.addresses import normalised_url

from ..models import Source
from ..models.evidence import Stance
from .base import RefusableForm, WordsField


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
    interest_note = forms.CharField(
        label=_("Interests"),
        required=False,
        max_length=300,
        help_text=_("Does the source gain or lose by this claim? Who pays for it? It is published."),
    )
    is_confidential = forms.BooleanField(
        label=_("Keep this source confidential"),
        required=False,
        help_text=_(
            "Only you, whoever has the claim’s task, and editors and leads see it. Its page is never "
            "fetched, and readers learn that a source is withheld, nothing more."
        ),
    )
    confidential_because = forms.CharField(
        label=_("Why it has to be protected"),
        required=False,
        max_length=500,
        help_text=_("Who would be in danger, and by whom. Read only by those who see the source."),
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
        if cleaned.get("is_confidential") and not cleaned.get("confidential_because"):
            self.add_error("confidential_because", _("Say why this source has to be protected."))
        return cleaned
