"""Telling the moderators, and what they decide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from claimtracker.accounts.models import User

from ..models import FlagReason
from .base import RefusableForm, WordsField

TOO_LONG = _("Shorten this to %(limit_value)s characters; it has %(show_value)s now.")


class FlagForm(RefusableForm):
    reason = forms.ChoiceField(
        label=_("What is wrong"),
        choices=[("", _("Choose …")), *FlagReason.choices],
        error_messages={"required": _("Choose the reason.")},
    )
    note = WordsField(
        label=_("Note for the moderators"),
        max_length=2000,
        help_text=_("They decide by what you write. Name no confidential source."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": _("Say what is wrong: moderators decide by what you write."),
            "max_length": TOO_LONG,
        },
    )


class FlagDecisionForm(RefusableForm):
    note = WordsField(
        label=_("Reason"),
        max_length=2000,
        help_text=_("Who flagged it reads this, and it stays in the record."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why: who flagged it reads this."), "max_length": TOO_LONG},
    )


class FlagEscalationForm(RefusableForm):
    """``people`` are asked for once, however many cases stand on the page."""

    to = forms.ChoiceField(
        label=_("Who decides"),
        error_messages={
            "required": _("Choose another moderator, or a lead of the claim's desk."),
            "invalid_choice": _("Choose another moderator, or a lead of the claim's desk."),
        },
    )
    note = WordsField(
        label=_("What you ask them"),
        max_length=2000,
        help_text=_("They read it with everything that was flagged; it stays in the record."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say what you ask them to decide."), "max_length": TOO_LONG},
    )

    def __init__(self, *args: Any, people: Sequence[User], **options: Any) -> None:
        super().__init__(*args, **options)
        self.people = {str(one.pk): one for one in people}
        field: Any = self.fields["to"]
        field.choices = [("", _("Choose …")), *((pk, one.name) for pk, one in self.people.items())]

    def clean_to(self) -> User:
        return self.people[self.cleaned_data["to"]]
