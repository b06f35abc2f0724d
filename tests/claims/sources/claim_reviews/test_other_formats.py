"""Answers of claims:search, CSV, and what holds for bytes of any kind."""

from __future__ import annotations

import contextlib
import json
import time
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.sources.claim_reviews import (
    Format,
    UnreadableReviews,
    fetch_reviews,
    read_reviews,
    reviewed,
    table,
)
from claims.sources.claim_reviews.reviewed import Defaults, ReadReviews, ReviewedClaim
from tests.support.hostile_server import HostileServer

from .samples import CLAIM_REVIEW, CSV, SEARCH, feed, page


def test_an_answer_of_claims_search_gives_a_review_for_each_publisher() -> None:
    found = read_reviews(json.dumps(SEARCH).encode())
    first, second = found.reviews
    assert (found.format, found.problems) == (Format.CLAIMS_SEARCH, [])
    assert first == ReviewedClaim(
        text="Crime has doubled in two years",
        claimant="J. Doe",
        claimed_on=date(2016, 11, 18),
        publisher_name="Example Checks",
        publisher_site="checks.example",
        url="https://checks.example/fc/123",
        title="No, crime has not doubled",
        rating="Mostly false",
        reviewed_on=date(2016, 11, 20),
        language="en",
    )
    assert (second.text, second.publisher_name, second.rating, second.language) == (
        first.text,
        "Otra",
        "Falso",
        "pt-BR",
    )


def test_every_field_of_claims_search_may_be_absent() -> None:
    answer = {"claims": [{}, {"text": "It rains"}, {"text": "It snows", "claimReview": [{}, None]}, None]}
    found = read_reviews(json.dumps(answer).encode())
    assert [review.text for review in found.reviews] == ["It snows", "It snows"]
    assert found.refused == 1


def test_several_pages_and_image_search_are_read_and_a_missing_page_is_said() -> None:
    pages = [SEARCH, {**SEARCH, "nextPageToken": "CAo"}]
    found = read_reviews(json.dumps(pages).encode())
    assert len(found.reviews) == 4
    assert "ask for the other pages" in found.problems[0].message
    images = {"results": [{"claim": SEARCH["claims"][0]}]}
    assert len(read_reviews(json.dumps(images).encode()).reviews) == 2


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_table_is_read_whatever_stands_between_its_cells(delimiter: str, mark: str) -> None:
    header, row = (
        CSV.splitlines()[0].split(","),
        ["It rains, it pours", "J. Doe", "2016-11-18", "Example Checks"],
    )
    cells = [f'"{cell}"' for cell in row]
    text = f"{mark}{delimiter.join(header)}\r\n{delimiter.join(cells)}\r\n"
    found = read_reviews(text.encode())
    assert (found.format, found.problems) == (Format.CSV, [])
    assert found.reviews == [
        ReviewedClaim(
            text="It rains, it pours",
            claimant="J. Doe",
            claimed_on=date(2016, 11, 18),
            publisher_name="Example Checks",
        )
    ]


def test_columns_are_known_in_any_order_and_spelling() -> None:
    text = (
        "URL;textualRating;CLAIM_REVIEWED;Rating-Value;colour\nhttps://a.example/1;Falsch;Es regnet;1;red\n\n"
    )
    found = read_reviews(text.encode())
    (review,) = found.reviews
    assert (review.url, review.rating, review.text, review.rating_value) == (
        "https://a.example/1",
        "Falsch",
        "Es regnet",
        1.0,
    )
    assert [(problem.where, problem.field) for problem in found.problems] == [("line 1", "colour")]


def test_old_spreadsheets_in_windows_1252_are_read() -> None:
    text = "claim;publisher\nDie Gebühren stiegen um 4 € für alle Bürger in Köln;Prüfer\n"
    assert read_reviews(text.encode("windows-1252")).reviews[0].publisher_name == "Prüfer"


def test_an_open_quote_costs_its_own_rows_only() -> None:
    rows = (
        "claim,url\n"
        + '"never closed,https://a.example/0\n'
        + "x" * 200_000
        + "\nIt rains,https://a.example/1\n"
    )
    found = read_reviews(rows.encode())
    assert found.refused >= 1
    assert "quote that is not closed" in found.problems[0].message


def test_defaults_fill_only_what_is_missing() -> None:
    defaults = Defaults(publisher_name="Us", publisher_site="us.example", licence="CC BY", language="en")
    filled = ReviewedClaim(text="It rains", publisher_name="Them").with_defaults(defaults)
    assert (filled.publisher_name, filled.publisher_site, filled.licence) == ("Them", "us.example", "CC BY")


