"""A reader's complaint, and the answer to it."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models.complaint import Complaint
from .base import RefusableForm, WordsField


class ComplaintForm(RefusableForm):
    """``website`` is no question: people do not see it, and who fills it in is a program. ``form_id`` makes
    a form that is sent twice one complaint, ``opened`` says when it was shown."""

    kind = forms.ChoiceField(
        label=_("What is wrong"),
        choices=Complaint.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what is wrong.")},
    )
    text = WordsField(
        label=_("Say what, and how you know"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("A source helps most: an address, a document, a page number."),
        error_messages={
            "required": _("Say what is wrong, in a sentence at least."),
            "max_length": _("Shorten this to 5,000 characters; it has %(show_value)s now."),
        },
    )
    name = forms.CharField(
        label=_("Your name"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        required=False,
        help_text=_("Only if we may ask you something. We never publish it."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": _("Write the whole address, such as name@example.org.")},
    )
    website = forms.CharField(required=False, label=_("Leave this empty"))
    form_id = forms.CharField(required=False, widget=forms.HiddenInput)
    opened = forms.CharField(required=False, widget=forms.HiddenInput)

    def is_by_a_program(self) -> bool:
        return bool(str(self.data.get("website", "")).strip())


class AnswerForm(RefusableForm):
    outcome = forms.ChoiceField(
        label=_("Is it right?"),
        choices=[
            ("upheld", _("Yes: have the check looked at again")),
            ("not_upheld", _("No: the check stands")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether the complaint is upheld.")},
    )
    answer = WordsField(
        label=_("Answer to the reader"),
        max_length=2000,
        help_text=_("Whoever has the address of the complaint reads it. Name no confidential source."),
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write what the reader is told.")},
    )
