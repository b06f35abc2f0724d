"""Which claim of a near-identical article an offer is: the same exact words, of the same voice, in the same
sentence, of the same days. Plain.

The sentence may differ by what outlets change around a claim ("Lee said" and "Lee told Reuters") and by a
dateline; what the claim's wording adds to its words must not be another person or thing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Generic, TypeVar

from .same_statement import DAYS, LOOSE, MONTHS, TURNS, WEEKDAYS, Said, differences, may_be_one_voice
from .statement_words import Words, is_number, words_of

Key = TypeVar("Key", bound=Hashable)

SAME_DAYS = 7  # between two articles, within which "on Monday" and "now" are one time for a story
WIDEST = 600  # code points of a sentence on either side of a claim's words

_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*\s+(?=[\"'“‘«(\[]*[^\W_a-z])")
_DATELINE = re.compile(r"^\s*(?:[^\W\d_][\w .,'’/-]{0,40})?\((?:[A-Z][\w .&-]{1,30})\)\s*[-–—]+\s*")
_FRAME = frozenset(
    """
    said says say told tells added adds stated according to reporters journalists news agency reuters ap afp
    bbc cnn associated press statement interview by of in on it he she
    """.split()  # noqa: SIM905 - as a list of literals it would be forty lines long
)
_LOOSE = LOOSE | frozenset({"his", "her", "its", "their"})
_NOT_ABSOLUTE = (
    WEEKDAYS
    | DAYS
    | TURNS
    | frozenset({"now", "currently", "recently", "tomorrow", "ago", "next", "so", "yet", "latest"})
)


@dataclass(frozen=True)
class Placed:
    """An offer, or a claim as it stands, with its sentence and its article's day. ``edited``: a person gave
    the claim its wording, so that it says nothing about the article's."""

    said: Said
    sentence: str
    day: date | None
    edited: bool = False

    @cached_property
    def around(self) -> Words:
        return words_of(_DATELINE.sub("", self.sentence))


class StandingClaims(Generic[Key]):
    """The claims of near-identical articles, to ask which of them an offer is; the first given wins."""

    def __init__(self, standing: Iterable[tuple[Key, Placed]]) -> None:
        self._by_words: dict[Words, list[tuple[Key, Placed]]] = defaultdict(list)
        for key, place in standing:
            self._by_words[place.said.exact].append((key, place))

    def same_as(self, offer: Placed) -> Key | None:
        found = self._by_words.get(offer.said.exact, ()) if offer.said.exact else ()
        return next((key for key, place in found if is_same_claim(offer, place)), None)


def is_same_claim(offer: Placed, standing: Placed) -> bool:
    """Whether an offer in one article is the claim that stands in a near-identical one."""
    one, other = offer.said, standing.said
    return (
        one.exact == other.exact
        and bool(one.claimant) == bool(other.claimant)
        and may_be_one_voice(one.claimant, other.claimant)
        and _almost_the_same(offer.around, standing.around)
        and (standing.edited or _agree(one, other))
        and _is_of_one_time(offer, standing)
    )


def sentence_around(body: str, start: int, end: int) -> str:
    """The sentence that body[start:end] stands in, within its line."""
    first = max(body.rfind("\n", 0, start) + 1, start - WIDEST)
    stop = body.find("\n", end)
    last = min(len(body) if stop < 0 else stop, end + WIDEST)
    line = body[first:last]
    ends = [first + match.end() for match in _SENTENCE_END.finditer(line)]
    opens = max((at for at in ends if at <= start), default=first)
    closes = min((at for at in ends if at >= end), default=last)
    return body[opens:closes]


def _almost_the_same(one: Words, other: Words) -> bool:
    return one == other or all(
        _FRAME.issuperset({*left, *right}) for _, left, right, _ in differences(one, other)
    )


def _agree(one: Said, other: Said) -> bool:
    """Equal wordings, or one that puts in full what the other leaves as it stands: a name for "it"."""
    steps = differences(one.words, other.words)
    return all(_LOOSE.issuperset(left) for _, left, _, _ in steps) or all(
        _LOOSE.issuperset(right) for _, _, right, _ in steps
    )


def _is_of_one_time(offer: Placed, standing: Placed) -> bool:
    """Words that count from the article's own day mean the same only where the days are near."""
    if offer.day is None or standing.day is None or abs((offer.day - standing.day).days) <= SAME_DAYS:
        return True
    words = frozenset(offer.around)
    if words & _NOT_ABSOLUTE:
        return False
    return not words & MONTHS or any(is_number(word) and len(word) == 4 for word in words)
