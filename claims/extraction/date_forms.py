"""The forms of words that tell a time in English, and how each is read against the article's date."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from claims.extraction import periods as cal
from claims.extraction.numerals import TENS, UNITS
from claims.extraction.periods import UNKNOWN, Leaning, Period

_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
_WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_MONTH = (
    r"(?P<month>January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
)
_YEAR = r"(?P<year>1[0-9]\d\d|20\d\d)(?!\d|,\d|\.\d)"
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
_WEEKDAY = r"(?P<weekday>Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"
_SEASON = r"(?P<season>spring|summer|autumn|fall|winter|Spring|Summer|Autumn|Fall|Winter)"
_COUNT = r"(?P<count>\d{1,4}|an?|(?:" + "|".join((*UNITS, *TENS)) + r")|few|several|couple of)"
_UNIT = r"(?P<unit>day|week|fortnight|month|quarter|year|decade|centur(?=y|ies))(?:s|y|ies)?\b"
_TURN = r"(?P<turn>first|second|third|fourth|final|last)"
_TENS_WORD = r"(?P<word>twenties|thirties|forties|fifties|sixties|seventies|eighties|nineties)"
_TURNS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "final": 4, "last": 4}
# Numbers that count: "more than 2000", "2000 people".
_COUNTED = (
    r"(?!\s+(?:\w+[ -])?(?:people|men|women|children|troops|soldiers|civilians|fighters|jobs|homes|houses"
    r"|words|workers|members|refugees|migrants|tonnes|tons|dollars|euros|pounds|miles|kilomet\w+|km|metres|meters|feet"
    r"|acres|hectares|times|votes|deaths|cases|patients|students|pupils|euros|hours|calories|years|officers"
    r"|employees|residents|families|staff|cars|vehicles|points|degrees|percent|per cent|million|billion)\b)"
    r"(?!\s?%)"
)
_NOT_COUNTING = (
    r"(?<![\w$£€¥#.,/-])(?<!than )(?<!about )(?<!over )(?<!nearly )(?<!almost )(?<!some )(?<!least )"
    r"(?<!around )(?<!roughly )(?<!approximately )(?<!No )(?<!No\. )(?<!number )(?<!up to )"
)


_Reader = Callable[[re.Match[str], dt.date | None, Leaning], Period | None]


@dataclass(frozen=True, slots=True)
class Telling:
    """One form of words, and what reads its period from the match, the article's date and the leaning."""

    pattern: re.Pattern[str]
    read: _Reader


def _group(match: re.Match[str], name: str) -> str:
    """The named group in lower case; "" where the form has none or did not use it."""
    return (match[name] or "").lower() if name in match.re.groupindex else ""


def _number_of(month: str) -> int:
    return next(i for i, name in enumerate(_MONTHS, 1) if name.startswith(month.lower().rstrip(".")[:3]))


def _count_of(words: str | None) -> float | None:
    """How many; None for "few" and "several", which say no number."""
    if not words:
        return 1
    word = words.lower()
    if word.isdecimal():
        return float(word)
    if word in ("a", "an"):
        return 1
    if word == "couple of":
        return 2
    return UNITS.get(word, TENS.get(word))


def _day_and_month(match: re.Match[str], published: dt.date | None, leaning: Leaning) -> Period | None:
    number, named = int(match["day"]), _number_of(match["month"])
    last = int(match["to"]) if _group(match, "to") else number
    if cal.day(2016, named, number) is None or cal.day(2016, named, last) is None:
        return None
    if _group(match, "year"):
        first = cal.day(int(match["year"]), named, number)
        until = cal.day(int(match["year"]), named, last)
        if first is None or until is None:
            return None
        return Period(first.earliest, until.latest)
    if published is None:
        return UNKNOWN
    near: list[Period] = []
    for year in range(max(1, published.year - 1), min(9999, published.year + 1) + 1):
        first, until = cal.day(year, named, number), cal.day(year, named, last)
        if first is not None and until is not None:
            near.append(Period(first.earliest, until.latest))
    return cal.nearest(published, near, leaning)


