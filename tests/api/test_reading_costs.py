"""A page of thirty rows costs as many queries as one of three, with every filter."""

from __future__ import annotations

import pytest

from claims.models import Article
from reviews.actions.routing import route_claim
from tests.factories import (
    make_another_appearance,
    make_claim,
    make_correction,
    make_publication,
    make_submission,
    make_topic,
    make_version,
)

from .conftest import Asker
from .reading import queries_of, rows

pytestmark = pytest.mark.django_db

SINCE = "updated_since=2020-01-01T00:00:00Z"
PATHS = {
    "claims": 8,
    f"claims?state=published&claimant=Ann%20Lee&topic=roads&kind=quantity&language=en&q=roads&{SINCE}": 8,
    "articles": 6,
    f"articles?state=accepted&language=en&{SINCE}": 6,
    "publications": 8,
    f"publications?topic=roads&language=en&q=roads&is_retracted=false&{SINCE}": 8,
    "corrections": 4,
    "claimants": 8,
    "rating-scales": 5,
}


def fill(asker: Asker, count: int) -> None:
    for _ in range(count):
        article = make_submission(asker.partner)
        Article.objects.filter(pk=article.pk).update(language="en")
        claim = make_claim(article=article)
        route_claim(claim.pk)
        make_publication(claim=claim)


def test_lists(asker: Asker) -> None:
    make_topic("Roads", ["roads"])

    def costs() -> dict[str, int]:
        return {path: queries_of(asker, f"{path}{'&' if '?' in path else '?'}limit=100") for path in PATHS}

    fill(asker, 3)
    few = costs()
    fill(asker, 27)
    assert len(rows(asker, "publications", topic="roads", language="en")) == 30
    assert len(rows(asker, "claims", state="published", topic="roads", language="en", q="roads")) == 30
    many = costs()
    assert few == many
    for path, most in PATHS.items():
        assert many[path] <= most, (path, many[path])


def test_corrections_and_claimants(asker: Asker) -> None:
    def add(first: int, last: int) -> None:
        for number in range(first, last):
            make_correction(make_publication(claim=make_claim(claimant=f"Speaker {number}")))

    add(0, 3)
    few = [queries_of(asker, path) for path in ("corrections?limit=100", "claimants?limit=100")]
    add(3, 12)
    assert len(rows(asker, "corrections")) == len(rows(asker, "claimants")) == 12
    assert [queries_of(asker, path) for path in ("corrections?limit=100", "claimants?limit=100")] == few


def test_versions_and_places(asker: Asker) -> None:
    def costs() -> list[int]:
        return [
            queries_of(asker, f"articles/{article.public_id}/versions?limit=100"),
            queries_of(asker, f"claims/{claim.public_id}/appearances?limit=100"),
        ]

    article = make_submission(asker.partner)
    claim = make_claim(article=article)
    for number in range(2):
        make_version(article, f"The city spent {700 + number} million on schools this year alone.\n")
        make_another_appearance(claim, origin=asker.partner.origin)
    few = costs()
    for number in range(8):
        make_version(article, f"The city spent {800 + number} million on schools this year alone.\n")
        make_another_appearance(claim, origin=asker.partner.origin)
    assert len(rows(asker, f"articles/{article.public_id}/versions")) == 11
    assert len(rows(asker, f"claims/{claim.public_id}/appearances")) >= 11
    assert costs() == few
