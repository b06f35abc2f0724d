"""A source, as people type it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from claimtracker.kernel.addresses import normalised_url

from ..models import Source
from ..models.evidence import Stance
from .base import RefusableForm, WordsField

FROM_PAGE = {"placeholder": _("From the page"), "autocomplete": "off"}
KEPT = {"data-draft-too": "", "autocomplete": "off"}


class EvidenceForm(RefusableForm):
    """A source and what it does to the claim. ``is_not_there``: the quotation is not in the copy of the page,
    whose ``nearest`` words, if any are like it, are these."""

    nearest = ""
    is_not_there = False

    url = forms.CharField(
        label=_("Address"),
        required=False,
        max_length=2000,
        help_text=_("Paste it: the page is looked at once, and its title and a copy arrive while you go on."),
        widget=forms.URLInput(
            attrs={
                "placeholder": "https://",
                "autocomplete": "off",
                "data-key": "e",
                "data-key-label": _("Add a source"),
            }
        ),
        error_messages={"max_length": _("This address is longer than 2,000 characters.")},
    )
    title = forms.CharField(
        label=_("Title"), required=False, max_length=300, widget=forms.TextInput(FROM_PAGE)
    )
    publisher = forms.CharField(
        label=_("Publisher"), required=False, max_length=200, widget=forms.TextInput(FROM_PAGE)
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
    # where the quotation was picked: the digest of the copy's text, and the first code point
    place_text = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput(KEPT))
    place_start = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput(KEPT))
    # what the button of the refusal says: quote the nearest words of the copy, or these all the same
    quotation_is = forms.CharField(required=False, max_length=10)
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
            "Tick this before you give the address: its page is then never fetched. Only you, whoever has "
            "the claim’s task, and editors and leads see the source; readers learn that one is withheld."
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
        if not cleaned.get("url") or cleaned.get("is_confidential"):  # no page that names them later
            if not cleaned.get("title") and "title" not in self.errors:
                self.add_error("title", _("Give the source's title."))
            if not cleaned.get("publisher") and "publisher" not in self.errors:
                self.add_error("publisher", _("Name the source's publisher."))
        return cleaned

    def facts(self) -> dict[str, Any]:
        """What the action takes."""
        return {name: value for name, value in self.cleaned_data.items() if name != "quotation_is"}

    def say_not_there(self, nearest: str) -> None:
        """Refuse the quotation: it is not in the copy of the page, and ``nearest`` comes nearest."""
        self.is_not_there, self.nearest = True, nearest
        self.add_error("quotation", _("These words are not in the copy of the page."))
        self.mark_invalid()
