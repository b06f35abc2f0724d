"""Amounts, dates and names of claims, found where the article has them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.extraction import extract
from claims.extraction.model import ClaimParts
from claims.extraction.names import build_cast
from claims.extraction.parsing import parse, prepare
from claims.extraction.parts import ArticleWords, parts_of

PUBLISHED = dt.date(2016, 1, 21)


def parts_in(text: str, sentence: str | None = None) -> ClaimParts:
    parsed = list(parse([(prepare(text, 0, len(text)), None)]))
    start = text.index(sentence) if sentence is not None else 0
    end = start + len(sentence) if sentence is not None else len(text)
    return parts_of(
        text, ArticleWords(parsed), start, end, cast=build_cast(text, parsed), published=PUBLISHED
    )


def names_in(text: str, sentence: str | None = None) -> list[tuple[str, str, str]]:
    found = parts_in(text, sentence).names
    return [(text[n.start : n.end], n.name, n.kind) for n in found]


def test_the_parts_of_one_sentence() -> None:
    text = "Ministers from Iraq and 26 other nations would meet in Brussels in February."
    parts = parts_in(text)
    assert [(q.low, q.high, q.unit) for q in parts.quantities] == [(26, 26, "nations")]
    assert [(d.earliest, d.latest) for d in parts.dates] == [("2016-02-01", "2016-02-29")]
    assert [(text[n.start : n.end], n.kind) for n in parts.names] == [
        ("Iraq", "place"),
        ("Brussels", "place"),
    ]


def test_a_name_has_the_fullest_form_of_the_article() -> None:
    text = "Michael Fallon met reporters in London. Fallon said nothing about Russia."
    assert names_in(text, "Fallon said nothing about Russia.") == [
        ("Fallon", "Michael Fallon", "person"),
        ("Russia", "Russia", "place"),
    ]


def test_an_acronym_has_the_name_that_the_article_gives_it() -> None:
    text = "The World Health Organization (WHO) met in Geneva. The WHO counted 40 deaths."
    assert ("WHO", "World Health Organization", "organisation") in names_in(
        text, "The WHO counted 40 deaths."
    )


@pytest.mark.parametrize(
    "text", ["The British defence secretary met the press.", "The prime minister resigned on Monday."]
)
def test_a_description_is_no_name(text: str) -> None:
    assert names_in(text) == []


def test_an_office_before_a_name_is_left_out() -> None:
    found = names_in("Defence Secretary Michael Fallon arrived in Paris on Monday.")
    assert found[0] == ("Michael Fallon", "Michael Fallon", "person")


def test_a_number_in_a_date_is_no_amount() -> None:
    parts = parts_in("They met on 20 January 2016 at 10 a.m. in room 12.")
    assert parts.quantities == ()
    assert [d.earliest for d in parts.dates] == ["2016-01-20"]


def test_every_claim_has_its_parts() -> None:
    text = "Police in Leeds arrested 300 people on Tuesday. Mary Field, the mayor, resigned last week."
    claims = extract(text, published=PUBLISHED).claims
    assert next([q.low for q in claim.parts.quantities] for claim in claims) == [300]
    assert all(claim.parts.names for claim in claims)
    assert claims[0].parts.dates[0].earliest == "2016-01-19"


WORDS = st.sampled_from(
    [
        "The",
        "British",
        "secretary",
        "Ann",
        "Lee",
        "of",
        "Leeds,",
        "said",
        "“that”",
        "300",
        "people",
        "were",
        "killed",
        "in",
        "May",
        "2015",
        ".",
        "[Dr",
        "Wu]",
        "EU",
        "(EU)",
        "#Leeds",
        "several",
        "hundred",
        "'s",
        "US",
        "–",
        "half",
        "of",
        "them",
        "since",
        "Tuesday",
        "“",
        "”",
        "…",
        "3-2",
        "$",
        "5m",
        "Street",
        "Republicans",
    ]
)


@settings(max_examples=40, deadline=None)
@given(st.one_of(st.text(max_size=80), st.lists(WORDS, max_size=25).map(" ".join)), st.data())
def test_any_text(text: str, draw: st.DataObject) -> None:
    parsed = list(parse([(prepare(text, 0, len(text)), None)]))
    start = draw.draw(st.integers(0, len(text)))
    end = draw.draw(st.integers(start, len(text)))
    cast = build_cast(text, parsed)
    parts = parts_of(text, ArticleWords(parsed), start, end, cast=cast, published=PUBLISHED)
    for part in (*parts.quantities, *parts.dates, *parts.names):
        assert start <= part.start < part.end <= end
    for amount in parts.quantities:
        assert amount.low is None or amount.high is None or amount.low <= amount.high
    assert all(name.name.strip() for name in parts.names)
