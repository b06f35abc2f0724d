"""What people type about a source on its own page."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import Source
from .base import RefusableForm


class SourceForm(RefusableForm):
    """How a source is described. Its address is what it is found by, and stays."""

    title = forms.CharField(
        label=_("Title"), max_length=300, error_messages={"required": _("Give the source's title.")}
    )
    publisher = forms.CharField(
        label=_("Publisher"), max_length=200, error_messages={"required": _("Name the source's publisher.")}
    )
    kind = forms.ChoiceField(label=_("Kind of source"), choices=Source.Kind.choices)
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
        help_text=_("Does the source gain or lose by what it says? Who pays for it? It is published."),
    )

    @classmethod
    def of(cls, source: Source) -> SourceForm:
        return cls(initial={name: getattr(source, name) for name in cls.base_fields})


class ProtectForm(RefusableForm):
    """Why a source has to be protected."""

    because = forms.CharField(
        label=_("Why it has to be protected"),
        max_length=500,
        help_text=_("Who would be in danger, and by whom. Read only by those who see the source."),
        error_messages={"required": _("Say why this source has to be protected.")},
    )
