"""Marking a claim that was missed, adjusting one, dismissing one that is none."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.forms import PublishedAtField
from claims.models.claim import Attribution
from claims.selectors import desks_for
from claims.sources import ParsedArticle, UnreadableArticle, parse_text
from claimtracker.accounts.models import Desk

from .marked_text import find_quote

USUAL_REASONS = (
    gettext_lazy("An opinion: no evidence could settle it"),
    gettext_lazy("A prediction or a promise"),
    gettext_lazy("Too vague to check"),
    gettext_lazy("Of no consequence"),
    gettext_lazy("Not what the person said"),
    gettext_lazy("A duplicate of another claim here"),
)


def words_field(label: Any, help_text: Any, *, required: bool = True) -> forms.CharField:
    """Words as they stand in a text."""
    return forms.CharField(
        label=label,
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=2000,
        required=required,
        help_text=help_text,
        error_messages={"required": gettext_lazy("Select the words of the claim in the text, or type them.")},
    )


class MarkClaimForm(forms.Form):
    """The words of a claim in ``body``. With ``start`` and ``end`` (code points, from a selection) they are
    exact; without, the words must stand in the text exactly once. After validation ``span`` is the place."""

    quote = words_field(
        gettext_lazy("The exact words"),
        gettext_lazy("As they stand in the text. Select them there, or type them."),
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
        self.span = span_of(self, "quote", "start", "end", self.body)
        return cleaned


class AdjustClaimForm(forms.Form):
    """Other words for a claim, and where it is two, those of the second one. After validation ``first`` and
    ``second`` are their places in ``body``."""

    quote = words_field(
        gettext_lazy("The words of the claim"), gettext_lazy("Exactly as they stand in the text.")
    )
    text = forms.CharField(
        label=gettext_lazy("Its wording, to be understood alone"),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        max_length=1000,
        help_text=gettext_lazy("Left empty, it is worded as it stands."),
    )
    second_quote = words_field(
        gettext_lazy("The words of a second claim"),
        gettext_lazy("Only where it is two claims: these become one of their own."),
        required=False,
    )
    start = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    end = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    second_start = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    second_end = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, body: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.body = body
        self.first: tuple[int, int] | None = None
        self.second: tuple[int, int] | None = None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("quote"):
            self.first = span_of(self, "quote", "start", "end", self.body)
        if cleaned.get("second_quote", "").strip():
            self.second = span_of(self, "second_quote", "second_start", "second_end", self.body)
        return cleaned


def span_of(form: forms.Form, quote: str, start: str, end: str, body: str) -> tuple[int, int] | None:
    """Where the words of the field ``quote`` stand: at the place that was sent along, if they do, else where
    they stand once. None with an error on that field."""
    said = form.cleaned_data[quote]
    first, last = form.cleaned_data.get(start), form.cleaned_data.get(end)
    if first is not None and last is not None and _same_words(body[first:last], said):
        return first, last
    places = find_quote(body, said)
    if len(places) == 1:
        return places[0]
    if not places:
        form.add_error(quote, _("These words do not stand in the text. Copy them exactly as they are there."))
    else:
        form.add_error(
            quote,
            _("These words stand in the text %(count)s times. Add some words around the right place.")
            % {"count": len(places)},
        )
    return None


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


class DraftForm(forms.Form):
    """An unpublished text to look at, with the transcript of what was said in it."""

    title = forms.CharField(label=gettext_lazy("Headline"), required=False, max_length=500)
    body = forms.CharField(
        label=gettext_lazy("The draft"),
        widget=forms.Textarea(attrs={"rows": 12}),
        strip=False,
        help_text=gettext_lazy(
            "Nobody but you sees it, nothing of it becomes public, and it deletes itself."
        ),
        error_messages={"required": gettext_lazy("Paste the text of the draft.")},
    )
    transcript = forms.CharField(
        label=gettext_lazy("A transcript of what is quoted"),
        widget=forms.Textarea(attrs={"rows": 6}),
        required=False,
        strip=False,
        help_text=gettext_lazy(
            "The interview, speech or document. Each quotation is compared with it, and each figure that "
            "somebody is reported with."
        ),
    )
    published_at = PublishedAtField()
    desk = forms.ModelChoiceField(
        label=gettext_lazy("Desk"),
        queryset=Desk.objects.none(),
        empty_label=None,
        help_text=gettext_lazy("Where it would go as an article, once you say that it is out."),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["desk"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - tells the type checker
        field.queryset = desks_for(user).filter(closed_at__isnull=True)
