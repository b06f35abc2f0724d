"""Quotations found in a text: what is the same, what is nearly the same, and what is not."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.sources.quoting import Found, find_quotation, same_words

TEXT = (
    "Capital accounts\n\n"
    "The council’s accounts put spending on the line at £131.2m by the end of January – “a record”, the "
    "auditor said. Nobody was dismissed.\n"
    "Households: 256,800 in the city. The larger figure divides the whole planned cost by the households of "
    "the old city boundary, which leaves out five districts that pay too.\n"
    "The operator did not publish counts for 2020."
)


@pytest.mark.parametrize(
    "quotation",
    [
        "spending on the line at £131.2m by the end of January",
        'accounts put spending on the line at £131.2m by the end of January - "a record"',
        "The council's   accounts\nput spending",
        "“Nobody was dismissed.”",
        "nobody was dismissed",
        "spending on the line … a record",
        "spending on the line [...] the auditor said",
        "The larger figure divides the [whole] planned cost by the households",
        "Households: 256,800",
    ],
)
def test_the_same_words_are_found_however_they_are_set(quotation: str) -> None:
    passage = find_quotation(quotation, TEXT)
    assert passage.found == Found.FOUND
    assert TEXT[passage.start : passage.end] == passage.exact
    assert TEXT[: passage.start].endswith(passage.prefix) and TEXT[passage.end :].startswith(passage.suffix)


@pytest.mark.parametrize(
    "quotation",
    [
        "The larger figure divides all of the planned cost by the households of the old city boundary",
        "The councils accounts put the spending on this line at £131.2m by the end of January",
    ],
)
def test_small_differences_are_said(quotation: str) -> None:
    passage = find_quotation(quotation, TEXT)
    assert passage.found == Found.NEAR
    assert 0.8 <= passage.similarity < 1
    assert TEXT[passage.start : passage.end] == passage.exact


@pytest.mark.parametrize(
    "quotation",
    [
        "spending on the line at £113.2m by the end of January",
        "spending on the line at £31.2m by the end of January",
        "Households: 56,800",
        "Households: 256,80",
        "The operator did publish counts for 2020",
        "The operator published no counts for 2020",
        "The treasurer resigned on Tuesday after the vote",
        "a record … spending on the line",
        "…",
        "",
        "[sic]",
    ],
)
def test_another_number_or_a_negation_is_no_small_difference(quotation: str) -> None:
    assert find_quotation(quotation, TEXT).found == Found.MISSING


def test_of_a_missing_quotation_the_nearest_passage_is_shown() -> None:
    passage = find_quotation("spending on the line at £113.2m by the end of January", TEXT)
    assert passage.exact == "spending on the line at £131.2m by the end of January"
    assert find_quotation("Zebras graze quietly", TEXT).exact == ""


def test_an_omission_does_not_reach_over_the_whole_page() -> None:
    far = "It begins here. " + "x " * 3000 + "It ends there."
    assert find_quotation("It begins here … It ends there", far).found == Found.MISSING
    near = "It begins here. " + "x " * 300 + "It ends there."
    assert find_quotation("It begins here … It ends there", near).found == Found.FOUND


def test_positions_are_code_points_also_where_one_letter_becomes_two() -> None:
    text = "İstanbul 🚋🚋 ﬁgures: Straße gesperrt, said the mayor"
    passage = find_quotation("figures: STRASSE gesperrt", text)
    assert (passage.found, passage.exact) == (Found.FOUND, "ﬁgures: Straße gesperrt")


def test_the_same_words_are_no_change() -> None:
    assert same_words("“Nobody  was dismissed.”", "nobody was dismissed")
    assert not same_words("11 people", "12 people")


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300), st.data())
def test_whatever_stands_in_a_text_as_whole_words_is_found(text: str, data: st.DataObject) -> None:
    words = [word for word in text.split() if any(letter.isalnum() for letter in word)]
    if not words or any(mark in text for mark in "[]…()`") or "..." in text:
        return
    first = data.draw(st.integers(0, len(words) - 1))
    quotation = words[first]
    passage = find_quotation(quotation, text)
    assert text[passage.start : passage.end] == passage.exact
    assert passage.start <= passage.end <= len(text)


def test_a_long_text_takes_a_bounded_time() -> None:
    text = ("The committee of the council of the city met and the vote of the council was held. " * 12_500)[
        :1_000_000
    ]
    quotation = "the council of the city of the vote and the committee met the council " * 60
    began = time.monotonic()
    find_quotation(quotation, text)
    assert time.monotonic() - began < 20
