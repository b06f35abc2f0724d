"""What a statement is compared by: its numbers, dates, names, what it denies, and its words."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import islice
from typing import TypedDict

from claims.extraction.lexicon import FUNCTION_WORDS, NUMBER_WORDS
from claims.extraction.model import Quantity
from claims.matching.amounts import dates_of, numbers_of
from claims.matching.denials import denies, scope_of
from claims.matching.naming import names_in, words_of_tag
from claims.matching.stems import SCALES_OF, stem_of
from claims.matching.tokens import Word, readable, words_in
from claims.matching.words import CALLED_FALSE, NEGATIONS, SPELT_LIKE_WORDS

PARTS_VERSION = 1
MOST_NUMBERS = 12
MOST_DATES = 6
MOST_DENIALS = 6
MOST_WORDS = 80
_LONGEST_WRITTEN = 40
_NO_STEMS = (NUMBER_WORDS | {"percent", "cent", "per"}) - set(SCALES_OF)


class Parts(TypedDict, total=False):
    """What is stored of a statement. Empty parts are left out.

    ``numbers``: [low, high, unit, as written, place, 1 if meant roughly], with null for an open end;
    ``dates``: [when, as written, place]; ``names`` as written; ``words``: the stems in order with spaces
    between, and a place is how many of them stand before; ``denied``: [place, place of its end, as written]
    for each stretch of words under a "not"; ``false``: the statement calls something false.
    """

    v: int
    numbers: list[list[float | int | str | None]]
    dates: list[list[str | int]]
    names: list[str]
    words: str
    denied: list[list[int | str]]
    false: bool


def parts_of(text: str) -> Parts:
    """The parts of a statement. Never fails; of very long texts the beginning is read."""
    read, poster = readable(text)
    words = words_in(read)
    dates, mentions = dates_of(read, words)
    amounts = numbers_of(read, words, mentions)
    measured = sorted([(a.start, a.end) for a in amounts] + [(m.start, m.end) for m in mentions])
    stems, places, denied = _stems_of(read, words, measured)
    starts = [word.start for word in words]
    parts: Parts = {"v": PARTS_VERSION}
    if amounts:
        parts["numbers"] = [
            _number(read, amount, places[_index_at(starts, amount.start)])
            for amount in amounts[:MOST_NUMBERS]
        ]
    if dates:
        parts["dates"] = [
            [when, written[:_LONGEST_WRITTEN], places[_index_at(starts, start)]]
            for when, written, start in dates[:MOST_DATES]
        ]
    if names := names_in(words, read, [(m.start, m.end) for m in mentions]):
        parts["names"] = [name[: 2 * _LONGEST_WRITTEN] for name in names]
    if any(word.lower in CALLED_FALSE for word in words):
        parts["false"] = True
    for word in words_in(poster):
        tagged = words_of_tag(word) if word.text[0] in "#@" else [word.text]
        stems.extend(stem for part in tagged if (stem := stem_of(part)) and not part.isdigit())
    if stems:
        parts["words"] = " ".join(stems[:MOST_WORDS])
    if denied:
        parts["denied"] = denied
    return parts


def _number(text: str, amount: Quantity, place: int) -> list[float | int | str | None]:
    end, unit = amount.end, amount.unit[:_LONGEST_WRITTEN]
    if text[end : end + 4] in ("-old", " old"):
        end, unit = end + 4, f"{unit} old"
    written = text[amount.start : end][:_LONGEST_WRITTEN]
    roughly = int(amount.approximation in ("about", "several"))
    return [_short(amount.low), _short(amount.high), unit, written, place, roughly]


def _short(value: float | None) -> float | int | None:
    return int(value) if value is not None and value == int(value) else value


def _stems_of(
    text: str, words: Sequence[Word], measured: Sequence[tuple[int, int]]
) -> tuple[list[str], list[int], list[list[int | str]]]:
    """The stems; before each word (and after the last) how many stems there are; what is denied.

    The words of `measured` stretches, amounts and dates, are compared as such and have no stems.
    """
    ends = iter(measured)
    start, end = next(ends, (len(text) + 1, len(text) + 1))
    stems: list[str] = []
    places: list[int] = []
    denials: list[int] = []
    for at, word in enumerate(words):
        places.append(len(stems))
        lower = word.lower
        while end <= word.start:
            start, end = next(ends, (len(text) + 1, len(text) + 1))
        if word.text[0] in "#@":
            stems.extend(stem for part in words_of_tag(word) if (stem := stem_of(part)))
        elif (lower in NEGATIONS or lower[-1] == "t") and denies(words, at):
            denials.append(at)
        elif lower in SCALES_OF:
            if not _bounds_number(words, at):
                stems.append(lower)
        elif start <= word.start or lower[0].isdigit() or lower in _NO_STEMS:
            continue
        elif (lower not in FUNCTION_WORDS or word.text in SPELT_LIKE_WORDS) and (stem := stem_of(word.text)):
            stems.append(stem)
    places.append(len(stems))
    rows = (scope_of(text, words, at, places) for at in denials)
    return stems, places, [list(row) for row in islice(filter(None, rows), MOST_DENIALS)]


def _bounds_number(words: Sequence[Word], at: int) -> bool:
    """Whether "more", "least" and the like say how a number is meant: "more than 20", "at least 20"."""
    lower = words[at].lower
    if lower in ("least", "most"):
        return at > 0 and words[at - 1].lower == "at"
    return (
        at + 2 < len(words)
        and words[at + 1].lower == "than"
        and (words[at + 2].text[0].isdigit() or words[at + 2].lower in NUMBER_WORDS)
    )


def _index_at(starts: Sequence[int], position: int) -> int:
    """The word that begins at the position or after it; the number of words past the last."""
    return bisect_left(starts, position)
