"""Rating scales and reasons, as leads type them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import Rating, ReasonTemplate
from .base import RefusableForm, WordsField

SHORT = _("Shorten this to %(limit_value)s characters; it has %(show_value)s now.")


class RatingForm(RefusableForm):
    label = forms.CharField(
        label=_("Label"),
        max_length=60,
        help_text=_("As readers see it, such as “Mostly false”."),
        error_messages={"required": _("Give the label that readers see."), "max_length": SHORT},
    )
    meaning = forms.ChoiceField(
        label=_("What it means"), choices=Rating.Meaning.choices, widget=forms.RadioSelect
    )
    value = forms.IntegerField(
        label=_("Place on the scale"),
        required=False,
        min_value=1,
        max_value=100,
        help_text=_("1 is worst. Empty for what has no place."),
        error_messages={"invalid": _("Give a whole number, or leave it empty.")},
    )
    position = forms.IntegerField(
        label=_("Place in the list"),
        min_value=0,
        max_value=1000,
        initial=0,
        error_messages={"required": _("Give a number; 0 comes first.")},
    )
    guidance = WordsField(
        label=_("When to use it"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Shown beside the label to whoever rates."),
        error_messages={"max_length": SHORT},
    )

    @classmethod
    def of(cls, rating: Rating | None) -> RatingForm:
        """The form filled with what is kept."""
        names = ("label", "meaning", "value", "position", "guidance")
        initial: dict[str, Any] = {name: getattr(rating, name) for name in names} if rating else {}
        return cls(initial=initial or {"meaning": Rating.Meaning.GRADED})


class ScaleForm(RefusableForm):
    name = forms.CharField(
        label=_("Name"),
        max_length=100,
        error_messages={"required": _("Name the scale."), "max_length": SHORT},
    )


class ReasonTemplateForm(RefusableForm):
    text = WordsField(
        label=_("Reason"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write the reason."), "max_length": SHORT},
    )
    position = forms.IntegerField(
        label=_("Place in the list"), min_value=0, max_value=1000, initial=0, required=False
    )

    def clean_position(self) -> int:
        return int(self.cleaned_data.get("position") or 0)

    @classmethod
    def of(cls, template: ReasonTemplate | None) -> ReasonTemplateForm:
        return cls(initial={"text": template.text, "position": template.position} if template else {})
