"""Wilson's interval against values worked out by hand; cells that a spreadsheet does not run."""

from __future__ import annotations

import pytest

from claimtracker.kernel.charts import Interval, interval_chart
from claimtracker.kernel.shares import ENOUGH, share_of
from claimtracker.kernel.spreadsheets import csv_response, harmless


def test_the_interval_of_three_in_ten() -> None:
    found = share_of(3, 10)
    # z² = 3.8415: middle (0.3 + 0.19207) / 1.38415, spread 1.96 × √(0.021 + 0.0096036) / 1.38415
    assert found.value == 0.3
    assert (found.low, found.high) == pytest.approx((0.10779, 0.60322), abs=1e-4)
    assert not found.is_enough


def test_none_and_all_never_leave_nought_to_one() -> None:
    none, whole = share_of(0, 10), share_of(10, 10)
    assert (none.low, whole.high) == (0.0, 1.0)
    assert none.high == pytest.approx(0.27753, abs=1e-4)
    assert whole.low == pytest.approx(1 - 0.27753, abs=1e-4)


def test_nothing_has_no_share_and_enough_begins_at_thirty() -> None:
    assert share_of(0, 0).value is share_of(0, 0).low is None
    assert share_of(1, ENOUGH).is_enough
    with pytest.raises(ValueError, match="no share"):
        share_of(3, 2)


def test_words_that_look_like_formulas_are_quoted_and_numbers_are_not() -> None:
    assert harmless(["=1+1", "+x", "-x", "@x", "\tx", "fine", -0.5, None]) == [
        "'=1+1",
        "'+x",
        "'-x",
        "'@x",
        "'\tx",
        "fine",
        -0.5,
        None,
    ]
    answer = csv_response("things", ["a", "b"], [["=cmd()", None]])
    assert answer["Content-Disposition"] == 'attachment; filename="things.csv"'
    assert answer.content.decode().splitlines() == ["a,b", "'=cmd(),"]


def test_an_interval_stands_between_its_ends() -> None:
    chart = interval_chart([Interval("a", "a says", 0.5, 0.25, 0.75, other=1.0)])
    assert chart is not None
    row = chart.rows[0]
    assert (row.low, row.x, row.high, row.width, row.other) == (
        "25.00%",
        "50.00%",
        "75.00%",
        "50.00%",
        "100.00%",
    )
    assert chart.zero == ""
    assert interval_chart([]) is None


def test_nought_is_marked_where_it_lies_inside() -> None:
    chart = interval_chart([Interval("a", "a", 2.0, -2.0, 2.0)], first=-1)
    assert chart is not None
    assert (chart.zero, chart.rows[0].low, chart.rows[0].x) == ("50.00%", "0.00%", "100.00%")
