"""The numbers and dates of a statement, read in the neighbourhood of the words that may be some."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence

from claims.extraction.dates import dates_in
from claims.extraction.lexicon import MONTHS, NUMBER_WORDS
from claims.extraction.model import DateMention, Quantity
from claims.extraction.numerals import ORDINALS, UNITS
from claims.extraction.quantities import quantities_in
from claims.matching.tokens import Word

_NUMBER_STARTS = (
    NUMBER_WORDS
    | set(UNITS)
    | set(ORDINALS)
    | {"few", "handful", "couple", "scores", "tens", "halving", "doubling", "treble", "trebled", "tenfold"}
)
_DATE_WORDS = (
    (MONTHS - {"may", "march", "spring", "summer", "autumn", "winter"})
    | {"jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec"}
    | {"fifties", "sixties", "seventies", "eighties", "nineties", "century"}
)
_MONTH_NAMES = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
_YEARLIKE = re.compile(r"(?:1[5-9]|20)\d\ds?")
_MONTH_DAY = re.compile(
    r"(?P<first>[0-3]?\d)?(?:st|nd|rd|th)?\s*(?:of\s+)?(?P<month>[A-Z][a-z]{2,8})\.?\s*(?P<second>[0-3]?\d(?!\d))?"
)
_MOST_PLACES = 40  # words read as numbers or dates; a statement with more is a table
_AHEAD, _BEHIND = 6, 5  # words before and after a number that may say what it is

Span = tuple[int, int]


def dates_of(text: str, words: Sequence[Word]) -> tuple[list[tuple[str, str, int]], list[DateMention]]:
    """The dates as (when, as written, position), and the mentions they were read from.

    "when" is "2015", "2015-03", "2015-03-12", "--03-12" and "--03" where the year is not said, or
    "2010/2014" for a stretch, with nothing on its open side. Times that hang on the day of writing are not
    told: nobody knows here what "last week" was.
    """
    places = [i for i, word in enumerate(words) if _may_be_date(word)][:_MOST_PLACES]
    found: list[tuple[str, str, int]] = []
    mentions: list[DateMention] = []
    for start, end in _neighbourhoods(text, words, places, 4, 4):
        for mention in dates_in(text, start, end):
            when = _when(mention.earliest, mention.latest) or _without_year(text[mention.start : mention.end])
            if when:
                found.append((when, text[mention.start : mention.end], mention.start))
            if when or any(c.isdigit() for c in text[mention.start : mention.end]):
                mentions.append(mention)
    return found, mentions


def _may_be_date(word: Word) -> bool:
    if word.text[0].isdigit():
        return _YEARLIKE.fullmatch(word.text) is not None or word.lower[-2:] == "0s"
    return word.lower in _DATE_WORDS or word.text in ("May", "March", "Mar")


def _when(earliest: str | None, latest: str | None) -> str:
    """The shortest way to write the stretch; "" for one without bounds."""
    if earliest is None or latest is None:
        return f"{earliest or ''}/{latest or ''}" if earliest or latest else ""
    if earliest == latest:
        return earliest
    first, last = dt.date.fromisoformat(earliest), dt.date.fromisoformat(latest)
    if (first.day, first.month) == (1, 1) and (last.day, last.month) == (31, 12):
        return f"{first.year:04}" if first.year == last.year else f"{first.year:04}/{last.year:04}"
    if first.day == 1 and (first.year, first.month) == (last.year, last.month):
        return earliest[:7]
    return f"{earliest}/{latest}"


def _without_year(written: str) -> str:
    """ "--03-12" for "March 12", "--03" for "in March"."""
    for match in _MONTH_DAY.finditer(written):
        start = match["month"].lower()[:3]
        month = next((n for n, name in enumerate(_MONTH_NAMES, 1) if name.startswith(start)), None)
        if month is not None and _MONTH_NAMES[month - 1].startswith(match["month"].lower()[:4]):
            day = match["first"] or match["second"]
            return f"--{month:02}-{int(day):02}" if day else f"--{month:02}"
    return ""


def numbers_of(text: str, words: Sequence[Word], dates: Sequence[DateMention]) -> list[Quantity]:
    """The amounts, in order; what belongs to a date is none."""
    places = [i for i, word in enumerate(words) if word.text[0].isdigit() or word.lower in _NUMBER_STARTS]
    found: list[Quantity] = []
    for start, end in _neighbourhoods(text, words, places[:_MOST_PLACES], _BEHIND, _AHEAD):
        found.extend(quantities_in(text, start, end, dates=dates))
    return found


def _neighbourhoods(
    text: str, words: Sequence[Word], places: Iterable[int], behind: int, ahead: int
) -> list[Span]:
    """The stretches around these words, joined where they touch."""
    joined: list[list[int]] = []
    for place in places:
        first, last = max(0, place - behind), min(len(words) - 1, place + ahead)
        if joined and first <= joined[-1][1]:
            joined[-1][1] = last
        else:
            joined.append([first, last])
    spans = []
    for first, last in joined:
        start = words[first].start if first else 0
        spans.append((start, words[last].end + 1 if last + 1 < len(words) else len(text)))
    return spans
