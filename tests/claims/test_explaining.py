"""Scores, places, amounts and dates in words for people."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from claims.explaining import explanation_of, place_in_words, why_changed, why_passed_over, worth_in_words
from claims.extraction import model
from claims.models import Appearance


def part(sort: str, /, **stored: Any) -> str:
    place = Appearance(parts={sort: [{"start": 0, "end": 5, **stored}]}, score=0.5, extractor_version="r")
    explained = explanation_of(place, "words of the article", None)
    lines = {"quantities": explained.amounts, "dates": explained.dates, "names": explained.names}[sort]
    return lines[0].meaning if lines else ""


@pytest.mark.parametrize(
    ("low", "high", "unit", "approximation", "says"),
    [
        (200, 900, "civilians", "several", "200 to 900 civilians"),
        (26, 26, "nations", "exact", "26 nations"),
        (9_400_000, 9_400_000, "GBP", "exact", "9.4 million GBP"),
        (18, 18, "percent", "exact", "18%"),
        (None, 1 / 3, "share", "less_than", "less than 33.33%"),
        (0.25, 0.25, "share", "exact", "25%"),
        (1200, 1200, "thefts", "about", "about 1,200 thefts"),
        (5, None, "people", "more_than", "more than 5 people"),
        (5, None, "people", "at_least", "at least 5 people"),
        (None, 7, "", "at_most", "at most 7"),
        (2.5, 3, "percent", "range", "2.5% to 3%"),
        (None, None, "", "exact", "an amount that the article leaves open"),
    ],
)
def test_an_amount_in_words(
    low: float | None, high: float | None, unit: str, approximation: str, says: str
) -> None:
    stored = {"low": low, "high": high, "unit": unit, "approximation": approximation}
    assert part("quantities", **stored) == says


@pytest.mark.parametrize(
    ("earliest", "latest", "says"),
    [
        ("2016-10-17", "2016-10-17", "17 October 2016"),
        ("2016-10-01", "2016-10-31", "October 2016"),
        ("2015-01-01", "2015-12-31", "2015"),
        ("2010-01-01", "2019-12-31", "2010 to 2019"),
        ("2016-10-17", "2016-10-23", "17 October 2016 to 23 October 2016"),
        ("2012-01-01", None, "from 1 January 2012 on"),
        (None, "2012-01-01", "until 1 January 2012"),
        (None, None, "not known: the article came without its date"),
        ("2016-01-01", "9999-12-31", "1 January 2016 to 31 December 9999"),
    ],
)
def test_a_date_in_words(earliest: str | None, latest: str | None, says: str) -> None:
    assert part("dates", earliest=earliest, latest=latest) == says


def test_a_name_in_full() -> None:
    assert part("names", name="Michael Fallon", kind="person") == "Michael Fallon, person"
    assert part("names", name="words", kind="other") == ""


def test_a_probability_is_said_as_one_and_never_as_certain() -> None:
    assert "about 82 were judged worth checking" in worth_in_words(0.82, is_probability=True)
    assert "more than 98" in worth_in_words(0.999, is_probability=True)
    assert "fewer than 1" in worth_in_words(0.001, is_probability=True)
    assert "0.82 on a scale" in worth_in_words(0.82, is_probability=False)


def test_a_place_needs_something_to_compare_with() -> None:
    assert [place_in_words(3, 14), place_in_words(1, 1), place_in_words(None, 9), place_in_words(5, 4)] == [
        "3rd of 14",
        "",
        "",
        "",
    ]


def test_every_reason_of_the_extractor_has_words() -> None:
    for why in get_args(model.ChangeReason):
        assert why_changed(why)
    for reason in get_args(model.WhyNot):
        word, sentence = why_passed_over(reason)
        assert word != reason
        assert sentence
