"""Marking a claim that was missed, dismissing one that is none."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.models.claim import Attribution
from claims.sources import ParsedArticle, UnreadableArticle, parse_text

from .marked_text import find_quote

USUAL_REASONS = (
    gettext_lazy("An opinion: no evidence could settle it"),
    gettext_lazy("A prediction or a promise"),
    gettext_lazy("Too vague to check"),
    gettext_lazy("Of no consequence"),
    gettext_lazy("Not what the person said"),
    gettext_lazy("A duplicate of another claim here"),
)


class MarkClaimForm(forms.Form):
    """The words of a claim in ``body``. With ``start`` and ``end`` (code points, from a selection) they are
    exact; without, the words must stand in the text exactly once. After validation ``span`` is the place."""

    quote = forms.CharField(
        label=gettext_lazy("The exact words"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=2000,
        help_text=gettext_lazy("As they stand in the text. Select them there, or type them."),
        error_messages={"required": gettext_lazy("Select the words of the claim in the text, or type them.")},
    )
    claimant = forms.CharField(
        label=gettext_lazy("Who says it"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Left empty, it is the reporter’s own claim."),
    )
    attribution = forms.ChoiceField(
        label=gettext_lazy("How"), choices=Attribution.choices, initial=Attribution.AUTHOR, required=False
    )
    start = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    end = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, body: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.body = body
        self.span: tuple[int, int] | None = None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        quote = cleaned.get("quote", "")
        if not cleaned.get("claimant", "").strip():
            cleaned["attribution"] = Attribution.AUTHOR
        elif cleaned.get("attribution") in ("", Attribution.AUTHOR):
            cleaned["attribution"] = Attribution.REPORTED
        if not quote:
            return cleaned
        start, end = cleaned.get("start"), cleaned.get("end")
        if start is not None and end is not None and _same_words(self.body[start:end], quote):
            self.span = (start, end)
            return cleaned
        places = find_quote(self.body, quote)
        if not places:
            self.add_error(
                "quote", _("These words do not stand in the text. Copy them exactly as they are there.")
            )
        elif len(places) > 1:
            self.add_error(
                "quote",
                _("These words stand in the text %(count)s times. Add some words around the right place.")
                % {"count": len(places)},
            )
        else:
            self.span = places[0]
        return cleaned


def _same_words(found: str, typed: str) -> bool:
    return bool(found.strip()) and found.split() == typed.split()


class ChangedTextForm(forms.Form):
    """What an article says now. After validation ``parsed`` holds it."""

    text = forms.CharField(
        label=gettext_lazy("The text as it reads now"),
        widget=forms.Textarea(attrs={"rows": 12}),
        strip=False,
        help_text=gettext_lazy("All of it, not only what changed. What is the same keeps its claims."),
        error_messages={"required": gettext_lazy("Paste the whole text of the article.")},
    )
    title = forms.CharField(label=gettext_lazy("Headline"), required=False, max_length=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parsed: ParsedArticle | None = None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "text" in cleaned:
            try:
                self.parsed = parse_text(cleaned["text"], title=cleaned.get("title", ""))
            except UnreadableArticle as error:
                self.add_error("text", error.message)
        return cleaned
