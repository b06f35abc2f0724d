"""Numbers as written in English, in digits and in words. Text in, numbers out; no parser is asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_LEXEME = re.compile(
    r"\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d,]*\d)|\d+(?:\.\d+)?|[^\W\d_]+(?:['’][^\W\d_]+)*|[½¼¾⅓⅔]|\S"
)
LONGEST_NUMBER = 15  # digits; longer runs are serial numbers
_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
)
UNITS = {word: float(value) for value, word in enumerate(_SMALL.split())}
_TENS_WORDS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
TENS = {
    word: float(value * 10)
    for value, word in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2
    )
}
SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
SHORT_SCALES = {"k": 1e3, "m": 1e6, "mn": 1e6, "mln": 1e6, "b": 1e9, "bn": 1e9, "tn": 1e12, "trn": 1e12}
_FRACTION_SIGNS = {"½": 1 / 2, "¼": 1 / 4, "¾": 3 / 4, "⅓": 1 / 3, "⅔": 2 / 3}
_PARTS_OF_ONE = {
    "half": 1 / 2,
    "halves": 1 / 2,
    "third": 1 / 3,
    "thirds": 1 / 3,
    "quarter": 1 / 4,
    "quarters": 1 / 4,
    "fifth": 1 / 5,
    "fifths": 1 / 5,
    "sixth": 1 / 6,
    "sixths": 1 / 6,
    "eighth": 1 / 8,
    "eighths": 1 / 8,
    "tenth": 1 / 10,
    "tenths": 1 / 10,
}
# A plural stands for two of it up to less than ten of it; above that, writers take the next word. A hundred
# ends the dozens. "several", "a few" and "a handful" are two to nine.
_PLURALS = {
    "dozens": (24.0, 99.0),
    "scores": (40.0, 199.0),
    "hundreds": (200.0, 999.0),
    "thousands": (2e3, 9_999.0),
    "millions": (2e6, 9_999_999.0),
    "billions": (2e9, 9_999_999_999.0),
    "trillions": (2e12, 9_999_999_999_999.0),
}
_FEW = (2.0, 9.0)
_ORDINAL_WORDS = ("second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
ORDINALS = {word: float(value) for value, word in enumerate(_ORDINAL_WORDS, 2)}


@dataclass(frozen=True, slots=True)
class Lexeme:
    """A number, a word or a mark of the text, with its place."""

    start: int
    end: int
    text: str
    lower: str


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number from lexeme `first` up to `after`, that one not included.

    `shape` is "count", "vague" (bounds, no figure: "dozens"), "share" (part of one) or "digits" (bare digits,
    which may be a year or a name's number).
    """

    first: int
    after: int
    low: float
    high: float
    shape: str


def lexemes(text: str, start: int, end: int) -> list[Lexeme]:
    """The lexemes of text[start:end], positions counted in the whole text."""
    return [Lexeme(m.start(), m.end(), m[0], m[0].lower()) for m in _LEXEME.finditer(text, start, end)]


def adjoining(lexs: Sequence[Lexeme], index: int) -> bool:
    """Whether the lexeme stands right against the one before it, with no space."""
    return 0 < index < len(lexs) and lexs[index - 1].end == lexs[index].start


def lower_at(lexs: Sequence[Lexeme], index: int) -> str:
    """The lexeme in lower case; "" beyond the ends."""
    return lexs[index].lower if 0 <= index < len(lexs) else ""


def digits_of(lexeme: Lexeme) -> float | None:
    """The value of a figure such as "1,500" or "2.5"; None for words and for serial numbers."""
    if not lexeme.text[0].isdecimal():
        return _FRACTION_SIGNS.get(lexeme.text)
    if len(lexeme.text) > LONGEST_NUMBER:
        return None
    return float(lexeme.text.replace(",", ""))


def numeral_at(lexs: Sequence[Lexeme], index: int) -> Numeral | None:
    """The longest number that starts at this lexeme, or None."""
    for read in (_vague, _half_or_part, _digits, _in_words):
        found = read(lexs, index)
        if found is not None:
            return found
    return None


