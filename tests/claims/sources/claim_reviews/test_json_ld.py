"""ClaimReview in JSON-LD: pages, documents, feeds and lines, as publishers write them."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from claims.sources.claim_reviews import (
    Format,
    ReadReviews,
    ReviewedClaim,
    UnreadableReviews,
    read_reviews,
)

from .samples import CLAIM_REVIEW, feed, page, review

FULL = ReviewedClaim(
    text="Crime has doubled in two years",
    claimant="J. Doe",
    claimed_on=date(2016, 11, 18),
    publisher_name="Example Checks",
    publisher_site="checks.example",
    url="https://checks.example/fc/123#claim-9",
    title="No, crime has not doubled",
    rating="Mostly false",
    rating_value=2.0,
    rating_best=5.0,
    rating_worst=1.0,
    reviewed_on=date(2016, 11, 20),
    language="en-GB",
    licence="https://creativecommons.org/licenses/by/4.0/",
    first_appearance="https://other.example/speech",
    appearances=("https://other.example/a", "https://other.example/b"),
)


def read(document: Any, **options: Any) -> ReadReviews:
    return read_reviews(json.dumps(document).encode(), **options)


def one(document: Any) -> ReviewedClaim:
    found = read(document)
    assert found.problems == []
    return found.reviews[0]


@pytest.mark.parametrize(
    ("content", "format"),
    [
        (json.dumps(CLAIM_REVIEW).encode(), Format.JSON_LD),
        (json.dumps([CLAIM_REVIEW]).encode(), Format.JSON_LD),
        (json.dumps({"@context": "https://schema.org", "@graph": [CLAIM_REVIEW]}).encode(), Format.JSON_LD),
        (b"\xef\xbb\xbf" + json.dumps(CLAIM_REVIEW).encode(), Format.JSON_LD),
        (json.dumps(CLAIM_REVIEW).encode("utf-16"), Format.JSON_LD),
        (page(json.dumps(CLAIM_REVIEW)), Format.PAGE),
        (page(json.dumps({"@graph": [{"@type": "WebPage"}, CLAIM_REVIEW]})), Format.PAGE),
        (page(json.dumps({"@type": "NewsArticle", "review": [CLAIM_REVIEW]})), Format.PAGE),
        (feed([CLAIM_REVIEW]), Format.DATA_FEED),
        (feed(CLAIM_REVIEW), Format.DATA_FEED),
        ((json.dumps(CLAIM_REVIEW) + "\r\n\r\n" + '{"@type": "Person"}\n').encode(), Format.LINES),
    ],
)
def test_the_same_review_comes_out_of_every_shape(content: bytes, format: str) -> None:
    found = read_reviews(content)
    assert (found.format, found.reviews, found.refused) == (format, [FULL], 0)


def test_a_review_may_say_nothing_but_the_claim() -> None:
    bare = {"@type": "ClaimReview", "claimReviewed": "The sea is rising"}
    assert one(bare) == ReviewedClaim(text="The sea is rising")


def test_a_review_without_its_claim_is_refused_with_the_mend() -> None:
    found = read([review(claimReviewed=None), CLAIM_REVIEW])
    assert (len(found.reviews), found.refused) == (1, 1)
    problem = found.problems[0]
    assert (problem.where, problem.field) == ("document, review 1", "claim")
    assert "Add the claim’s words" in problem.message


@pytest.mark.parametrize(
    ("item", "claimant"),
    [
        ({"@type": "CreativeWork", "author": {"@type": "Organization", "name": "The City"}}, "The City"),
        ({"@type": "Thing", "author": "A blog"}, "A blog"),
        ({"@type": "Claim", "author": [{"name": "Ann"}, {"name": "Bo"}, {"name": "Ann"}]}, "Ann, Bo"),
        ([{"@type": "Claim", "author": [{"name": ["Ann Lee"]}]}], "Ann Lee"),
        ({"@type": "Claim", "author": {"url": "https://a.example/"}}, ""),
        ("https://a.example/", ""),
        (None, ""),
    ],
)  # fmt: skip
def test_the_claimant_stands_in_the_item_whatever_it_is(item: Any, claimant: str) -> None:
    assert one(review(itemReviewed=item)).claimant == claimant


def test_a_work_that_was_reviewed_is_an_appearance_and_its_name_is_no_claim() -> None:
    item = {"@type": "CreativeWork", "name": "A talk", "url": "https://talks.example/1"}
    found = read([review(itemReviewed=item), review(itemReviewed=item, claimReviewed="")])
    assert found.reviews[0].appearances == ("https://talks.example/1",)
    assert found.refused == 1
    assert (
        one(review(itemReviewed={"@type": "Claim", "name": "It rains"}, claimReviewed=None)).text
        == "It rains"
    )


@pytest.mark.parametrize(
    ("author", "name", "site"),
    [
        ("Example Checks", "Example Checks", "checks.example"),
        ({"name": "Desk", "url": "http://WWW.Desk.example:80/about"}, "Desk", "desk.example"),
        ([{"name": "Ann Lee", "url": "https://desk.example"}, "Desk"], "Ann Lee, Desk", "desk.example"),
        ({"url": "https://desk.example"}, "", "desk.example"),
        (None, "House", "house.example"),
    ],
)
def test_the_publisher_is_the_author_in_any_form(author: Any, name: str, site: str) -> None:
    house = {"@type": "Organization", "name": "House", "url": "https://house.example/"}
    found = one(review(author=author, publisher=house))
    assert (found.publisher_name, found.publisher_site) == (name, site)


def test_references_within_a_graph_are_followed() -> None:
    graph = [
        review(author={"@id": "#us"}, itemReviewed={"@id": "#claim"}),
        {"@id": "#us", "@type": "Organization", "name": "Us", "url": "https://us.example/"},
        {"@id": "#claim", "@type": "Claim", "author": {"@id": "#them"}},
        {"@id": "#them", "@type": "Person", "name": "Them"},
    ]
    found = one({"@graph": graph})
    assert (found.publisher_name, found.publisher_site, found.claimant) == ("Us", "us.example", "Them")


@pytest.mark.parametrize(
    ("rating", "words", "numbers"),
    [
        ({"alternateName": "Half true"}, "Half true", (None, None, None)),
        ({"name": "Falso", "ratingValue": "1"}, "Falso", (1, None, None)),
        ({"ratingValue": "Pants on Fire"}, "Pants on Fire", (None, None, None)),
        ([{"alternateName": ["Faux"], "ratingValue": 0.5, "bestRating": -1}], "Faux", (0.5, -1, None)),
        ("Misleading", "Misleading", (None, None, None)),
        ({"ratingValue": 3}, "", (3, None, None)),
    ],
)
def test_the_rating_is_kept_in_the_publishers_words(
    rating: Any, words: str, numbers: tuple[float | None, ...]
) -> None:
    found = one(review(reviewRating=rating))
    assert found.rating == words
    assert (found.rating_value, found.rating_best, found.rating_worst) == numbers


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"datePublished": "last Tuesday"}, "datePublished"),
        ({"datePublished": "2016-13-45"}, "datePublished"),
        ({"datePublished": 20161120}, "datePublished"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"url": "https://a.example/" + "x" * 3000}, "url"),
        ({"url": "https://a.example/a b"}, "url"),
        ({"url": "https://[::1/"}, "url"),
        ({"inLanguage": "British English"}, "inLanguage"),
        ({"headline": True}, "headline"),
        ({"headline": "x" * 501}, "headline"),
        ({"reviewRating": {"alternateName": "No", "ratingValue": 10**400}}, "reviewRating.ratingValue"),
        ({"reviewRating": {"alternateName": "No", "bestRating": "1,000"}}, "reviewRating.bestRating"),
        ({"itemReviewed": {"appearance": ["https://a.example/"] * 60}}, "itemReviewed.appearance"),
        ({"itemReviewed": {"appearance": "ftp://a.example/x"}}, "itemReviewed.appearance"),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_kept_is_dropped_and_named(changes: dict[str, Any], field: str) -> None:
    found = read(review(**changes))
    assert len(found.reviews) == 1
    assert [problem.field for problem in found.problems] == [field]
    assert found.problems[0].message.endswith(".")


def test_words_come_without_markup_entities_and_control_characters() -> None:
    words = "<p>R&amp;D fell\u0000 by\u202f <b>4&#37;</b>\r\n and x<y\ud800</p>"
    assert one(review(claimReviewed=words)).text == "R&D fell by 4% and x<y\ufffd"


@pytest.mark.parametrize("given", ["pt-BR", "pt_BR"])
def test_a_languages_region_is_kept(given: str) -> None:
    assert one(review(inLanguage=given)).language == "pt-BR"
    assert one(review(inLanguage={"@type": "Language", "alternateName": given})).language == "pt-BR"


def test_a_broken_script_is_reported_and_the_others_are_read() -> None:
    broken = '{"@type": "ClaimReview", "claimReviewed": "half a'
    found = read_reviews(page(broken, json.dumps(CLAIM_REVIEW)))
    assert found.reviews == [FULL]
    assert [(problem.where, problem.field) for problem in found.problems] == [("script 1", "script")]


def test_only_scripts_that_the_page_means_are_read() -> None:
    text = json.dumps(CLAIM_REVIEW)
    around = f'<!-- <script type="application/ld+json">{text}</script> --><script>var x = {text}</script>'
    with pytest.raises(UnreadableReviews, match="no claim review"):
        read_reviews(page("{}", around=around))
    wrapped = page(f"//<![CDATA[\n{text}\n//]]>")
    assert read_reviews(wrapped).reviews == [FULL]


def test_relative_addresses_are_the_pages_own() -> None:
    found = read_reviews(page(json.dumps(review(url="/fc/9"))), page_url="https://checks.example/fc/")
    assert found.reviews[0].url == "https://checks.example/fc/9"
    bare = read_reviews(page(json.dumps(review(url=None))), page_url="https://checks.example/fc/8")
    assert bare.reviews[0].url == "https://checks.example/fc/8"


def test_a_feeds_licence_is_that_of_its_reviews_unless_they_name_one() -> None:
    content = feed([review(sdLicense=None)], [CLAIM_REVIEW], [], None, license="CC BY 4.0")
    found = read_reviews(content)
    assert [each.licence for each in found.reviews] == ["CC BY 4.0", FULL.licence]
    assert [problem.where for problem in found.problems] == ["element 3", "element 4"]


def test_a_broken_line_is_refused_and_the_others_are_read() -> None:
    good = json.dumps(CLAIM_REVIEW)
    found = read_reviews(f"{good}\n{{broken\n{good}\n".encode())
    assert (found.format, len(found.reviews), found.refused) == (Format.LINES, 2, 1)
    assert found.problems[0].where == "line 2"


def test_deep_nesting_and_nan_are_no_json() -> None:
    deep = "[" * 100_000 + "]" * 100_000
    for script in (deep, '{"@type": "ClaimReview", "reviewRating": NaN}'):
        found = read_reviews(page(script))
        assert "It is no JSON" in found.problems[0].message


@pytest.mark.parametrize(
    ("content", "options", "code"),
    [
        (b"", {}, "empty"),
        (b" \n", {}, "empty"),
        (b"Just some words.", {}, "unknown_format"),
        (b"%PDF-1.7", {}, "binary"),
        (bytes(range(256)) * 9, {}, "binary"),
        (b'{"@type": "Person"}', {}, "no_reviews"),
        (b"<html></html>", {}, "no_reviews"),
        (b'{"half', {}, "wrong_format"),
        (b'{"@type": "Person"}', {"format": "data-feed"}, "wrong_format"),
        (b"claim,url\n", {"format": "json-ld"}, "wrong_format"),
        (b"a,b\n1,2\n", {"format": "csv"}, "no_claim_column"),
    ],
)
def test_what_holds_no_reviews_is_refused_with_the_mend(
    content: bytes, options: dict[str, str], code: str
) -> None:
    with pytest.raises(UnreadableReviews) as refused:
        read_reviews(content, **options)
    assert (refused.value.code, refused.value.field) == (code, "file")
    assert refused.value.message.endswith(".")
