"""Something said about a claim."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import Evidence, Verdict
from .base import RefusableForm, WordsField

MAX_TEXT = 5000


class WordsForm(RefusableForm):
    """A reply, or the changed words of a comment."""

    text = WordsField(
        label=_("Your words"),
        max_length=MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={
            "required": _("Write something first."),
            "max_length": _("Shorten this to %(limit_value)s characters; it has %(show_value)s now."),
        },
    )


class CommentForm(WordsForm):
    """The first comment of a conversation. ``about`` is ``claim``, ``verdict`` or ``evidence-<id>``."""

    about = forms.ChoiceField(
        label=_("About"), error_messages={"invalid_choice": _("This is not on the board any more.")}
    )
    field_order = ["about", "text"]

    def __init__(
        self, *args: Any, evidence: Iterable[Evidence] = (), verdict: Verdict | None = None, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.fields["text"].help_text = _("Write @ and a name to call somebody in.")
        about = self.fields["about"]
        assert isinstance(about, forms.ChoiceField)  # noqa: S101 - tells the type checker
        sources = [(f"evidence-{item.pk}", item.source.title[:80]) for item in evidence]
        choices: list[tuple[Any, Any]] = [("claim", _("The claim"))]
        if verdict is not None:
            choices.append(("verdict", _("The verdict")))
        if sources:
            choices.append((_("Sources"), sources))
        about.choices = choices