def _vague(lexs: Sequence[Lexeme], index: int) -> Numeral | None:
    """ "dozens", "tens of thousands", "several hundred", "a few", "a handful of"."""
    word, following = lexs[index].lower, lower_at(lexs, index + 1)
    if word in ("tens", "hundreds") and following == "of" and lower_at(lexs, index + 2) in _PLURALS:
        scale = SCALES.get(lower_at(lexs, index + 2)[:-1])
        if scale is not None:
            low, high = (20, 99) if word == "tens" else (200, 999)
            return Numeral(index, index + 3, low * scale, high * scale, "vague")
    if word in _PLURALS and (following == "of" or word not in ("scores",)):
        return Numeral(index, index + 1, *_PLURALS[word], "vague")
    after = index + 1
    if word in ("a", "the") and following in ("few", "handful"):
        if word == "the" and following == "few":
            return None
        after = index + 2
        if following == "handful" and lower_at(lexs, after) != "of":
            return None
    elif word != "several":
        return None
    scale = SCALES.get(lower_at(lexs, after))
    if scale is None and lower_at(lexs, after) == "dozen":
        scale = 12.0
    if scale is not None:
        return Numeral(index, after + 1, _FEW[0] * scale, _FEW[1] * scale, "vague")
    return Numeral(index, after, *_FEW, "vague")


def _half_or_part(lexs: Sequence[Lexeme], index: int) -> Numeral | None:
    """ "half", "half a million", "two-thirds", "a quarter of", "1 in 5", "a dozen"."""
    word = lexs[index].lower
    if word == "half":
        return _half(lexs, index)
    if word in ("a", "an"):
        return _one_of_a_kind(lexs, index)
    count = UNITS.get(word) if word in UNITS else digits_of(lexs[index])
    if count is None:
        return None
    after = index + 1
    if lower_at(lexs, after) in ("in", "of") or (
        lower_at(lexs, after) == "out" and lower_at(lexs, after + 1) == "of"
    ):
        after += 2 if lower_at(lexs, after) == "out" else 1
        return _one_in_five(lexs, index, after, count)
    if lower_at(lexs, after) == "-":
        after += 1
    part = _PARTS_OF_ONE.get(lower_at(lexs, after))
    plural = lower_at(lexs, after).endswith(("s", "halves"))
    if part is None or count >= 10 or (count > 1) != plural:
        return None
    if count == 1 and not _whole_follows(lexs, after + 1):
        return None
    return Numeral(index, after + 1, *(round(count * part, 4),) * 2, "share")


def _half(lexs: Sequence[Lexeme], index: int) -> Numeral | None:
    if lower_at(lexs, index - 1) in (
        "first",
        "second",
        "latter",
        "last",
        "other",
        "better",
        "and",
        "time",
        "top",
    ):
        return None
    after = index + 1
    if lower_at(lexs, after) == "-":
        return None  # "half-time"
    if lower_at(lexs, after) in ("a", "an"):
        scale = 12.0 if lower_at(lexs, after + 1) == "dozen" else SCALES.get(lower_at(lexs, after + 1))
        if scale is not None:
            return Numeral(index, after + 2, scale / 2, scale / 2, "count")
    return Numeral(index, after, 0.5, 0.5, "share")


def _one_of_a_kind(lexs: Sequence[Lexeme], index: int) -> Numeral | None:
    """ "a million", "a dozen", "a couple of", "a third of"."""
    following, after = lower_at(lexs, index + 1), index + 2
    if following == "dozen":
        return Numeral(index, after, 12, 12, "count")
    if following == "couple" and lower_at(lexs, after) == "of":
        return Numeral(index, after, 2, 2, "count")
    if following in SCALES:
        rest = _in_words(lexs, index + 1)
        if rest is not None:
            return Numeral(index, rest.after, rest.low, rest.high, "count")
    part = _PARTS_OF_ONE.get(following)
    if (
        part is not None
        and not following.endswith("s")
        and following != "half"
        and _whole_follows(lexs, after)
    ):
        return Numeral(index, after, *(round(part, 4),) * 2, "share")
    return None


def _whole_follows(lexs: Sequence[Lexeme], index: int) -> bool:
    """Whether what comes after "a third" shows a part of something and not a place in a row."""
    return lower_at(lexs, index) in (
        "of",
        "",
        ".",
        ",",
        ";",
        ")",
        "to",
        "since",
        "in",
        "from",
        "between",
        "over",
        "more",
        "less",
        "after",
        "last",
        "this",
    )