def _month_and_year(match: re.Match[str], published: dt.date | None, leaning: Leaning) -> Period:
    return cal.month(int(match["year"]), _number_of(match["month"]))


def _month_alone(match: re.Match[str], published: dt.date | None, leaning: Leaning) -> Period:
    named = _number_of(match["month"])
    if published is None:
        return UNKNOWN
    year, said = published.year, _group(match, "which")
    if said == "last":
        return cal.month(year - (published.month <= named), named)
    if said == "next":
        return cal.month(year + (published.month >= named), named)
    if said == "this":
        return cal.month(year, named)
    return cal.nearest(published, [cal.month(y, named) for y in (year - 1, year, year + 1)], leaning)


def _year_range(match: re.Match[str], published: dt.date | None, leaning: Leaning) -> Period | None:
    first, second = int(match["year"]), match["second"]
    last = int(second) if len(second) == 4 else first // 100 * 100 + int(second)
    return cal.years(first, last) if first < last else None


def _year(match: re.Match[str], published: dt.date | None, leaning: Leaning) -> Period:
    return cal.years(int(match["year"]), int(match["year"]))


def _decade(match: re.Match[str], published: dt.date | None, leaning: Leaning) -> Period:
    tens = ["twenties", "thirties", "forties", "fifties", "sixties", "seventies", "eighties", "nineties"]
    if word := _group(match, "word"):
        first = 1920 + 10 * tens.index(word)
    elif short := _group(match, "short"):
        first = 1900 + int(short)
    else:
        first = int(match["long"])
    low, high = {"early": (0, 3), "mid": (4, 6), "late": (6, 9)}.get(_group(match, "part"), (0, 9))
    return cal.years(first + low, first + high)


def _century(match: re.Match[str], published: dt.date | None, leaning: Leaning) -> Period:
    number = int(match["number"])
    return cal.years(100 * (number - 1) + 1, 100 * number)


