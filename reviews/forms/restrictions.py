"""Hiding a check, taking it down, holding a claim; and what a second person says to it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from claims.models import Claim
from claimtracker.accounts.models import User

from ..models import RestrictionReason
from ..selectors.restrictions import second_people
from .base import RefusableForm, WordsField


def note_field() -> WordsField:
    return WordsField(
        label=_("Note for colleagues"),
        max_length=2000,
        help_text=_("What happened and what you know. Readers never see it; it stays in the record."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why: the record and the audit keep it, and colleagues read it.")},
    )


class ReasonField(forms.ChoiceField):
    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("Reason"))
        super().__init__(
            choices=[("", _("Choose …")), *RestrictionReason.choices],
            error_messages={"required": _("Choose the reason.")},
            **options,
        )


class HideForm(RefusableForm):
    reason = ReasonField()
    note = note_field()


class TakedownForm(RefusableForm):
    reason = ReasonField()
    legal_basis = forms.CharField(
        label=_("Legal basis"),
        max_length=300,
        help_text=_("The law, the ruling or the agreement."),
        error_messages={"required": _("Name the legal basis.")},
    )
    demanded_by = forms.CharField(
        label=_("Who demands it"),
        max_length=300,
        help_text=_("The court, the authority or the person, and who writes for them."),
        error_messages={"required": _("Say who demands it.")},
    )
    reference = forms.CharField(
        label=_("Their reference"),
        max_length=200,
        help_text=_("File number, or the day of the letter."),
        error_messages={"required": _("Give their reference, or the day of the letter.")},
    )
    public_reason = WordsField(
        label=_("What readers are told"),
        max_length=2000,
        help_text=_("It stands in place of the check, and partners read it. Do not repeat the claim."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write what readers are told.")},
    )
    note = note_field()


class HoldForm(RefusableForm):
    reason = ReasonField()
    reference = forms.CharField(
        label=_("Reference"),
        max_length=200,
        required=False,
        help_text=_("Of the proceedings, if there is one."),
    )
    note = note_field()


class DecisionForm(RefusableForm):
    note = note_field()


class EscalationForm(RefusableForm):
    to = forms.ModelChoiceField(
        label=_("Who decides"),
        queryset=User.objects.none(),
        empty_label=_("Choose …"),
        error_messages={"required": _("Choose another moderator, or a lead of the claim's desk.")},
    )
    note = note_field()

    def __init__(self, *args: Any, claim: Claim, by: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["to"]
        field.queryset = second_people(claim).exclude(pk=by.pk)