def test_problems_and_reviews_are_counted_beyond_their_caps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reviewed, "MOST_REVIEWS", 3)
    monkeypatch.setattr(reviewed, "MOST_PROBLEMS", 2)
    found = read_reviews(json.dumps([CLAIM_REVIEW] * 8).encode())
    assert (len(found.reviews), found.refused, found.problem_count, len(found.problems)) == (3, 5, 5, 2)


@pytest.mark.parametrize(
    "content",
    [
        b"<script" * 300_000,
        b"<script type='application/ld+json'>" * 50_000,
        b"<!--" * 300_000,
        b'<script type="application/ld+json">[' + b'"<a ",' * 300_000 + b"0]</script>",
        json.dumps([CLAIM_REVIEW | {"claimReviewed": "<a " * 300_000}]).encode(),
        b"claim,url\n" + b'"' * 1_000_001,
        b"[" * 1_000_000,
    ],
    ids=["scripts", "linked", "comments", "strings", "tags", "quotes", "brackets"],
)
def test_hostile_files_take_time_in_proportion_to_their_size(content: bytes) -> None:
    began = time.process_time()
    with contextlib.suppress(UnreadableReviews):
        read_reviews(content)
    assert time.process_time() - began < 5


def test_an_address_is_read_as_what_it_is(server: HostileServer) -> None:
    url = server.gives("/fc/8", page(json.dumps(CLAIM_REVIEW | {"url": "/fc/9"})))
    assert fetch_reviews(f" {url}\n").reviews[0].url == server.url("/fc/9")
    data = server.gives("/data.json", feed([CLAIM_REVIEW]), headers=("Content-Type: application/json",))
    assert fetch_reviews(data).format == Format.DATA_FEED


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("/", "404 Not Found", "Check the address"),
        ("/", "503 Away", "Try again later"),
        ("/", "200 OK", "empty"),
    ],
)
def test_an_address_without_reviews_says_why(
    server: HostileServer, path: str, status: str, says: str
) -> None:
    url = server.gives(path, b"", status=status)
    with pytest.raises(UnreadableReviews, match=says) as refused:
        fetch_reviews(url)
    assert refused.value.field == "url"


def test_an_inside_address_is_refused() -> None:
    with pytest.raises(UnreadableReviews) as refused:
        fetch_reviews("http://10.0.0.7/data.json")
    assert "private" in refused.value.message


# --- any bytes, any values

FORMATS = st.sampled_from(["", *Format])
KEYS = st.sampled_from(
    [
        *("@type", "@id", "@graph", "url", "author", "name", "publisher", "claimReviewed", "itemReviewed"),
        *("reviewRating", "alternateName", "ratingValue", "bestRating", "datePublished", "appearance"),
        *("firstAppearance", "inLanguage", "sdLicense", "license", "identifier", "claims", "text", "results"),
        *("claimReview", "claimDate", "nextPageToken", "claim", "item", "dataFeedElement"),
    ]
)
WORDS = st.sampled_from(
    [
        "ClaimReview",
        "Claim",
        "DataFeed",
        "https://a.example/",
        "http://[",
        "2016-11-20",
        "٢٠١٦-١١-٢٠",
        "1e999",
        "\ud800",
    ]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(KEYS | st.text(max_size=5), inner, max_size=6)
    ),
    max_leaves=40,
)


def check(content: bytes, format: str) -> None:
    """Reading ends in reviews that can be stored, or in a refusal; never in another exception."""
    try:
        found = read_reviews(content, format=format, page_url="https://a.example/")
    except UnreadableReviews as refusal:
        assert refusal.message.endswith(".")
        return
    assert isinstance(found, ReadReviews)
    for review in found.reviews:
        assert review.text
        for value in (
            review.text,
            review.url,
            review.rating,
            review.language,
            review.external_id,
            review.title,
        ):
            assert "\0" not in value
            value.encode()
        assert not review.url or review.url.startswith(("http", "HTTP"))
    for problem in found.problems:
        f"{problem.where}{problem.field}{problem.message}".encode()


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400), FORMATS)
def test_no_bytes_raise(content: bytes, format: str) -> None:
    check(content, format)


@settings(max_examples=250, deadline=None)
@given(VALUES, FORMATS)
def test_no_json_raises(document: Any, format: str) -> None:
    for shape in (
        document,
        {"@type": "ClaimReview", "claimReviewed": "x", "itemReviewed": document},
        [document],
    ):
        check(json.dumps(shape).encode(), format)
    check(page(json.dumps(document)), "")
    check(feed(document), "")


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(st.text(max_size=20), max_size=6), max_size=5), st.sampled_from(table.DELIMITERS))
def test_no_table_raises(rows: list[list[str]], delimiter: str) -> None:
    lines = [delimiter.join(row) for row in rows]
    text = "\n".join([delimiter.join(("claim", "url", "review date", "rating value", "x")), *lines])
    check(text.encode("utf-8", "surrogatepass"), Format.CSV)
