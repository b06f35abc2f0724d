"""Amounts in English text: numbers in digits and words, with their unit and how exactly they are meant.

What "about", "nearly" and "some" leave open stays open: such a number has its own value for both bounds and
the mark "about". A share of a whole ("half", "1 in 5") is a number from 0 to 1 with the unit "share", "twice"
and "doubled" are 2 "times", and a place in a ranking ("third-largest") has the unit "rank".
Years, days of the month, times of day, scores, numbers of rooms, roads and telephones are not amounts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from claims.extraction.approximations import BEFORE, mark_after, mark_before
from claims.extraction.dates import dates_in
from claims.extraction.model import Approximation, DateMention, Quantity
from claims.extraction.numerals import ORDINALS, Lexeme, Numeral, adjoining, lexemes, lower_at, numeral_at
from claims.extraction.units import counted_noun, currency_before, stated_unit

if TYPE_CHECKING:
    from spacy.tokens import Token

_LOOK_BACK = 30  # characters before the stretch that may say what a number at its start is
_TIMES = {
    "twice": 2.0,
    "doubled": 2.0,
    "doubling": 2.0,
    "tripled": 3.0,
    "trebled": 3.0,
    "tripling": 3.0,
    "quadrupled": 4.0,
    "halved": 0.5,
    "halving": 0.5,
    "twofold": 2.0,
    "threefold": 3.0,
    "fourfold": 4.0,
    "fivefold": 5.0,
    "tenfold": 10.0,
    "thrice": 3.0,
}
_SUPERLATIVE = re.compile(r"^(?:\w{2,}est|most|least)$")
_NOT_SUPERLATIVES = frozenset(
    ("test", "west", "rest", "request", "protest", "interest", "guest", "forest", "contest")
)
_NO_AMOUNT = re.compile(
    r"(?:https?://|www\.)\S+|\S+@\S+"  # addresses
    r"|\b(?:[01]?\d|2[0-3])[:.][0-5]\d\s?(?:[ap]\.?m\b\.?)?(?<=[ap]m|[ap]\.)"  # "7.30pm"
    r"|\b(?:[01]?\d|2[0-3]):[0-5]\d(?::\d\d)?\b|\b[01]?\d\s?[ap]\.?m\b\.?|\b[01]?\d\s+o['’]clock\b"
    r"|(?<![\w$£€])\+?\(?\d{2,5}\)?[ -]\d{3,4}[ -]?\d{3,4}\b|\+\d[\d ()-]{6,}\d"  # telephones
    r"|\b[A-Za-z]+-?\d+(?:[.-]?\w+)*\b"  # "G7", "MH17", "COVID-19", "B-52"
    r"|\b\d+[A-Z]\w*\b(?<![0-9][MBKCF])|\b\d+/\d+(?:/\d+)?\b|#\d+"  # "3D", "9/11", "24/7"
    r"|\b(?:[Nn]os?|[Nn]umber|[Aa]rticle|[Ss]ection|[Cc]hapter|[Rr]oute|[Ff]light|[Cc]hannel|[Pp]age|[Rr]oom"
    r"|[Rr]esolution|[Pp]roposition|[Pp]hase|[Pp]art|[Tt]itle|[Ll]evel|[Tt]ype|[Ss]tage|[Gg]roup of|[Gg]rade"
    r"|[Dd]istrict|[Ii]nterstate|[Hh]ighway|[Mm]otorway|[Tt]ier|[Zz]one|[Uu]nit|[Bb]ox|[Pp]rop|[Aa]mendment"
    r"|[Ff]igure|[Tt]able|[Vv]olume|[Vv]ersion|[Ee]pisode|[Ss]eason|[Gg]ate|[Pp]latform|[Ll]ine|[Tt]op)s?"
    r"\.?\s+(?:\d+(?![\d,.]*\d|\s?%)|[Oo]ne|[Tt]wo|[Tt]hree|[Tt]en)\b"
    r"|(?:^|(?<=\n))[ \t]*\(?\d{1,2}[.)]\s"  # the number of a list's item
    r"|\b\d{1,5} (?:[A-Z]\w+ ){1,3}(?:Street|Road|Avenue|Lane|Square|Place|Drive|Boulevard)\b"
    r"|\b\d{1,3}-\d{1,3}\s+(?:win|victory|defeat|loss|draw|vote|ruling|decision|majority|lead|margin|split)\b"
)
_POINTED_AT = frozenset(("no", "any", "every", "this", "that", "the", "another", "some", "which", "each"))
_ONE_OF_MANY = frozenset(
    (
        *("day", "time", "thing", "way", "reason", "side", "hand", "example", "place", "step", "of", "more"),
        *("point", "another"),
    )
)


@dataclass(frozen=True, slots=True)
class _Amount:
    """A numeral with what stands around it: lexemes [first, after) of the mention."""

    first: int
    after: int
    low: float | None
    high: float | None
    unit: str
    approximation: Approximation


def quantities_in(
    text: str,
    start: int = 0,
    end: int | None = None,
    *,
    words: Mapping[int, Token] | None = None,
    dates: Sequence[DateMention] | None = None,
) -> tuple[Quantity, ...]:
    """The amounts in text[start:end], in order, none over another; positions are those of the whole text.

    `words` are parsed tokens by the position where they start: they tell what is counted better than the
    shape of the words. `dates` are the mentions of time already found there.
    """
    stop = len(text) if end is None else end
    taken = dates if dates is not None else dates_in(text, start, stop)
    lexs = lexemes(text, start, stop)
    closed = _closed(text, start, stop, lexs, taken)
    reader = _Reader(text, lexs, closed, words)
    found: list[Quantity] = []
    at = 0
    while at < len(lexs):
        amount = reader.amount_at(at)
        if amount is None:
            at += 1
            continue
        first = lexs[amount.first].start
        if not found or first >= found[-1].end:
            found.append(
                Quantity(
                    first,
                    lexs[amount.after - 1].end,
                    amount.low,
                    amount.high,
                    amount.unit,
                    amount.approximation,
                )
            )
        at = max(at + 1, amount.after)
    return tuple(found)


def _closed(
    text: str, start: int, stop: int, lexs: Sequence[Lexeme], dates: Sequence[DateMention]
) -> frozenset[int]:
    """The lexemes that belong to a date, an address, a time of day or a name's number."""
    spans = [(d.start, d.end) for d in dates]
    spans.extend(m.span() for m in _NO_AMOUNT.finditer(text, max(0, start - _LOOK_BACK), stop))
    spans.sort()
    inside: set[int] = set()
    at = 0
    for index, lexeme in enumerate(lexs):
        while at < len(spans) and spans[at][1] <= lexeme.start:
            at += 1
        if any(s < lexeme.end and lexeme.start < e for s, e in spans[at : at + 3]):
            inside.add(index)
    return frozenset(inside)


