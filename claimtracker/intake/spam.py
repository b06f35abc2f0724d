"""How much a message looks like spam: plain functions over what is known of it, each point with its reason.

A score decides nothing but where a message waits. Nothing here says whether it is right.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

MOST_POINTS = 100
SCORER = "spam-1"

_LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"']+", re.IGNORECASE)
_MARKUP = re.compile(r"<a\s|\[url[=\]]|\[link[=\]]", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")

FREE_LINKS, A_LINK, MOST_LINKS = 2, 10, 50  # two sources are no spam
MARKUP = 40
REPEATED, REPEATED_FROM, REPEATED_SHARE = 30, 30, 0.35  # words that are new, in a text of some length
SAME_AGAIN = 40
OFTEN_FROM, OFTEN, MOST_OFTEN = 4, 10, 40  # earlier messages of the day
FAST, VERY_FAST, FAST_POINTS, VERY_FAST_POINTS = 6.0, 3.0, 15, 40  # seconds
UNKNOWN_TIME = 20
OTHER_LANGUAGE = 25
SHOUTING, SHOUTING_FROM, SHOUTING_SHARE = 15, 20, 0.7  # letters


@dataclass(frozen=True, slots=True)
class Message:
    """``seconds`` from the form's opening to its sending, None where that is not known (and ``is_timed`` says
    that the door asks); ``phrases`` that moderators listed and that stand in it, with their points."""

    text: str
    seconds: float | None = None
    is_timed: bool = True
    phrases: Mapping[str, int] = field(default_factory=dict)
    sent_today: int = 0
    is_same_again: bool = False
    is_other_language: bool = False


@dataclass(frozen=True, slots=True)
class Score:
    """``reasons`` as they are stored: code, points, and the number or words that they rest on."""

    points: int
    reasons: list[dict[str, object]]


def score(message: Message) -> Score:
    """From 0 to 100. The reasons add up to it, or to more."""
    found = [
        _links(message.text),
        ("markup", MARKUP, "") if _MARKUP.search(message.text) else None,
        _repeated(message.text),
        _shouting(message.text),
        ("same_again", SAME_AGAIN, "") if message.is_same_again else None,
        _often(message.sent_today),
        _speed(message),
        ("other_language", OTHER_LANGUAGE, "") if message.is_other_language else None,
        *(("phrase", points, phrase) for phrase, points in sorted(message.phrases.items())),
    ]
    reasons = [
        {"code": code, "points": points, "seen": seen} for code, points, seen in filter(None, found) if points
    ]
    return Score(min(MOST_POINTS, sum(int(str(one["points"])) for one in reasons)), reasons)


def phrases_in(text: str, phrases: Collection[tuple[str, int]]) -> dict[str, int]:
    """Those of the listed phrases that stand in ``text`` as whole words, with their points."""
    plain = f" {plain_words(text)} "
    return {
        phrase: points
        for phrase, points in phrases
        if (words := plain_words(phrase)) and f" {words} " in plain
    }


def plain_words(text: str) -> str:
    """The words alone: no case, no marks between them, no letters that only look different."""
    return " ".join(_WORD.findall(unicodedata.normalize("NFKC", text).casefold()))


def _links(text: str) -> tuple[str, int, str] | None:
    count = len(_LINK.findall(text))
    over = count - FREE_LINKS
    return ("links", min(MOST_LINKS, over * A_LINK), str(count)) if over > 0 else None


def _repeated(text: str) -> tuple[str, int, str] | None:
    words = plain_words(text).split()
    if len(words) < REPEATED_FROM or len(set(words)) / len(words) > REPEATED_SHARE:
        return None
    word, times = Counter(words).most_common(1)[0]
    return "repeated", REPEATED, f"{word[:40]} × {times}"


def _shouting(text: str) -> tuple[str, int, str] | None:
    letters = [char for char in text if char.isalpha()]
    if len(letters) < SHOUTING_FROM:
        return None
    share = sum(char.isupper() for char in letters) / len(letters)
    return ("shouting", SHOUTING, f"{share:.0%}") if share >= SHOUTING_SHARE else None


def _often(earlier: int) -> tuple[str, int, str] | None:
    if earlier < OFTEN_FROM:
        return None
    return "often", min(MOST_OFTEN, (earlier - OFTEN_FROM + 1) * OFTEN), str(earlier)


def _speed(message: Message) -> tuple[str, int, str] | None:
    if not message.is_timed:
        return None
    if message.seconds is None:
        return "no_time", UNKNOWN_TIME, ""
    if message.seconds >= FAST:
        return None
    points = VERY_FAST_POINTS if message.seconds < VERY_FAST else FAST_POINTS
    return "fast", points, f"{message.seconds:.0f} s"
