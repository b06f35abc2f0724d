"""Where the marks of a chart stand, for a template that draws them as SVG: along by percent, so that a chart
is as wide as its place and its words keep their size; down by pixels. No styles: classes do that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

ROW, AXIS = 46, 24  # pixels of an outlet's row, of the line of days under all rows
PLOT = 120  # pixels of a column at its highest
SMALLEST, LARGEST = 4.0, 11.0  # pixels of a dot's radius
_EDGE = 3.0  # percent left free on either side, so that no dot is cut


@dataclass(frozen=True, slots=True)
class Dot:
    x: str
    y: int
    r: str
    count: int
    day: date


@dataclass(frozen=True, slots=True)
class DotRow:
    label: str
    total: int
    text_y: int
    line_y: int
    dots: list[Dot]


@dataclass(frozen=True, slots=True)
class DotChart:
    """Rows of dots along days: the area of a dot is its count."""

    rows: list[DotRow]
    height: int
    axis_y: int
    first: date
    last: date


def dot_chart(rows: Sequence[tuple[str, Mapping[date, int]]]) -> DotChart | None:
    """One row for each label with its counts by day. None when there is nothing to show."""
    days = [day for _label, counts in rows for day in counts]
    if not days:
        return None
    first, last = min(days), max(days)
    most = max(count for _label, counts in rows for count in counts.values())
    drawn = []
    for number, (label, counts) in enumerate(rows):
        line_y = number * ROW + 34
        dots = [
            Dot(_along(day, first, last), line_y, _radius(count, most), count, day)
            for day, count in sorted(counts.items())
        ]
        drawn.append(DotRow(label, sum(counts.values()), number * ROW + 14, line_y, dots))
    height = len(rows) * ROW + AXIS
    return DotChart(drawn, height, height - 8, first, last)


def _along(day: date, first: date, last: date) -> str:
    span = (last - first).days
    share = (day - first).days / span if span else 0.5
    return f"{_EDGE + share * (100 - 2 * _EDGE):.2f}%"


def _radius(count: int, most: int) -> str:
    return f"{max(SMALLEST, LARGEST * (count / most) ** 0.5 if most > 1 else SMALLEST + 1):.1f}"


@dataclass(frozen=True, slots=True)
class Bar:
    kind: str
    y: str
    height: str
    count: float


@dataclass(frozen=True, slots=True)
class Column:
    label: str
    x: str
    middle: str
    width: str
    bars: list[Bar]
    total: float
    says: str


@dataclass(frozen=True, slots=True)
class ColumnChart:
    """Columns side by side, each of parts on top of each other; the full height stands for ``most``."""

    columns: list[Column]
    most: float
    height: int
    plot: int
    scale: str


def column_chart(
    columns: Sequence[tuple[str, Mapping[str, float]]],
    *,
    most: float = 0,
    scale: str = "",
    says: Sequence[str] = (),
) -> ColumnChart:
    """A column for each label, its parts from below in the order of their mapping. ``most`` makes several
    charts comparable; ``scale`` is what stands at the full height instead of the number, ``says`` what each
    column says of itself instead of its label and total."""
    most = max([most, 1, *(sum(parts.values()) for _label, parts in columns)])
    step = 100 / max(len(columns), 1)
    drawn = []
    for number, (label, parts) in enumerate(columns):
        bars, top = [], float(PLOT)
        for kind, count in parts.items():
            if count:
                height = PLOT * count / most
                top -= height
                bars.append(Bar(kind, f"{top:.1f}", f"{height:.1f}", count))
        left = number * step
        drawn.append(
            Column(
                label,
                f"{left + step * 0.15:.2f}%",
                f"{left + step / 2:.2f}%",
                f"{step * 0.7:.2f}%",
                bars,
                sum(parts.values()),
                says[number] if says else f"{label}: {sum(parts.values())}",
            )
        )
    return ColumnChart(drawn, most, PLOT + AXIS, PLOT, scale or str(most))


LINE = 44  # pixels of a row of an interval chart


@dataclass(frozen=True, slots=True)
class IntervalRow:
    label: str
    says: str
    text_y: int
    line_y: int
    x: str
    low: str
    high: str
    width: str
    other: str
    is_faint: bool


@dataclass(frozen=True, slots=True)
class IntervalChart:
    """Rows of a value with its interval, from ``first`` to ``last`` along; ``other`` is a second value to
    compare it with."""

    rows: list[IntervalRow]
    height: int
    axis_y: int
    zero: str


@dataclass(frozen=True, slots=True)
class Interval:
    label: str
    says: str
    value: float
    low: float
    high: float
    other: float | None = None
    is_faint: bool = False


def interval_chart(
    rows: Sequence[Interval], *, first: float = 0.0, last: float = 1.0
) -> IntervalChart | None:
    """None when there is nothing to show. ``zero`` is where 0 stands, when that is inside."""
    if not rows:
        return None

    def along(value: float) -> float:
        return 100 * (min(max(value, first), last) - first) / (last - first)

    drawn = [
        IntervalRow(
            label=row.label,
            says=row.says,
            text_y=number * LINE + 14,
            line_y=number * LINE + 28,
            x=f"{along(row.value):.2f}%",
            low=f"{along(row.low):.2f}%",
            high=f"{along(row.high):.2f}%",
            width=f"{along(row.high) - along(row.low):.2f}%",
            other="" if row.other is None else f"{along(row.other):.2f}%",
            is_faint=row.is_faint,
        )
        for number, row in enumerate(rows)
    ]
    height = len(rows) * LINE + AXIS
    zero = f"{along(0):.2f}%" if first < 0 < last else ""
    return IntervalChart(drawn, height, height - 6, zero)