def _part_of_year(match: re.Match[str], published: dt.date | None, leaning: Leaning) -> Period | None:
    """ "the first quarter of 2015", "the second half of last year", "the third quarter"."""
    width = 6 if match["part"] == "half" else 3
    number = min(_TURNS[match["turn"]], 12 // width)
    if _group(match, "year"):
        return cal.months(int(match["year"]), width * (number - 1) + 1, width * number)
    if published is None:
        return UNKNOWN
    year = published.year - (_group(match, "which") == "last")
    near = [cal.months(y, width * (number - 1) + 1, width * number) for y in (year, max(2, year - 1))]
    return near[0] if "of" in match[0].split() else cal.nearest(published, near, leaning)


def _season_or_quarter(match: re.Match[str], published: dt.date | None, leaning: Leaning) -> Period:
    year, quarter = int(match["year"]), _group(match, "q")
    if quarter:
        return cal.months(year, 3 * int(quarter) - 2, 3 * int(quarter))
    return cal.season(year, _group(match, "season"))


def _season(match: re.Match[str], published: dt.date | None, leaning: Leaning) -> Period:
    name = match["season"].lower()
    if published is None:
        return UNKNOWN
    said = _group(match, "which")
    near = [cal.season(published.year + n, name) for n in (-2, -1, 0, 1) if 1 < published.year + n < 9998]
    if said == "last":
        near = [p for p in near if p.latest is not None and p.latest < published]
    elif said == "next":
        near = [p for p in near if p.earliest is not None and p.earliest > published]
    elif said == "this":
        near = near[2:3]
    return cal.nearest(published, near, leaning)


def _unit(match: re.Match[str]) -> str:
    unit = match["unit"].lower()
    return "century" if unit == "centur" else unit


def _window(match: re.Match[str], published: dt.date | None, leaning: Leaning) -> Period:
    """ "the past decade", "over the last three years", "the next few weeks"."""
    count = _count_of(_group(match, "count"))
    ahead = match["which"].lower() in ("next", "coming", "following")
    if published is None:
        return UNKNOWN
    if count is None:
        return Period(published, None) if ahead else Period(None, published)
    return cal.window(published, count, _unit(match), ahead=ahead)


def _named_unit(match: re.Match[str], published: dt.date | None, leaning: Leaning) -> Period:
    """ "last week", "this year", "next month", "last night"."""
    if published is None:
        return UNKNOWN
    ahead = {"last": -1, "previous": -1, "this": 0, "next": 1}[match["which"].lower()]
    unit = match["unit"].lower()
    if unit in ("night", "morning", "afternoon", "evening"):
        return cal.shifted(published, ahead, ahead)
    return cal.unit_at(published, ahead, "century" if unit == "century" else unit)


def _ago(match: re.Match[str], published: dt.date | None, leaning: Leaning) -> Period:
    count = _count_of(_group(match, "count"))
    if published is None:
        return UNKNOWN
    if count is None:
        return Period(None, published)
    return cal.unit_at(published, -int(count), _unit(match))


def _near_day(match: re.Match[str], published: dt.date | None, leaning: Leaning) -> Period:
    if published is None:
        return UNKNOWN
    word = match["word"].lower()
    ahead = {"yesterday": -1, "tomorrow": 1}.get(word, 0)
    return cal.shifted(published, ahead, ahead)


def _recent(match: re.Match[str], published: dt.date | None, leaning: Leaning) -> Period:
    return UNKNOWN if published is None else Period(None, published)


def _weekday(match: re.Match[str], published: dt.date | None, leaning: Leaning) -> Period:
    if published is None:
        return UNKNOWN
    number = _WEEKDAYS.index(match["weekday"].lower())
    said = _group(match, "which")
    if said == "last":
        return (
            cal.weekday(published - dt.timedelta(days=1), number, "past")
            if published.toordinal() > 1
            else UNKNOWN
        )
    if said == "next":
        return (
            cal.weekday(published, number, "future")
            if published.weekday() != number
            else (cal.shifted(published, 7, 7))
        )
    return cal.weekday(published, number, leaning)


def _iso_day(match: re.Match[str], published: dt.date | None, leaning: Leaning) -> Period | None:
    return cal.day(int(match["year"]), int(match["m"]), int(match["day"]))


def _calendar_forms() -> Iterator[tuple[str, _Reader]]:
    """Days, months, years and longer stretches that carry their own year, or want one."""
    weekday = r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?\s+(?:the\s+)?)?"
    upto = r"(?:\s?[-–]\s?(?P<to>[0-3]?\d)(?:st|nd|rd|th)?)?"
    yield rf"(?<![\w-]){_YEAR}-(?P<m>\d\d)-{_DAY}(?![\w-])", _iso_day
    yield (
        rf"(?<![\w$£€.,:/-]){weekday}{_DAY}{upto}\s+(?:of\s+)?{_MONTH}(?!\w)(?:,?\s+{_YEAR})?",
        _day_and_month,
    )
    yield rf"\b{weekday}{_MONTH}\s+{_DAY}{upto}(?![\w:%]|[.,]\d)(?:(?:,\s*|\s+){_YEAR})?", _day_and_month
    yield rf"\b(?:{_SEASON}|Q(?P<q>[1-4])),?\s+(?:of\s+)?{_YEAR}", _season_or_quarter
    yield rf"\b{_MONTH},?\s+(?:of\s+)?{_YEAR}", _month_and_year
    between = rf"\b(?:[Bb]etween|[Ff]rom)\s+{_YEAR}\s+(?:and|to|until|through)\s+(?P<second>\d{{4}})\b"
    yield between, _year_range
    yield rf"(?<![\w$£€.,/-]){_YEAR}\s?[-–/]\s?(?P<second>\d{{4}}|\d\d)(?![\w/-])", _year_range
    part = r"(?:the\s+)?(?:(?P<part>early|mid|late|Early|Mid|Late)[ -])?(?:the\s+)?"
    yield rf"\b{part}(?P<long>1[0-9]\d0|20\d0)['’]?s\b", _decade
    yield rf"\b{part}(?<=the ){_TENS_WORD}\b", _decade
    yield rf"\b{part}(?<!\w)['’](?P<short>\d0)s\b", _decade
    yield r"\b(?:the\s+)?(?P<number>1?\d|2[01])(?:st|nd|rd|th)[ -]century\b", _century
    of_year = rf"\s+of\s+(?:the\s+year|(?P<which>last|this)\s+year|{_YEAR})"
    yield rf"\b(?:the\s+)?{_TURN}\s+(?P<part>quarter|half){of_year}", _part_of_year
    yield r"\b(?:the\s+)?(?P<turn>first|second|third|fourth)\s+(?P<part>quarter)\b(?!\s+of)", _part_of_year


