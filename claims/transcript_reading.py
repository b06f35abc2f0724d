"""A transcript cut into passages, with the figures and dates said in each and who speaks. Plain functions.

Spoken figures are read leniently: a number whose unit was not heard may be of any kind, "one point five" is
1.5 and "twenty nineteen" a year.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from .extraction.dates import dates_in
from .extraction.lexicon import FUNCTION_WORDS, NUMBER_WORDS
from .extraction.model import Quantity
from .extraction.numerals import SCALES, UNITS, Lexeme, adjoining, lexemes, lower_at, numeral_at
from .matching.amounts import dates_of, numbers_of
from .matching.measuring import Amount, kind_of
from .matching.stems import SCALES_OF, stem_of
from .matching.tokens import words_in

LONGEST_PASSAGE = 40  # words; machine-made transcripts have no full stops
LONGEST_SHOWN = 240  # code points of a passage that a remark quotes
_LABEL = re.compile(r"(?m)^[ \t]*(?:\[?\d[\d:.]*\]?[ \t]*)?([^\W\d_][\w .,'’()-]{0,48}?)[ \t]*:(?=\s)")
_END = re.compile(
    r"(?<=[.!?…])[\"'”’)\]]*\s+(?=[^\s\da-z])|\n[ \t]*\n\s*|\n(?=[ \t]*[^\W\d_][\w .,'’()-]{0,48}:\s)"
)
_GENERIC_LABELS = frozenset(
    ("q", "a", "question", "answer", "speaker", "interviewer", "reporter", "journalist", "host", "voice")
)
_NO_CONTENT = FUNCTION_WORDS | NUMBER_WORDS | {"percent", "cent", "per", "said", "say", "says"}


@dataclass(frozen=True)
class Said:
    """A figure of a transcript. ``bare``: a number alone, of which no unit was heard."""

    start: int
    end: int
    amount: Amount
    bare: bool = False

    @cached_property
    def without_unit(self) -> Amount:
        return without_unit(self.amount)


@dataclass(frozen=True)
class Passage:
    """A sentence of a transcript, or a stretch of one; positions are code points of the transcript."""

    start: int
    end: int
    text: str

    @cached_property
    def content(self) -> frozenset[str]:
        return content_of(self.text)

    @cached_property
    def figures(self) -> tuple[Said, ...]:
        return tuple(_figures_in(self.text))

    @cached_property
    def dates(self) -> tuple[tuple[str, str], ...]:
        """(when, as written) of each absolute date."""
        found, _mentions = dates_of(self.text, words_in(self.text))
        return tuple((when, written) for when, written, _place in found)

    @property
    def has_relative_date(self) -> bool:
        return any(not one.earliest and not one.latest for one in dates_in(self.text))

    def around(self, start: int, end: int) -> str:
        """What a remark quotes of it: all, or where it is long the words around [start, end)."""
        if len(self.text) <= LONGEST_SHOWN:
            return self.text
        room = (LONGEST_SHOWN - (end - start)) // 2
        first, last = max(0, start - room), min(len(self.text), end + room)
        first = self.text.rfind(" ", 0, first) + 1 if first else 0
        last = self.text.find(" ", last) if last < len(self.text) else last
        cut = self.text[first : len(self.text) if last < 0 else last].strip()
        return f"{'… ' if first else ''}{cut}{' …' if 0 <= last < len(self.text) else ''}"


class Transcript:
    """A transcript made ready; make it once for a draft."""

    def __init__(self, text: str) -> None:
        self.passages = [Passage(start, end, text[start:end]) for start, end in _passages(text)]
        self.labels = _labels(text)
        self._spread = Counter(stem for passage in self.passages for stem in passage.content)

    @cached_property
    def figures(self) -> tuple[Said, ...]:
        """Each once, wherever it is said."""
        found: dict[tuple[float, float, str, bool], Said] = {}
        for passage in self.passages:
            for one in passage.figures:
                found.setdefault((one.amount.low, one.amount.high, one.amount.unit, one.bare), one)
        return tuple(found.values())

    @cached_property
    def dates(self) -> tuple[tuple[str, str], ...]:
        return tuple(date for passage in self.passages for date in passage.dates)

    def has_speaker(self, name: str) -> bool:
        """Whether a label of the transcript names this person or office."""
        return any(is_named(name, " ".join(label)) for label in self.labels)

    def nearest(self, content: frozenset[str]) -> list[tuple[float, int, Passage]]:
        """(share of the content, words shared, passage) of those that share any, the likest first: rare words
        count for more."""
        found = []
        for passage in self.passages:
            shared = content & passage.content
            if shared:
                weight = sum(1 / self._spread[stem] for stem in shared)
                found.append((weight, len(shared) / len(content), len(shared), passage))
        found.sort(key=lambda row: (-row[2], -row[0], row[3].start))
        return [(share, count, passage) for _weight, share, count, passage in found]


def is_named(name: str, text: str) -> bool:
    """Whether the text has a word of this name or office."""
    words = set(re.findall(r"[^\W\d_]{3,}", name.casefold())) - FUNCTION_WORDS
    return not words.isdisjoint(re.findall(r"[^\W\d_]{3,}", text.casefold()))


def content_of(text: str) -> frozenset[str]:
    """The stems of its words that mean something. "Rose" and "increased" are one; numbers are left out."""
    stems = set()
    for word in re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)*", text):
        lower = word.casefold()
        if lower in SCALES_OF:
            stems.add("#{}:{}".format(*SCALES_OF[lower]))
        elif lower not in _NO_CONTENT and (stem := stem_of(word)):
            stems.add(stem)
    return frozenset(stems)


def amount_of(text: str, quantity: Quantity) -> Amount:
    """What an amount of a text may stand for."""
    roughly = quantity.approximation in ("about", "several")
    written = text[quantity.start : quantity.end]
    return Amount(quantity.low, quantity.high, quantity.unit, written, quantity.start, roughly)


def without_unit(amount: Amount) -> Amount:
    """The number alone, with what it leaves open."""
    factor = kind_of(amount.unit)[1]
    low, high = (None if math.isinf(end) else end / factor for end in (amount.low, amount.high))
    return Amount(low, high, "", amount.written, amount.place, roughly=False)


def bare_amount(value: float, written: str, place: int) -> Amount:
    return Amount(value, value, "", written, place, roughly=False)


def _passages(text: str) -> Iterator[tuple[int, int]]:
    edges = [0, *(match.end() for match in _END.finditer(text)), len(text)]
    for start, end in pairwise(edges):
        words = [(m.start(), m.end()) for m in re.finditer(r"\S+", text[start:end])]
        # of a long one windows that overlap, so that no figure is cut from what it is about
        for first in range(0, max(1, len(words) - LONGEST_PASSAGE // 2), LONGEST_PASSAGE // 2):
            part = words[first : first + LONGEST_PASSAGE]
            if part:
                yield start + part[0][0], start + part[-1][1]


def _labels(text: str) -> list[frozenset[str]]:
    """The words of each name that stands before a colon at the start of a line."""
    found = {match[1].casefold() for match in _LABEL.finditer(text)}
    labels = [frozenset(re.findall(r"[^\W\d_]+", name)) for name in sorted(found)]
    return [label for label in labels if label and label.isdisjoint(_GENERIC_LABELS)]


def _figures_in(text: str) -> Iterator[Said]:
    words = words_in(text)
    _dates, mentions = dates_of(text, words)
    quantities = numbers_of(text, words, mentions)
    for one in quantities:
        yield Said(one.start, one.end, amount_of(text, one))
        if one.low is not None and one.high is not None and one.low != one.high:
            for value in (one.low, one.high):  # "between 30 and 40": either end was said
                ends = Amount(value, value, one.unit, text[one.start : one.end], one.start, roughly=False)
                yield Said(one.start, one.end, ends)
    yield from _bare(text, [(one.start, one.end) for one in quantities])


def _bare(text: str, taken: Sequence[tuple[int, int]]) -> Iterator[Said]:
    """Numbers that are no amounts by their shape, and spoken ones that only an ear understands."""
    lexs = lexemes(text, 0, len(text))
    at = 0
    while at < len(lexs):
        numeral = numeral_at(lexs, at)
        if numeral is None:
            at += 1
            continue
        start, end = lexs[at].start, lexs[numeral.after - 1].end
        free = not any(start < e and s < end for s, e in taken) and not _is_clock(lexs, at, numeral.after)
        if free and numeral.low == numeral.high:
            yield Said(start, end, bare_amount(numeral.low, text[start:end], start), bare=True)
        yield from _spoken(text, lexs, at, numeral.after, numeral.low)
        at = numeral.after


def _is_clock(lexs: Sequence[Lexeme], first: int, after: int) -> bool:
    """Part of "00:14:03", as transcripts mark their lines."""
    before = first > 0 and lexs[first - 1].text == ":" and adjoining(lexs, first)
    return before or (after < len(lexs) and lexs[after].text == ":" and adjoining(lexs, after))


def _spoken(text: str, lexs: Sequence[Lexeme], first: int, after: int, value: float) -> Iterator[Said]:
    start = lexs[first].start
    if after < len(lexs) and lexs[after].lower == "point":
        decimals, at = "", after + 1
        while at < len(lexs) and (digit := UNITS.get(lexs[at].lower)) is not None and digit < 10:
            decimals, at = decimals + str(int(digit)), at + 1
        if decimals:  # "one point five million"
            number = float(f"{int(value)}.{decimals}") * (SCALES.get(lower_at(lexs, at)) or 1.0)
            written = text[start : lexs[at - 1].end]
            yield Said(start, lexs[at - 1].end, bare_amount(number, written, start), bare=True)
    following = numeral_at(lexs, after) if after < len(lexs) else None
    if following is not None and 10 <= value <= 20 and 10 <= following.low <= 99:
        end = lexs[following.after - 1].end  # "twenty nineteen"
        year = value * 100 + following.low
        yield Said(start, end, bare_amount(year, text[start:end], start), bare=True)