def _one_in_five(lexs: Sequence[Lexeme], index: int, after: int, count: float) -> Numeral | None:
    """ "one in five", "4 out of 10"; "5 of 12" and "1 in 2016" are left alone."""
    if lower_at(lexs, after) == "every":
        after += 1
    if not after < len(lexs):
        return None
    whole = UNITS.get(lexs[after].lower) or TENS.get(lexs[after].lower) or digits_of(lexs[after])
    linked = lower_at(lexs, after - 1)
    if linked == "of" and lower_at(lexs, after - 2) != "out":
        return None
    if (
        whole is None
        or not 0 < count < whole
        or whole in range(1500, 2101)
        or (linked == "in" and count > 10)
    ):
        return None
    if linked == "in" and (count > 9 or lower_at(lexs, after + 1) in _MONTHS_AND_TIMES):
        return None
    share = round(count / whole, 4)
    return Numeral(index, after + 1, share, share, "share")


_MONTHS_AND_TIMES = frozenset(
    (
        *("january", "february", "march", "april", "may", "june", "july", "august", "september", "october"),
        *("november", "december", "years", "months", "weeks", "days", "hours", "minutes", "countries"),
        *("states", "cities"),
    )
)


def _digits(lexs: Sequence[Lexeme], index: int) -> Numeral | None:
    """ "1,500", "1.2 billion", "9.4m", "2½"."""
    value = digits_of(lexs[index])
    if value is None:
        return None
    shape = "digits" if lexs[index].text.isdecimal() else "count"
    after = index + 1
    if lower_at(lexs, after) in _FRACTION_SIGNS and adjoining(lexs, after):
        value, after, shape = value + _FRACTION_SIGNS[lexs[after].text], after + 1, "count"
    if adjoining(lexs, after) and lower_at(lexs, after) in SHORT_SCALES:
        return Numeral(index, after + 1, *(value * SHORT_SCALES[lexs[after].lower],) * 2, "count")
    scale_at = after + 1 if lower_at(lexs, after) == "-" and adjoining(lexs, after) else after
    word = lower_at(lexs, scale_at)
    if word in SCALES or word in ("bn", "mn"):
        value *= SCALES.get(word) or SHORT_SCALES[word]
        after, shape = scale_at + 1, "count"
        if word in ("hundred", "thousand") and lower_at(lexs, after) in ("million", "billion", "trillion"):
            value, after = value * SCALES[lexs[after].lower], after + 1
    elif word == "dozen":
        value, after, shape = value * 12, scale_at + 1, "count"
    return Numeral(index, after, value, value, shape)


def _in_words(lexs: Sequence[Lexeme], index: int) -> Numeral | None:
    """ "twenty-five", "two hundred and fifty thousand", "one and a half million", "two dozen"."""
    word = lexs[index].lower
    if word not in UNITS and word not in TENS and word not in SCALES:
        return None
    if word in SCALES and lower_at(lexs, index - 1) not in ("a", "an", "one", "per"):
        return None
    total, current, at = 0.0, (1.0 if word in SCALES else 0.0), index
    below = 1e15  # the next scale must be smaller, so that "one million trillion" ends after the million
    while at < len(lexs):
        word = lexs[at].lower
        if word in UNITS and current % 100 == 0 and current + UNITS[word] < 1000:
            current, at = current + UNITS[word], at + 1
        elif word in TENS and current % 100 == 0:
            current, at = current + TENS[word], at + 1
            joined = at + 1 if lower_at(lexs, at) == "-" else at
            if 0 < UNITS.get(lower_at(lexs, joined), 0) < 10:
                current, at = current + UNITS[lexs[joined].lower], joined + 1
        elif word == "hundred" and 0 < current < 100:
            current, at = current * 100, at + 1
        elif word in SCALES and word != "hundred" and current and SCALES[word] < below:
            below = SCALES[word]
            total, current, at = total + current * below, 0.0, at + 1
        elif word == "and" and [lower_at(lexs, at + n) for n in (1, 2)] == ["a", "half"]:
            current, at = current + 0.5, at + 3
        elif word == "and" and _continues(lexs, at, total, current):
            at += 1
        elif word == "dozen" and current:
            current, at = current * 12, at + 1
            break
        else:
            break
    return Numeral(index, at, total + current, total + current, "count") if at > index else None


def _continues(lexs: Sequence[Lexeme], at: int, total: float, current: float) -> bool:
    """Whether "and" goes on with the same number: "two hundred and fifty"."""
    following = lower_at(lexs, at + 1)
    before = lower_at(lexs, at - 1)
    return before in SCALES and (total > 0 or current > 0) and (following in UNITS or following in TENS)
