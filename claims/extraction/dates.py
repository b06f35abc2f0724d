"""Mentions of time in English text, absolute and relative, as stretches of the calendar.

What hangs on the article's own date ("last week", "20 January" without a year) stays without bounds where
that date is not known. A bare number is a year only where it reads as one: "in 2010", "the 2016 election".
"""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_left

from claims.extraction.date_forms import TELLINGS
from claims.extraction.model import DateMention
from claims.extraction.periods import UNKNOWN, Leaning, Period


def dates_in(
    text: str,
    start: int = 0,
    end: int | None = None,
    *,
    published: dt.date | None = None,
    leaning: Leaning = None,
) -> tuple[DateMention, ...]:
    """The mentions of time in text[start:end], in order, none over another; positions are the text's.

    `leaning` says which way a date without a year points: "past" for a claim that tells of what happened.
    """
    stop = len(text) if end is None else end
    found: list[tuple[int, int, Period]] = []  # in order, whatever form they were found by
    for telling in TELLINGS:
        for match in telling.pattern.finditer(text, start, stop):
            at = bisect_left(found, match.start(), key=lambda row: row[1] - 1)
            if at < len(found) and found[at][0] < match.end():
                continue  # a longer or a surer form has it
            period = telling.read(match, published, leaning)
            if period is not None:
                found.insert(at, (match.start(), match.end(), period))
    opened = (_opened(text, start, row) for row in found)
    return tuple(DateMention(s, e, _iso(p.earliest), _iso(p.latest)) for s, e, p in opened)


def _iso(date: dt.date | None) -> str | None:
    return date.isoformat() if date is not None else None


_OPENING = re.compile(
    r"(?:\b(?P<word>since|until|till|up to|before|after|by|prior to|as of|from|as early as)\s+"
    r"(?:at least\s+|about\s+|around\s+)?(?:the\s+(?:start|beginning|end)\s+of\s+)?)$",
    re.IGNORECASE,
)


def _opened(text: str, start: int, row: tuple[int, int, Period]) -> tuple[int, int, Period]:
    """The mention with the word before it that opens one of its ends: "since 2010"."""
    begin, end, period = row
    before = _OPENING.search(text, max(start, begin - 40), begin)
    if before is None or period == UNKNOWN:
        return row
    match before["word"].lower():
        case "since" | "as of" | "as early as":
            return before.start(), end, Period(period.earliest, None)
        case "from":
            return row
        case "after":
            return before.start(), end, Period(period.latest, None)
        case "before" | "prior to":
            return before.start(), end, Period(None, period.earliest)
    return before.start(), end, Period(None, period.latest)
