"""What is said in public of a version after the first, and to the standards."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import Change
from .base import RefusableForm, WordsField
from .verdicts import RevisionForm

KINDS = [
    (Change.CORRECTION.value, _("Correction"), _("We were wrong in something.")),
    (Change.CLARIFICATION.value, _("Clarification"), _("It could be misread; the finding is the same.")),
    (Change.UPDATE.value, _("Update"), _("Something new came out; the rating is the same.")),
    (Change.VERDICT_CHANGE.value, _("Change of verdict"), _("The rating is another than before.")),
    (
        Change.RECHECKED.value,
        _("Re-checked"),
        _("We looked again and the finding is the same, word for word."),
    ),
]


class PublishForm(RefusableForm):
    """Empty for the first version; the standards ask for both afterwards."""

    change = forms.ChoiceField(
        label=_("What this version is"),
        required=False,
        choices=[(value, label) for value, label, _help in KINDS],
        widget=forms.RadioSelect,
    )

    @property
    def change_cards(self) -> list[tuple[Any, Any]]:
        """Each kind of change with what it means."""
        helps = {value: help_text for value, _label, help_text in KINDS}
        return [(radio, helps[radio.data["value"]]) for radio in self["change"].subwidgets]

    change_note = WordsField(
        label=_("What changed, and why"),
        required=False,
        max_length=2000,
        help_text=_(
            "Readers see it on the page, in the corrections log and in feeds. Where it was re-checked, say "
            "what you looked at again."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ApproveAndPublishForm(RevisionForm, PublishForm):
    """Which revision was read, and what the new version is."""


class ExplainForm(RefusableForm):
    """Why a finding could not be otherwise."""

    code = forms.CharField(max_length=40, widget=forms.HiddenInput)
    text = WordsField(
        label=_("Why it could not be otherwise"),
        max_length=500,
        help_text=_("It is published with the check."),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say why; readers see it with the check.")},
    )


class OverrideForm(RefusableForm):
    """Why a check goes out with an error of the standards."""

    code = forms.CharField(max_length=40, widget=forms.HiddenInput)
    reason = WordsField(
        label=_("Why it goes out all the same"),
        max_length=500,
        help_text=_("It is published with the check."),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say why; readers see it with the check.")},
    )


class RetractForm(RefusableForm):
    """Why a check is taken back, for readers; and which version was read."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    note = WordsField(
        label=_("Why it is taken back"),
        max_length=2000,
        help_text=_("Readers see it in place of the finding, and partners are told."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Tell readers why the check is taken back.")},
    )
