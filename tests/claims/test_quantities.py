"""Amounts in digits and words, with their unit and how exactly they are meant."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.extraction.quantities import quantities_in

AMOUNTS = [
    ("Several hundred civilians were killed", "Several hundred", 200, 900, "civilians", "several"),
    ("Iraq and 26 other nations met", "26", 26, 26, "nations", "exact"),
    ("Dozens of homes burnt", "Dozens", 24, 99, "homes", "several"),
    ("Scores of flights were late", "Scores", 40, 199, "flights", "several"),
    ("tens of thousands of refugees", "tens of thousands", 20_000, 99_000, "refugees", "several"),
    ("half of voters stayed away", "half", 0.5, 0.5, "share", "exact"),
    ("two-thirds of pupils passed", "two-thirds", 0.6667, 0.6667, "share", "exact"),
    ("1 in 5 children is poor", "1 in 5", 0.2, 0.2, "share", "exact"),
    ("12 out of 20 wells ran dry", "12 out of 20", 0.6, 0.6, "share", "exact"),
    ("between 5 and 8 percent", "between 5 and 8 percent", 5, 8, "percent", "range"),
    ("5 to 8 million people", "5 to 8 million", 5e6, 8e6, "people", "range"),
    ("20,000 to 30,000 fighters", "20,000 to 30,000", 20_000, 30_000, "fighters", "range"),
    ("5-8% of output", "5-8%", 5, 8, "percent", "range"),
    ("more than 26 towns flooded", "more than 26", 26, None, "towns", "more_than"),
    ("at least 60 people", "at least 60", 60, None, "people", "at_least"),
    ("nearly 400 ballots", "nearly 400", 400, 400, "ballots", "about"),
    ("up to $1.2 billion", "up to $1.2 billion", None, 1.2e9, "USD", "at_most"),
    ("fewer than 15 percent", "fewer than 15 percent", None, 15, "percent", "less_than"),
    ("1,000+ homes", "1,000+", 1_000, None, "homes", "at_least"),
    ("a grant of £9.4m", "£9.4m", 9.4e6, 9.4e6, "GBP", "exact"),
    ("€45 a head", "€45", 45, 45, "EUR", "exact"),
    ("US$5bn in aid", "US$5bn", 5e9, 5e9, "USD", "exact"),
    ("5 million pounds", "5 million pounds", 5e6, 5e6, "GBP", "exact"),
    ("millions of dollars", "millions", 2e6, 9_999_999, "USD", "several"),
    ("45 per cent", "45 per cent", 45, 45, "percent", "exact"),
    ("2.5 percentage points", "2.5 percentage points", 2.5, 2.5, "percentage points", "exact"),
    ("less than one-half of 1 percent", "less than one-half of 1 percent", None, 0.5, "percent", "less_than"),
    ("one and a half million jobs", "one and a half million", 1.5e6, 1.5e6, "jobs", "exact"),
    (
        "two hundred and fifty thousand people",
        "two hundred and fifty thousand",
        250e3,
        250e3,
        "people",
        "exact",
    ),
    ("two dozen soldiers", "two dozen", 24, 24, "soldiers", "exact"),
    ("the third-largest port", "third", 3, 3, "rank", "exact"),
    ("Rents doubled", "doubled", 2, 2, "times", "exact"),
    ("a 45-year-old man", "45-year", 45, 45, "years", "exact"),
    ("Ann Lee, 45, resigned", "45", 45, 45, "years", "exact"),
    ("an 8-kilometre line", "8-kilometre", 8, 8, "kilometres", "exact"),
    ("minus 5 degrees", "minus 5 degrees", -5, -5, "degrees", "exact"),
    ("warming of 1.5C", "1.5C", 1.5, 1.5, "°C", "exact"),
    ("1500 people marched", "1500", 1500, 1500, "people", "exact"),
]
NO_AMOUNTS = [
    *("the third man", "a third term", "in 2016", "the 2016 election", "No 10 said so", "the G7 met"),
    *("MH17 was shot down", "Leeds won 3-2", "at 7.30pm", "at 10 a.m. on 3 May", "call 020 7946 0991"),
    *("Flight 370 vanished", "Article 50", "10 Downing Street", "a two-state solution", "after 9/11"),
    *(
        "the first half ended",
        "the 21st century",
        "a 5-4 ruling",
        "It wants 1) taxes and 2) jobs",
        "in the 1990s",
    ),
    *("one of the towns", "at one point", "https://example.org/2400/12", "20 January", "Top 40"),
]


@pytest.mark.parametrize(("text", "words", "low", "high", "unit", "approximation"), AMOUNTS)
def test_amounts(
    text: str, words: str, low: float | None, high: float | None, unit: str, approximation: str
) -> None:
    (found,) = quantities_in(text)
    assert text[found.start : found.end] == words
    assert (found.low, found.high, found.unit, found.approximation) == (low, high, unit, approximation)


@pytest.mark.parametrize("text", NO_AMOUNTS)
def test_numbers_that_are_no_amounts(text: str) -> None:
    assert quantities_in(text) == ()


def test_both_sides_of_a_change_keep_the_unit() -> None:
    found = quantities_in("Unemployment rose from 5 to 8 percent and aid from £212m to £276m")
    assert [(q.low, q.unit) for q in found] == [
        (5, "percent"), (8, "percent"), (212e6, "GBP"), (276e6, "GBP"),
    ]  # fmt: skip


def test_positions_count_into_the_whole_text() -> None:
    text = "Été 🙂 12 men. At least 30 boats sank. 7 cats"
    (found,) = quantities_in(text, text.index("At"), text.index(" 7"))
    assert text[found.start : found.end] == "At least 30"


PIECES = st.sampled_from(
    [
        "several",
        "hundred",
        "thousand",
        "million",
        "dozens",
        "scores",
        "half",
        "third",
        "two-thirds",
        "one",
        "in",
        "5",
        "between",
        "and",
        "8",
        "percent",
        "more",
        "than",
        "at",
        "least",
        "$",
        "£",
        "€",
        "%",
        "1,200",
        "3.5",
        "20-30",
        "-",
        "–",
        "to",
        "from",
        "2016",
        "½",
        "45-year-old",
        "No",
        "10",
        "G7",
        "of",
        "a",
        "few",
        "people",
        "twice",
        "doubled",
        "minus",
        "ranked",
        "second",
        "+",
        "¹",  # a digit to str.isdigit, and no number to float
        "2²",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=120), st.lists(PIECES, max_size=25).map(" ".join)), st.data())
def test_any_text(text: str, draw: st.DataObject) -> None:
    start = draw.draw(st.integers(0, len(text)))
    end = draw.draw(st.integers(start, len(text)))
    before = start
    for found in quantities_in(text, start, end):
        assert before <= found.start < found.end <= end
        assert found.low is None or found.high is None or found.low <= found.high
        before = found.end