class _Reader:
    """Reads the amounts of one stretch of text."""

    def __init__(
        self, text: str, lexs: Sequence[Lexeme], closed: frozenset[int], words: Mapping[int, Token] | None
    ) -> None:
        self.text = text
        self.lexs = lexs
        self.closed = closed
        self.words = words

    def amount_at(self, index: int) -> _Amount | None:
        """The amount whose number starts at this lexeme, or None."""
        if index in self.closed:
            return None
        special = self._ranked(index) or self._times(index)
        if special is not None:
            return special
        numeral = numeral_at(self.lexs, index)
        if numeral is None or any(i in self.closed for i in range(index, numeral.after)):
            return None
        low, high, after = numeral.low, numeral.high, numeral.after
        currency, first = currency_before(self.lexs, index)
        second = self._range_end(numeral, currency)
        if second is not None:
            low, high, after = second
        unit, past = stated_unit(self.lexs, after, large=numeral.low >= 1e6)
        if numeral.shape == "share" and (part := self._part_of_percent(after)) is not None:
            return self._approximated(_Amount(first, part, low, high, "percent", "exact"))
        if numeral.shape == "vague" and lower_at(self.lexs, after) == "of" and not unit:
            unit = stated_unit(self.lexs, after + 1, large=numeral.low >= 1e6)[0]
        if not unit and not currency and lower_at(self.lexs, index - 1) == "from":
            unit = self._unit_of_second(after)
        unit = currency or unit
        if unit and lower_at(self.lexs, first - 1) in ("minus", "−") and second is None:
            low, high, first = -high, -low, first - 1
        if not unit and not self._amounts(numeral, second is not None):
            return None
        if not unit:
            unit = self._unit(numeral, after)
        approximation: Approximation = (
            "range" if second is not None else "several" if numeral.shape == "vague" else "exact"
        )
        amount = _Amount(first, max(past, after), low, high, unit, approximation)
        if second is not None and lower_at(self.lexs, first - 1) == "between":
            return replace(amount, first=first - 1)
        return self._approximated(amount)

    def _part_of_percent(self, after: int) -> int | None:
        """Where "half of 1 percent" ends, which is half a percent and no half."""
        if lower_at(self.lexs, after) != "of" or lower_at(self.lexs, after + 1) not in ("1", "one", "a"):
            return None
        unit, past = stated_unit(self.lexs, after + 2, large=False)
        return past if unit.startswith("percent") else None

    def _unit_of_second(self, after: int) -> str:
        """The unit that "from 5 to 8 percent" gives both its numbers."""
        if lower_at(self.lexs, after) != "to" or after + 1 >= len(self.lexs):
            return ""
        second = numeral_at(self.lexs, after + 1)
        return stated_unit(self.lexs, second.after, large=second.low >= 1e6)[0] if second is not None else ""

    def _unit(self, numeral: Numeral, after: int) -> str:
        if numeral.shape == "share":
            return "share"
        if self._is_age(numeral):
            return "years"
        return counted_noun(self.lexs, after - 1, after, self.words)

    def _is_age(self, numeral: Numeral) -> bool:
        """ "aged 45", "Ann Lee, 45,"."""
        before, after = numeral.first - 1, numeral.after
        if lower_at(self.lexs, before) in ("aged", "age", "ages"):
            return True
        return (
            numeral.shape == "digits"
            and before > 0
            and self.lexs[before].text == ","
            and self.lexs[before - 1].text[0].isupper()
            and lower_at(self.lexs, after) in (",", ".", "")
            and 1 <= numeral.low < 115
        )

    def _amounts(self, numeral: Numeral, ranged: bool) -> bool:
        """Whether a number with no unit of measure is an amount at all, not a name's or a word's part."""
        lexs, first, after = self.lexs, numeral.first, numeral.after
        before, following = lower_at(lexs, first - 1), lower_at(lexs, after)
        if adjoining(lexs, first) and before in ("-", "–", "/", ".", "_", "'", "’"):
            return False
        if (
            following in ("-", "–", "/")
            and adjoining(lexs, after)
            and adjoining(lexs, after + 1)
            and not ranged
        ):
            return lower_at(lexs, after + 1) in ("strong", "odd", "plus")
        if numeral.shape == "digits" and lexs[after - 1].text == lexs[first].text:
            return self._counts_in_digits(numeral)
        if lexs[first].lower == "one" and after == first + 1:
            return self._one_counts(numeral)
        if (
            lexs[first].lower in ("two", "three", "four")
            and after == first + 1
            and lexs[first].text[0].isupper()
        ):
            return first == 0 or not self.lexs[first - 1].text[0].isupper()
        return True

    def _counts_in_digits(self, numeral: Numeral) -> bool:
        """Bare digits after a capitalised word name something ("Flight 370") unless they count a thing."""
        lexs, first, after = self.lexs, numeral.first, numeral.after
        bracketed = lower_at(lexs, first - 1) == "("
        if self.text[lexs[after - 1].end : lexs[after - 1].end + 1] == ")" and not bracketed:
            return False  # "1) taxes, 2) jobs"
        if adjoining(lexs, after) and lower_at(lexs, after).isalpha():
            return False  # "1990s", "4x4"
        if lexs[first].text.startswith("0") and len(lexs[first].text) > 1:
            return False
        before = lexs[first - 1] if first else None
        named = before is not None and before.text[0].isupper() and before.lower not in BEFORE
        sentence_start = first == 1 or lower_at(lexs, first - 2) in (".", "“", '"', ":")
        if named and not sentence_start:
            return bool(counted_noun(lexs, after - 1, after, self.words))
        if 1500 <= numeral.low <= 2100 and len(lexs[first].text) == 4:
            return bool(counted_noun(lexs, after - 1, after, self.words))
        return True

    def _one_counts(self, numeral: Numeral) -> bool:
        lexs, first, after = self.lexs, numeral.first, numeral.after
        if lower_at(lexs, first - 1) in _POINTED_AT or lower_at(lexs, after) in _ONE_OF_MANY:
            return False
        token = self.words.get(lexs[first].start) if self.words is not None else None
        return token is not None and token.dep_ == "nummod" and token.head.pos_ == "NOUN"

    def _range_end(self, numeral: Numeral, currency: str) -> tuple[float, float, int] | None:
        """Both bounds and where the range ends, for "5 to 8", "5-8", "between 5 and 8"; else None."""
        lexs, at = self.lexs, numeral.after
        if numeral.shape not in ("count", "digits"):
            return None
        between = "between" in (lower_at(lexs, numeral.first - 1), lower_at(lexs, numeral.first - 2))
        unit, past = stated_unit(lexs, at, large=False)
        if unit and lower_at(lexs, past) in ("and", "to", "-", "–"):
            at = past
        link = lower_at(lexs, at)
        lead = lower_at(lexs, numeral.first - (2 if currency else 1))
        linked = (
            link in ("-", "–") or (link == "and" and between) or (link in ("to", "or") and lead != "from")
        )
        if not linked or at + 1 >= len(lexs):
            return None
        start = at + 1
        while start < len(lexs) and currency_before(lexs, start + 1)[1] == start and start == at + 1:
            start += 1
        other = numeral_at(lexs, start) if start < len(lexs) else None
        if other is None or other.shape not in ("count", "digits") or start in self.closed:
            return None
        if link == "or" and other.low != numeral.low + 1:
            return None
        low, high = numeral.low, other.high
        if high >= 1000 and low < 1000 and numeral.shape == "digits" and low * self._scale(other) < high:
            low *= self._scale(other)  # "5 to 8 million"
        if low >= high or (link in ("-", "–") and not self._ranges(other, currency)):
            return None
        return low, high, other.after

    def _scale(self, numeral: Numeral) -> float:
        """By how much the words after the digits multiply them."""
        shown = numeral_at(self.lexs[: numeral.first + 1], numeral.first)
        return numeral.low / shown.low if shown is not None and shown.low else 1.0

    def _ranges(self, other: Numeral, currency: str) -> bool:
        """Whether "5-8" is a range: it has a unit. Scores ("3-2") have none."""
        if currency or stated_unit(self.lexs, other.after, large=False)[0] or other.low >= 1000:
            return True
        return bool(counted_noun(self.lexs, other.after - 1, other.after, self.words))

    def _ranked(self, index: int) -> _Amount | None:
        """ "third-largest", "the 2nd most", "ranked fifth"."""
        lexs, word = self.lexs, self.lexs[index].lower
        after, value = index + 1, ORDINALS.get(word)
        if value is None and word.isdecimal() and len(word) < 4 and adjoining(lexs, after):
            value = float(word) if lower_at(lexs, after) in ("st", "nd", "rd", "th") else None
            after += 1
        if value is None:
            return None
        before = lower_at(lexs, index - 1)
        best = after + 1 if lower_at(lexs, after) == "-" else after
        superlative = lower_at(lexs, best)
        if before in ("ranked", "ranks", "rank") or (
            _SUPERLATIVE.match(superlative) and superlative not in _NOT_SUPERLATIVES
        ):
            return _Amount(index, after, value, value, "rank", "exact")
        return None

    def _times(self, index: int) -> _Amount | None:
        value = _TIMES.get(self.lexs[index].lower)
        if value is None and self.lexs[index].lower in ("double", "triple", "treble"):
            counting = lower_at(self.lexs, index + 1) in ("the", "that", "what", "its", "their")
            value = {"d": 2.0, "t": 3.0}[self.lexs[index].lower[0]] if counting else None
        if value is None:
            return None
        return self._approximated(_Amount(index, index + 1, value, value, "times", "exact"))

    def _approximated(self, amount: _Amount) -> _Amount:
        """The amount with the words around it that say how exactly it is meant."""
        before = mark_before(self.lexs, amount.first)
        if before is not None and amount.unit != "rank":
            return _bounded(replace(amount, first=before[1]), before[0])
        behind = mark_after(self.lexs, amount.after)
        if behind is not None:
            mark, after = behind
            unit = amount.unit or counted_noun(self.lexs, after - 1, after, self.words)
            return _bounded(replace(amount, after=after, unit=unit), mark)
        return amount


def _bounded(amount: _Amount, mark: Approximation) -> _Amount:
    if mark in ("more_than", "at_least"):
        return replace(amount, high=None, approximation=mark)
    if mark in ("less_than", "at_most"):
        return replace(amount, low=None, approximation=mark)
    if amount.approximation in ("several", "range"):
        return amount
    return replace(amount, approximation=mark)
