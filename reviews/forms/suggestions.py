"""What a reader suggests that we check."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from claims.actions.suggestions import Said

from .base import RefusableForm, WordsField

TOO_LONG = _("Shorten this to %(limit_value)s characters; it has %(show_value)s now.")


class SuggestionForm(RefusableForm):
    """``website`` is no question (see ComplaintForm). ``form_id`` makes a form that is sent twice one
    suggestion, ``opened`` says when it was shown, ``seen`` for which words the checks that say the same were
    shown."""

    text = WordsField(
        label=_("The claim, as it was said"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One statement of fact, in a sentence or two."),
        error_messages={
            "required": _("Write the claim as it was said, in a sentence at least."),
            "max_length": TOO_LONG,
        },
    )
    said_by = forms.CharField(
        label=_("Who said it"), required=False, max_length=300, error_messages={"max_length": TOO_LONG}
    )
    url = forms.URLField(
        label=_("Address where it can be found"),
        required=False,
        max_length=2000,
        assume_scheme="https",
        help_text=_("Give an address, or say below where it was. One of the two is enough."),
        widget=forms.URLInput(attrs={"inputmode": "url", "placeholder": "https://"}),
        error_messages={
            "invalid": _("Write the whole address, such as https://example.org/story."),
            "max_length": TOO_LONG,
        },
    )
    said_where = forms.CharField(
        label=_("Where it was said, in words"),
        required=False,
        max_length=500,
        help_text=_("Where there is no address: a programme, a leaflet, a speech, a group chat."),
        error_messages={"max_length": TOO_LONG},
    )
    said_on = forms.DateField(
        label=_("On which day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y"],
        error_messages={"invalid": _("Write a day such as 2026-11-28.")},
    )
    why = WordsField(
        label=_("Why it matters"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Who may be harmed if it is false, how many people it reached, what makes you doubt it."),
        error_messages={"max_length": TOO_LONG},
    )
    name = forms.CharField(
        label=_("Your name"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"max_length": TOO_LONG},
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        required=False,
        max_length=254,
        help_text=_("Only if we may ask you something. We never publish it."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": _("Write the whole address, such as name@example.org.")},
    )
    website = forms.CharField(required=False, label=_("Leave this empty"))
    form_id = forms.CharField(required=False, widget=forms.HiddenInput)
    opened = forms.CharField(required=False, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def is_by_a_program(self) -> bool:
        return bool(str(self.data.get("website", "")).strip())

    def said(self) -> Said:
        return Said(**{name: self.cleaned_data[name] for name in Said.__slots__})
