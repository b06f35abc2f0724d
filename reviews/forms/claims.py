"""A claim's wording and its family."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from claims.actions.curation import MAX_WORDING
from claims.models import Claim

from .base import RefusableForm, WordsField

_CLAIM_NUMBER = re.compile(r"#?\s*(\d{1,18})")
_CLAIM_ADDRESS = re.compile(r"(?:^|/)claims/(\d{1,18})(?:/|$|[?#])")


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
