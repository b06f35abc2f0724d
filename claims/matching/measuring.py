"""When two amounts, or two dates, fit each other and when they cannot both be right."""

from __future__ import annotations

import math
from functools import lru_cache

from claims.extraction.units import CURRENCY_CODES
from claims.matching.stems import stem_of

_ROUGHLY = 0.12  # what "about" and "nearly" leave open
_ROUNDED = 0.05  # at most so much is lost by rounding: 1,200 for 1,184
_APART = 1.1  # from here on two values are two different values to a reader
_EXACT_BELOW = 13  # smaller counts are counted, not rounded
_TELLING = 20  # a count from here on is hardly the same by chance
_FAVOURITES = frozenset((0.0, 0.5, 1.0, 2.0, 5.0, 10.0, 50.0, 100.0))  # said of everything
_OPEN_REACH = 2.0  # "more than 1,000" is said of 1,200, hardly of 5,000
# Units of one kind, and what one of them is in the kind's own. A "#" keeps kinds apart from counted things.
_KINDS = {
    unit: (kind, size)
    for kind, sizes in {
        "#length": {
            "kilometres": 1000.0,
            "metres": 1.0,
            "centimetres": 0.01,
            "millimetres": 0.001,
            "miles": 1609.344,
            "feet": 0.3048,
            "inches": 0.0254,
            "yards": 0.9144,
        },
        "#weight": {"kilograms": 1.0, "grams": 0.001, "tonnes": 1000.0, "tons": 907.2, "pounds": 0.4536},
        "#area": {"acres": 0.4047, "hectares": 1.0},
        "#time": {
            "seconds": 1 / 86_400,
            "minutes": 1 / 1440,
            "hours": 1 / 24,
            "days": 1.0,
            "weeks": 7.0,
            "months": 30.44,
            "years": 365.25,
            "decades": 3652.5,
            "centuries": 36525.0,
        },
        "#age": {"years old": 1.0, "months old": 1 / 12, "weeks old": 7 / 365.25, "days old": 1 / 365.25},
        "#percent": {"percent": 1.0, "percentage points": 1.0, "share": 100.0},
        "USD": {"USD": 1.0, "dollars": 1.0, "cents": 0.01},
        "#times": {"times": 1.0},
        "#rank": {"rank": 1.0},
        "#speed": {"mph": 1.609, "km/h": 1.0},
    }.items()
    for unit, size in sizes.items()
}
_MEASURED = frozenset(kind for kind, _ in _KINDS.values()) | CURRENCY_CODES


class Amount:
    """A number of a statement, as the stretch of values that it may stand for in the unit of its kind."""

    __slots__ = (
        "high",
        "kind",
        "low",
        "place",
        "reach_high",
        "reach_low",
        "size",
        "unit",
        "vague",
        "written",
    )

    def __init__(
        self, low: float | None, high: float | None, unit: str, written: str, place: int, roughly: bool
    ) -> None:
        self.written, self.place, self.unit = written, place, unit
        self.vague = roughly and low != high  # "thousands"
        self.kind, factor = kind_of(unit)
        self.size = (low if low is not None else high or 0.0) * factor
        self.low = -math.inf if low is None else (low - slack(low, roughly, unit)) * factor
        self.high = math.inf if high is None else (high + slack(high, roughly, unit)) * factor
        # what "up to" and "more than" are really said of
        self.reach_low = self.high / _OPEN_REACH if low is None else self.low
        self.reach_high = self.low * _OPEN_REACH if high is None else self.high

    def is_telling(self) -> bool:
        """Whether another statement hardly has the same number by chance."""
        if self.vague or self.kind in ("", "#time", "#times", "#rank"):
            return False
        value = abs(self.size) / kind_of(self.unit)[1]
        if self.kind == "#percent" or self.kind in CURRENCY_CODES:
            return value not in _FAVOURITES
        return value >= _TELLING

    def is_measured(self) -> bool:
        """Whether the number has a unit of measure or money; else it counts things."""
        return self.kind in _MEASURED


@lru_cache(maxsize=20_000)
def kind_of(unit: str) -> tuple[str, float]:
    """What a unit measures, and its size there; a counted thing is its own kind, by its last word's stem."""
    known = _KINDS.get(unit)
    if known is not None:
        return known
    if unit in CURRENCY_CODES or not unit:
        return unit, 1.0
    return stem_of(unit.split()[-1]), 1.0


def slack(value: float, roughly: bool, unit: str) -> float:
    """How far off the true value may be where somebody writes this one."""
    size = abs(value)
    if roughly:
        return _ROUGHLY * size
    if unit == "share":
        return 0.03  # "a third"
    if unit == "rank" or size == 0 or (size < _EXACT_BELOW and value == int(value) and unit != "percent"):
        return 0.0
    if unit in ("percent", "percentage points"):
        return min(1.0, _step(size) / 2)
    return min(0.49 * _step(size), _ROUNDED * size)


def _step(size: float) -> float:
    """What one more in the last digit written would add: 100 for 1,200, 0.1 for 2.5."""
    digits = f"{size:.10g}".partition("e")[0].replace(".", "").strip("0")
    return float(10.0 ** (math.floor(math.log10(size)) - len(digits) + 1))


def fit(one: Amount, other: Amount) -> bool:
    """Whether both may speak of one true value."""
    return one.reach_low <= other.reach_high and other.reach_low <= one.reach_high


def exclude(one: Amount, other: Amount) -> bool:
    """Whether no value can be what both say."""
    if not (one.low > other.high or other.low > one.high):
        return False
    less, more = sorted((abs(one.size), abs(other.size)))
    return more < _EXACT_BELOW or more >= _APART * less


def comparable(one: Amount, other: Amount) -> bool:
    """Whether two values are near enough to be two tellings of one thing, or a slip between the big words."""
    less, more = sorted((abs(one.size), abs(other.size)))
    if less == 0:
        return more < 100
    ratio = more / less
    return ratio <= 10 or (less >= 1 and any(math.isclose(ratio, slip, rel_tol=0.01) for slip in (1e3, 1e6)))


@lru_cache(maxsize=50_000)
def stretch_of(when: str) -> tuple[str, str] | None:
    """First and last day as sortable text; None where the year is not said."""
    if when.startswith("--"):
        return None
    first, slash, last = when.partition("/")
    if not slash:
        last = first
    return _filled(first, "0000-01-01"), _filled(last, "9999-12-31")


def _filled(when: str, fill: str) -> str:
    return when + fill[len(when) :] if len(when) < 8 or fill.startswith("0") else when


def dates_fit(one: str, other: str) -> bool:
    """Whether both may mean one time: a day fits its month, a month its year."""
    ours, theirs = stretch_of(one), stretch_of(other)
    if ours is None or theirs is None:
        return _days_fit(one, other)
    return ours[0] <= theirs[1] and theirs[0] <= ours[1]


def _days_fit(one: str, other: str) -> bool:
    """Days and months where at least one side leaves the year away: "--03-12" and "2015-03"."""
    ours, theirs = (when[2:] if when.startswith("--") else when[5:] for when in (one, other))
    if not ours or not theirs or "/" in one or "/" in other:
        return True
    return ours.startswith(theirs) or theirs.startswith(ours)


def same_precision(one: str, other: str) -> bool:
    """Whether both are years, or both months, or both days, so that they can be set against each other."""
    if "/" in one or "/" in other:
        return False
    return len(one.removeprefix("--")) == len(other.removeprefix("--")) or (
        one.startswith("--") != other.startswith("--") and min(len(one), len(other)) > 4
    )
