"""Asking the claimant, writing into the contact log, deciding on a reply, and the reply page itself."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models.reply import Channel, Contact
from .base import RefusableForm, WordsField

WAYS = [(value, label) for value, label in Channel.choices if value != Channel.PAGE]
OUTCOMES = [
    (value, label)
    for value, label in Contact.Outcome.choices
    if value in {Contact.Outcome.REPLIED, Contact.Outcome.NO_REPLY, Contact.Outcome.NOT_CONTACTED}
]


class AskForm(RefusableForm):
    person = forms.CharField(
        label=_("Who is asked"), max_length=200, error_messages={"required": _("Say who is asked.")}
    )
    channel = forms.ChoiceField(label=_("By which way"), choices=WAYS)
    question = WordsField(
        label=_("What is asked"),
        max_length=2000,
        help_text=_("They read it on their reply page, above the claim."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say what is asked.")},
    )
    hours = forms.TypedChoiceField(
        label=_("Time to answer"),
        coerce=int,
        choices=[(24, _("24 hours")), (48, _("2 days")), (72, _("3 days")), (168, _("7 days"))],
        initial=48,
    )


class ContactForm(RefusableForm):
    at = forms.DateTimeField(
        label=_("When"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    channel = forms.ChoiceField(label=_("By which way"), choices=WAYS)
    outcome = forms.ChoiceField(label=_("What came of it"), choices=OUTCOMES)
    person = forms.CharField(label=_("Who answered"), required=False, max_length=200)
    words = WordsField(
        label=_("Their words"),
        required=False,
        max_length=5000,
        help_text=_("To be quoted beside the verdict, once a second person says so."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    note = WordsField(
        label=_("Note"),
        required=False,
        max_length=500,
        help_text=_("Where nobody was asked, readers see it as the reason."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ReplyForm(RefusableForm):
    """What the person asked writes, without an account."""

    text = WordsField(
        label=_("Your reply"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 10}),
        error_messages={
            "required": _("Write your reply."),
            "max_length": _("Shorten your reply to 5,000 characters; it has %(show_value)s now."),
        },
    )
    name = forms.CharField(
        label=_("Your name"), max_length=200, error_messages={"required": _("Give your name.")}
    )
    role = forms.CharField(label=_("In which role you answer"), required=False, max_length=200)
