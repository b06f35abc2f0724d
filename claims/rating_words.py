"""Whether a publisher's rating says that a claim is false, by its words or its place on its scale. Plain."""

from __future__ import annotations

import re

from .matching.words import CALLED_FALSE


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


LOWEST = 0.3  # of a scale from its worst value to its best
_FALSE = CALLED_FALSE | _words(
    """incorrect inaccurate wrong lie lies fiction scam altered manipulated staged pinocchios
    falso falsa falsch falsche faux fausse engañoso enganoso trompeur trompeuse irreführend falskt"""
)
_PHRASES = re.compile(r"\b(?:not true|pants on fire|no evidence|out of context|missing context)\b")
_DENIED = re.compile(r"\b(?:not|never|isn't|isn’t)\s+(?:\w+\s+)?(?:false|fake|wrong|misleading|a lie)\b")


def says_false(
    rating: str, *, value: float | None = None, best: float | None = None, worst: float | None = None
) -> bool:
    """Whether it says false, mostly false or misleading. Words count before numbers, whose scales publishers
    often leave out."""
    words = rating.casefold()
    said = _PHRASES.search(words) or not _FALSE.isdisjoint(re.findall(r"[^\W\d_]+", words))
    if said and not _DENIED.search(words):
        return True
    if value is None or best is None or worst is None or best == worst:
        return False
    return (value - worst) / (best - worst) <= LOWEST
