"""The parts of an insight page, so that its plot, its table and its file cannot say different things."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from claimtracker.kernel.charts import ColumnChart, IntervalChart

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Column:
    """``name`` is its head in the file, ``label`` on the page."""

    name: str
    label: Text
    is_number: bool = True


@dataclass(frozen=True, slots=True)
class Cell:
    """``value`` in the file, ``shown`` on the page."""

    value: Any
    shown: str
    url: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    key: str
    caption: Text
    columns: tuple[Column, ...]
    rows: list[list[Cell]]
    note: Text = ""

    @property
    def lines(self) -> list[list[tuple[Column, Cell]]]:
        return [list(zip(self.columns, row, strict=True)) for row in self.rows]

    @property
    def head(self) -> list[str]:
        return [column.name for column in self.columns]

    @property
    def values(self) -> list[list[Any]]:
        return [[cell.value for cell in row] for row in self.rows]


@dataclass(frozen=True, slots=True)
class Panel:
    """A plot with its headline. ``sentence`` says the plot in words for who does not see it."""

    key: str
    title: Text
    big: str
    words: Text
    sentence: str
    columns: ColumnChart | None = None
    intervals: IntervalChart | None = None
    ends: tuple[str, str] = ("", "")
    aside: Text = ""
    warning: Text = ""


@dataclass(frozen=True, slots=True)
class Report:
    """``tells`` and ``tells_not`` stand under the title: what may be read out of the numbers, what not."""

    key: str
    title: Text
    tells: Text
    tells_not: Text
    panels: list[Panel]
    tables: list[Table]
    legend: tuple[tuple[str, Text], ...] = ()
    remarks: list[str] = field(default_factory=list)
    nothing: Text = ""

    def table(self, key: str) -> Table | None:
        return next((table for table in self.tables if table.key == key), None)


def number(value: int) -> Cell:
    return Cell(value, f"{value:,}")


def text(value: Any, shown: Text = "", *, url: str = "", remark: Text = "") -> Cell:
    return Cell(str(value), str(shown or value), url, str(remark))


def share(value: float | None) -> Cell:
    return Cell(None if value is None else round(value, 4), "–" if value is None else f"{value:.0%}")


def hours(span: timedelta | None) -> Cell:
    """Hours in the file, words on the page."""
    if span is None:
        return Cell(None, "–")
    return Cell(round(span.total_seconds() / 3600, 2), length(span))


def length(span: timedelta) -> str:
    """A length of time in the unit that fits it."""
    seconds = span.total_seconds()
    if seconds < 3600:
        minutes = round(seconds / 60)
        return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    if seconds < 48 * 3600:
        return _("%(n)s hours") % {"n": f"{seconds / 3600:.1f}"}
    days = seconds / 86400
    return _("%(n)s days") % {"n": f"{days:.1f}" if days < 14 else f"{days:,.0f}"}


def joined(parts: Sequence[str]) -> str:
    return ", ".join(part for part in parts if part)
