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
