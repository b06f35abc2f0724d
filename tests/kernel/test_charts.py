"""Marks of charts stand where their numbers say, in units that no style has to help."""

from __future__ import annotations

from datetime import date

from claimtracker.kernel.charts import LARGEST, PLOT, SMALLEST, column_chart, dot_chart


def day(number: int) -> date:
    return date(2026, 3, number)


def test_dots_stand_by_their_day_and_grow_by_area() -> None:
    chart = dot_chart([("A", {day(1): 1, day(3): 4, day(5): 16})])
    assert chart is not None
    dots = chart.rows[0].dots
    assert [dot.x for dot in dots] == ["3.00%", "50.00%", "97.00%"]
    assert [float(dot.r) for dot in dots] == [SMALLEST, LARGEST / 2, LARGEST]
    assert chart.rows[0].total == 21


def test_a_single_day_stands_in_the_middle() -> None:
    chart = dot_chart([("A", {day(2): 1})])
    assert chart is not None
    assert chart.rows[0].dots[0].x == "50.00%"
    assert chart.first == chart.last == day(2)


def test_no_day_is_no_chart() -> None:
    assert dot_chart([]) is None
    assert dot_chart([("A", {})]) is None


def test_every_row_lies_inside_of_the_chart() -> None:
    chart = dot_chart([(str(n), {day(1): 1}) for n in range(8)])
    assert chart is not None
    assert all(row.line_y < chart.axis_y < chart.height for row in chart.rows)


def test_the_parts_of_a_column_stand_on_each_other_up_to_their_sum() -> None:
    chart = column_chart([("a", {"x": 3, "y": 0, "z": 1}), ("b", {"x": 2})])
    first, second = chart.columns
    assert chart.most == 4
    assert [(bar.kind, float(bar.y), float(bar.height)) for bar in first.bars] == [
        ("x", PLOT / 4, PLOT * 3 / 4),
        ("z", 0, PLOT / 4),
    ]
    assert float(second.bars[0].height) == PLOT / 2
    assert (first.x, first.width, second.x) == ("7.50%", "35.00%", "57.50%")


def test_empty_columns_divide_nothing_by_nothing() -> None:
    chart = column_chart([("a", {}), ("b", {"x": 0})])
    assert [column.bars for column in chart.columns] == [[], []]
    assert column_chart([]).columns == []
