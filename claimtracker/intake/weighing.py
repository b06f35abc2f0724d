"""A message at one of the public doors, weighed: what is known of it, and whether it waits in the folder."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.conf import settings
from django.utils.translation import gettext as _

from .models import SpamPhrase
from .spam import Message, Score, phrases_in, score


def weigh(
    text: str,
    *,
    seconds: float | None,
    is_timed: bool,
    sent_today: int = 0,
    is_same_again: bool = False,
    is_other_language: bool = False,
) -> Score:
    """One query: the moderators' phrases."""
    listed = list(SpamPhrase.objects.values_list("phrase", "points"))
    return score(
        Message(
            text,
            seconds=seconds,
            is_timed=is_timed,
            phrases=phrases_in(text, listed),
            sent_today=sent_today,
            is_same_again=is_same_again,
            is_other_language=is_other_language,
        )
    )


def is_held(found: Score) -> bool:
    """Whether it waits for a moderator, in a folder of its own, before anybody is told."""
    return found.points >= settings.INTAKE_HOLD_FROM


def reasons_in_words(reasons: Iterable[Mapping[str, object]]) -> list[str]:
    """Each stored reason as a sentence with its points."""
    return [f"{_reason(row)} (+{row['points']})" for row in reasons]


def _reason(row: Mapping[str, object]) -> str:
    seen = str(row.get("seen", ""))
    match row["code"]:
        case "links":
            return _("%(count)s links") % {"count": seen}
        case "markup":
            return _("Links as forums write them")
        case "repeated":
            return _("The same words again and again: %(seen)s") % {"seen": seen}
        case "shouting":
            return _("%(share)s capital letters") % {"share": seen}
        case "same_again":
            return _("The same text was sent before")
        case "often":
            return _("%(count)s messages from the same place within a day") % {"count": seen}
        case "no_time":
            return _("Nothing says when the form was opened")
        case "fast":
            return _("Filled in within %(seen)s") % {"seen": seen}
        case "other_language":
            return _("In a language that this desk does not read")
        case "phrase":
            return _("“%(phrase)s” stands in the list of phrases") % {"phrase": seen}
    return str(row["code"])
