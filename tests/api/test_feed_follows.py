"""The feed of ClaimReviews is never older than the newest check, whenever its dump was made."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from claimtracker.api.dumps.making import make_dump, release, tidy
from reviews.models import Dump, Publication
from tests import factories

pytestmark = pytest.mark.django_db

ADDRESS = "/feeds/claimreview.json"


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> None:
    settings.DUMP_DIR = str(tmp_path / "dumps")


def made() -> Dump:
    dump = release(make_dump())
    assert dump is not None
    return dump


def feed(**headers: str) -> Any:
    response: Any = Client().get(ADDRESS, headers=headers)
    assert response.status_code == 200, response
    return response, json.loads(b"".join(response.streaming_content))


def given(content: Any) -> list[Any]:
    return [each["item"][0] for each in content["dataFeedElement"]]


def ratings(content: Any) -> list[str]:
    return [review["reviewRating"]["alternateName"] for review in given(content)]


def test_a_correction_stands_in_the_feed_at_once_and_in_its_place() -> None:
    first, second, third = (factories.make_publication() for _number in range(3))
    made()
    response, before = feed()
    assert response["Accept-Ranges"] == "bytes", "the file itself"
    assert ratings(before) == ["False", "False", "False"]
    corrected = factories.make_correction(second, rating="true")
    response, after = feed()
    assert ratings(after) == ["False", "True", "False"]
    pages = [each["url"] for each in after["dataFeedElement"]]
    assert pages == [one.snapshot["url"] for one in (first, second, third)]
    shown = given(after)[1]
    assert {name: shown[name] for name in corrected.claim_review} == corrected.claim_review
    assert set(after) == set(before) and after["dateModified"] >= before["dateModified"]
    assert after["dataFeedElement"][0] == before["dataFeedElement"][0]
    assert given(after)[1]["correction"]
    assert "Accept-Ranges" not in response


def test_a_new_check_stands_at_the_end() -> None:
    factories.make_publication()
    made()
    new = factories.make_publication(rating="true")
    _response, content = feed()
    assert [each["url"] for each in content["dataFeedElement"]][1] == new.snapshot["url"]
    assert ratings(content) == ["False", "True"]


def test_what_a_dump_without_checks_is_followed_by() -> None:
    made()
    factories.make_publication()
    assert ratings(feed()[1]) == ["False"]


def test_what_was_committed_while_the_dump_was_made_is_not_lost() -> None:
    publication = factories.make_publication()
    dump = made()
    late = factories.make_correction(publication, rating="true")
    Dump.objects.filter(pk=dump.pk).update(made_at=late.published_at + timedelta(seconds=20))
    assert ratings(feed()[1]) == ["True"]


def test_who_has_it_already_is_told_so_until_something_comes_out() -> None:
    publication = factories.make_publication()
    made()
    corrected = factories.make_correction(publication)
    response, _content = feed()
    tag = response["ETag"]
    again = Client().get(ADDRESS, headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    head = Client().head(ADDRESS)
    assert (head.status_code, head["ETag"], head.content) == (200, tag, b"")
    factories.make_correction(corrected, rating="true")
    changed, content = feed(**{"If-None-Match": tag})
    assert changed["ETag"] != tag and ratings(content) == ["True"]


def test_a_retraction_is_out_of_the_feed_at_once() -> None:
    publication = factories.make_publication()
    factories.make_publication(rating="true")
    made()
    factories.make_retraction(publication)
    assert ratings(feed()[1]) == ["True"], "before the next dump is made"
    tidy()
    assert ratings(feed()[1]) == ["True"], "what the feed goes on from is kept until then"
    factories.make_publication()
    assert ratings(feed()[1]) == ["True", "False"]
    made()
    tidy()
    assert ratings(feed()[1]) == ["True", "False"]


def test_it_costs_the_same_after_3_and_after_12_corrections() -> None:
    counts = []
    made()
    for count in (3, 12):
        while Publication.objects.count() < count:
            factories.make_publication()
        with CaptureQueriesContext(connection) as captured:
            assert len(given(feed()[1])) == count
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 2
