"""ClaimReview against the field list that search engines publish: required, recommended, types, ranges."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings

from claims.models import Appearance, Article, Claim
from claimtracker.accounts.models import Role
from reviews.actions.publishing import publish_verdict
from reviews.models import Rating
from tests import factories

pytestmark = pytest.mark.django_db


def published(client, **options) -> dict[str, Any]:
    """The ClaimReview that a reader's machine gets for a new publication."""
    author, editor = factories.make_user(), factories.make_user(Role.EDITOR)
    publication = publish_verdict(factories.make_approved_verdict(author, editor, **options), by=editor)
    return client.get(f"/fact-checks/{publication.slug}/claim-review.json").json()


def claim_in_an_article(quote: str | None = None, **fields: Any) -> Claim:
    article = factories.make_article(url="https://metro.example/roads", body=fields.pop("body", None))
    Article.objects.filter(pk=article.pk).update(published_at=datetime(2016, 1, 21, 9, tzinfo=UTC))
    return factories.make_claim(quote, article=article, **fields)


def is_web_address(text: Any) -> bool:
    return (
        isinstance(text, str) and urlsplit(text).scheme in {"http", "https"} and bool(urlsplit(text).netloc)
    )


def check(document: dict[str, Any]) -> None:
    """Raise AssertionError at the first field that breaks the list."""
    assert document["@context"] == "https://schema.org"
    assert document["@type"] == "ClaimReview"
    assert isinstance(document["claimReviewed"], str)
    assert 0 < len(document["claimReviewed"]) < 75
    assert is_web_address(document["url"])
    assert urlsplit(document["url"]).netloc == urlsplit(settings.SITE_URL).netloc
    date.fromisoformat(document["datePublished"])
    author = document["author"]
    assert author["@type"] in {"Organization", "Person"}
    assert author["name"]
    assert is_web_address(author["url"])
    check_claim(document["itemReviewed"])
    check_rating(document["reviewRating"], document["claimReviewed"])


def check_claim(claim: dict[str, Any]) -> None:
    assert claim["@type"] == "Claim"
    if author := claim.get("author"):
        assert author["@type"] in {"Organization", "Person"}
        assert author["name"]
    if day := claim.get("datePublished"):
        date.fromisoformat(day)
    for place in claim.get("appearance", []):
        assert place["@type"] == "CreativeWork"
        assert is_web_address(place["url"])
        assert (
            urlsplit(place["url"]).netloc != urlsplit(settings.SITE_URL).netloc
        )  # the claim is from elsewhere


def check_rating(rating: dict[str, Any], claim: str) -> None:
    assert rating["@type"] == "Rating"
    assert isinstance(rating["alternateName"], str)
    assert rating["alternateName"]
    assert rating["alternateName"] not in claim
    numbers = [rating.get(name) for name in ("worstRating", "ratingValue", "bestRating")]
    if numbers != [None, None, None]:
        worst, value, best = numbers
        assert all(type(number) in {int, float} for number in numbers)
        assert 1 <= worst <= value <= best
        assert best > worst


def test_a_full_one_is_valid_and_complete(client):
    document = published(client, claim=claim_in_an_article())
    check(document)
    item = document["itemReviewed"]
    assert item["author"] == {"@type": "Person", "name": "Ann Lee"}
    assert item["datePublished"] == "2016-01-21"
    assert item["appearance"] == [{"@type": "CreativeWork", "url": "https://metro.example/roads"}]
    assert document["author"]["name"] == settings.PUBLISHER_NAME
    assert document["reviewRating"] == {
        "@type": "Rating",
        "ratingValue": 1,
        "worstRating": 1,
        "bestRating": 5,
        "alternateName": "False",
        "ratingExplanation": "The accounts show a third of that.",
    }


def test_its_address_is_the_page_that_it_stands_on(client):
    document = published(client)
    path = document["url"].removeprefix(settings.SITE_URL)
    page = client.get(path)
    assert page.status_code == 200
    assert f'<link rel="canonical" href="{document["url"]}">' in page.text


@pytest.mark.parametrize("slug", ["false", "half-true", "true"])
def test_every_rating_of_the_scale_is_within_it(client, slug):
    check(published(client, rating=slug))


def test_a_rating_without_a_place_has_no_number(client):
    document = published(client, rating="unproven")
    check(document)
    rating = document["reviewRating"]
    assert rating["alternateName"] == "Unproven"
    assert not {"ratingValue", "bestRating", "worstRating"} & rating.keys()


def test_a_claim_without_a_speaker_names_none(client):
    document = published(client, claim=claim_in_an_article(claimant=""))
    check(document)
    assert "author" not in document["itemReviewed"]


def test_an_article_without_an_address_or_date_names_none(client):
    document = published(client)
    check(document)
    assert not {"appearance", "datePublished"} & document["itemReviewed"].keys()


@pytest.mark.parametrize("length", [10, 74, 75, 76, 400])
def test_a_claim_of_any_length_is_shown_within_the_limit(client, length):
    words = ("Nine of the ten bridges were closed " * 20)[: length - 1] + "x"
    document = published(client, claim=claim_in_an_article(words, body=f"{words}, the mayor said.\n"))
    check(document)
    if length > 74:
        assert document["claimReviewed"].endswith("…")


def test_the_earliest_of_several_places_dates_the_claim(client):
    claim = claim_in_an_article()
    later = factories.make_article(url="https://other.example/roads", body="The city spent a lot on roads.\n")
    Article.objects.filter(pk=later.pk).update(published_at=datetime(2020, 5, 1, tzinfo=UTC))
    factories.make_appearance(claim, later.versions.get(), 0, 8)
    assert Appearance.objects.filter(claim=claim).count() == 2
    document = published(client, claim=claim)
    check(document)
    assert document["itemReviewed"]["datePublished"] == "2016-01-21"
    assert len(document["itemReviewed"]["appearance"]) == 2


@pytest.mark.parametrize(
    "broken",
    [
        {"claimReviewed": "x" * 75},
        {"url": "https://elsewhere.example/fact-checks/x/"},
        {"reviewRating": {"@type": "Rating", "alternateName": ""}},
        {
            "reviewRating": {
                "@type": "Rating",
                "alternateName": "F",
                "ratingValue": 6,
                "bestRating": 5,
                "worstRating": 1,
            }
        },
        {
            "reviewRating": {
                "@type": "Rating",
                "alternateName": "F",
                "ratingValue": 0,
                "bestRating": 5,
                "worstRating": 0,
            }
        },
        {"@context": "http://schema.org"},
        {"datePublished": "yesterday"},
        {
            "itemReviewed": {
                "@type": "Claim",
                "appearance": [{"@type": "CreativeWork", "url": settings.SITE_URL}],
            }
        },
    ],
)
def test_the_check_itself_finds_what_is_wrong(client, broken):
    with pytest.raises((AssertionError, ValueError)):
        check({**published(client), **broken})


def test_the_scale_of_the_tests_has_ratings_with_and_without_a_place():
    values = {rating.value for rating in Rating.objects.filter(scale=factories.make_scale())}
    assert values == {1, 3, 5, None}
