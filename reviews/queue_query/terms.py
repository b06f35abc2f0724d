"""The words of the queue's query, and which values each may have."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

YES_NO = ("yes", "no")
CHOICES: dict[str, tuple[str, ...]] = {
    "state": ("queued", "taken"),
    "kind": ("triage", "research", "second-review", "blind-review", "adjudication", "recheck"),
    "late": YES_NO,
    "mine": YES_NO,
    "changed-by": ("me", "not-me"),
}
NAMES = ("desk", "state", "kind", "score", "lang", "claimant", "due", "late", "mine", "with", "changed-by",
         "topic", "partner")  # fmt: skip
ONCE = ("late", "mine", "changed-by")  # a second one would contradict the first
BOUNDED = {"score": ">=", "due": "<"}  # what is meant where no sign stands
WRITTEN_OTHERWISE = {
    "language": "lang",
    "speaker": "claimant",
    "assignee": "with",
    "changed": "changed-by",
    "changed_by": "changed-by",
    "second_review": "second-review",
    "blind_review": "blind-review",
    "not_me": "not-me",
    "true": "yes",
    "false": "no",
}
MOST_TERMS = 20
LONGEST_VALUE = 100
UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_SPAN = re.compile(r"(\d{1,4})([mhdw])")
_SCORE = re.compile(r"[01](\.\d{1,4})?|\.\d{1,4}")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_SLUG = re.compile(r"[a-z0-9_-]{1,60}")


@dataclass(frozen=True, slots=True)
class Term:
    """``name`` is empty for a free word; ``sign`` is set where the value is a bound."""

    name: str
    value: str
    sign: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """What could not be read. ``word`` is as it was typed, ``mend`` what to write instead, where one thing
    is meant; ``among`` the values that there are."""

    word: str
    code: str
    mend: str = ""
    among: tuple[str, ...] = ()


def fault_of(term: Term) -> str:
    """Why the value of this term cannot be; empty when it can."""
    if not term.value:
        return "no_value"
    if term.name in CHOICES:
        return "" if term.value in CHOICES[term.name] else "no_such_value"
    match term.name:
        case "score":
            return "" if number(term.value) is not None else "no_score"
        case "due":
            return "" if span(term.value) is not None else "no_span"
        case "lang":
            return "" if _LANGUAGE.fullmatch(term.value) else "no_language"
        case "desk" | "topic" | "partner":
            return "" if _SLUG.fullmatch(term.value) else "no_slug"
        case _:
            return "too_long" if len(term.value) > LONGEST_VALUE else ""


def number(text: str) -> float | None:
    """A score from 0 to 1."""
    value = float(text) if _SCORE.fullmatch(text) else None
    return value if value is not None and value <= 1 else None


def span(text: str) -> timedelta | None:
    """A length of time: ``90m``, ``2h``, ``3d``, ``1w``."""
    found = _SPAN.fullmatch(text)
    return timedelta(**{UNITS[found[2]]: int(found[1])}) if found else None


def either(terms: tuple[Term, ...], name: str) -> tuple[str, ...]:
    """All values of one name: several mean any of them."""
    return tuple(term.value for term in terms if term.name == name)


def changed_by(terms: tuple[Term, ...]) -> str:
    return next(iter(either(terms, "changed-by")), "")