def _relative_forms() -> Iterator[tuple[str, _Reader]]:
    """What counts from the article's own day."""
    which = r"(?:(?P<which>[Ll]ast|[Tt]his|[Nn]ext)\s+)"
    window = r"(?P<which>[Pp]ast|[Ll]ast|[Pp]revious|[Pp]receding|[Nn]ext|[Cc]oming|[Ff]ollowing)"
    counted = rf"\b(?:[Tt]he|[Tt]hese|[Hh]is|[Hh]er|[Tt]heir|[Ii]ts)\s+{window}\s+(?:{_COUNT}\s+)?{_UNIT}"
    yield counted, _window
    yield rf"\b{window}\s+{_COUNT}\s+{_UNIT}", _window
    yield rf"\b(?P<which>[Pp]ast)\s+{_UNIT}", _window
    yield rf"\b{_COUNT}\s+{_UNIT}\s+ago\b", _ago
    when = r"(?:(?:[Ee]arlier|[Ll]ater|[Ll]ate|[Ee]arly)\s+)?"
    spell = r"(?P<unit>week|weekend|month|quarter|year|decade|century|night|morning|afternoon|evening)\b"
    yield rf"\b{when}(?P<which>[Ll]ast|[Pp]revious|[Tt]his|[Nn]ext)\s+{spell}", _named_unit
    yield rf"\b{which}{_SEASON}\b", _season
    yield rf"\b{which}{_MONTH}(?!\w)", _month_alone
    yield rf"(?<=\s)(?:(?:mid|early|late)-?\s?){_MONTH}(?!\w)", _month_alone
    yield (
        rf"(?:(?<=[Ii]n )|(?<=ince )|(?<=ntil )|(?<=by )|(?<=of )|(?<=ring )|(?<=rom )){_MONTH}(?![\w])",
        _month_alone,
    )
    yield r"\b(?:[Tt]he\s+)(?P<month>January|February|September|October|November|December)\b", _month_alone
    yield rf"\b(?:[Ii]n|[Dd]uring)\s+(?:the\s+)?{_SEASON}\b", _season
    yield rf"\b{which}{_WEEKDAY}\b", _weekday
    yield rf"\b{_WEEKDAY}\b(?!\s+(?:Times|Telegraph|Mirror|Mail|Post|Express|Herald))", _weekday
    yield r"\b(?P<word>[Tt]oday|[Yy]esterday|[Tt]omorrow|[Tt]onight|[Nn]owadays|[Cc]urrently)\b", _near_day
    yield r"\b(?P<word>[Nn]ow|[Aa]t present|[Aa]t the moment)\b(?!\s+that\b)", _near_day
    yield r"\b(?:[Rr]ecently|[Ii]n\s+recent\s+(?:days|weeks|months|years|decades))\b", _recent


def _year_forms() -> Iterator[tuple[str, _Reader]]:
    """A year by itself: last, since anything longer that holds it has been read by now."""
    yield rf"{_NOT_COUNTING}{_YEAR}(?![\w%]|-\w){_COUNTED}", _year


TELLINGS = tuple(
    Telling(re.compile(pattern), read)
    for forms in (_calendar_forms, _relative_forms, _year_forms)
    for pattern, read in forms()
)
