"""Whichever version of a check one reads, it says what became of it; what was taken back has no rating."""

from __future__ import annotations

import json
from importlib import import_module
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claimtracker.ledger.models import OutboxEvent
from claimtracker.partners.delivery import body_of
from claimtracker.partners.models import Acknowledgement, Edition
from claimtracker.partners.ordering import place_event
from reviews.models import Publication
from tests.factories import make_correction, make_publication, make_retraction

from .conftest import Asker, assert_problem
from .reading import ids

pytestmark = pytest.mark.django_db


def read(asker: Asker, publication: Publication, **asked: str) -> dict[str, Any]:
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    answer: dict[str, Any] = asker.get(f"publications/{publication.public_id}?{query}").json()
    return answer


def place_all() -> None:
    for event in OutboxEvent.objects.filter(type__startswith="claim.verdict_").order_by("pk"):
        place_event(event)


def newest_link(publication: Publication, rest: str = "") -> str:
    address = f"{settings.SITE_URL}/api/v1/publications/{publication.public_id}{rest}"
    return f'<{address}>; rel="latest-version"'


def test_every_version_leads_to_the_newest(asker: Asker) -> None:
    first = make_publication()
    second = make_correction(first)
    third = make_correction(second, rating="true")
    for version in (first, second):
        shown = read(asker, version)
        assert (shown["is_superseded"], shown["superseded_by"]) == (True, str(third.public_id))
        assert (shown["is_retracted"], shown["rating"]) == (False, version.snapshot["rating"])
        response = asker.get(f"publications/{version.public_id}")
        assert newest_link(third) in response["Link"]
    shown = read(asker, third)
    assert (shown["is_superseded"], shown["superseded_by"]) == (False, None)
    assert "latest-version" not in asker.get(f"publications/{third.public_id}").get("Link", "")
    [listed] = asker.get("publications").json()["results"]
    assert listed == shown


def test_no_version_of_a_retracted_check_reads_as_if_it_held(asker: Asker) -> None:
    first = make_publication()
    second = make_correction(first)
    retraction = make_retraction(second)
    for version in (first, second, retraction):
        shown = read(asker, version)
        assert (shown["is_retracted"], shown["rating"]) == (True, None)
        gone = assert_problem(asker.get(f"publications/{version.public_id}/claim-review"), 410, "retracted")
        assert gone["code"] == "retracted"
    assert read(asker, first)["superseded_by"] == str(retraction.public_id)
    assert read(asker, first, fields="is_retracted,superseded_by") == {
        "is_retracted": True,
        "superseded_by": str(retraction.public_id),
    }


def test_what_stands_again_after_a_retraction_is_not_retracted(asker: Asker) -> None:
    retraction = make_retraction(make_publication())
    again = make_correction(retraction, rating="true")
    shown = read(asker, retraction)
    assert (shown["is_retracted"], shown["superseded_by"]) == (False, str(again.public_id))
    assert read(asker, again)["rating"]["slug"] == "true"


def test_a_superseded_version_hands_out_no_claim_review_and_names_the_one_that_holds(asker: Asker) -> None:
    first = make_publication()
    path = f"publications/{first.public_id}/claim-review"
    assert asker.get(path).status_code == 200
    second = make_correction(first)
    response = asker.get(path)
    gone = assert_problem(response, 410, f"publications/{second.public_id}/claim-review")
    assert gone["code"] == "superseded"
    assert response["Link"] == newest_link(second, "/claim-review")
    assert asker.get(f"publications/{second.public_id}/claim-review").json() == second.claim_review


def test_publications_are_found_by_their_claim(asker: Asker) -> None:
    first = make_publication()
    make_publication()
    second = make_correction(first)
    claim = read(asker, first)["claim"]["id"]
    assert ids(asker, "publications", claim=claim) == {str(second.public_id)}
    assert ids(asker, "publications", claim=claim.upper()) == {str(second.public_id)}
    assert ids(asker, "publications", claim=uuid4()) == set()
    for wrong in ("4711", claim[:-1], "{" + claim + "}"):
        problem = assert_problem(asker.get(f"publications?claim={wrong}"), 400, "claim must be an id like")
        assert problem["errors"][0]["parameter"] == "claim"


def test_one_version_costs_the_same_however_many_came_after_it(asker: Asker) -> None:
    first = last = make_publication()

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            read(asker, first)
        return len(captured)

    read(asker, first)
    before = queries()
    for _number in range(3):
        last = make_correction(last)
    assert queries() == before


def test_the_event_of_a_retraction_has_no_rating(asker: Asker) -> None:
    first = make_publication()
    make_retraction(first)
    place_all()
    events = {event["type"]: event["data"] for event in asker.get("events").json()["results"]}
    assert events["claim.verdict_retracted"]["rating"] is None
    assert events["claim.verdict_published"]["rating"] == first.snapshot["rating"]["label"]
    stored = OutboxEvent.objects.get(type="claim.verdict_retracted")
    assert stored.payload["rating"] is None
    # an event from before: stored ones never change
    stored.payload = {**stored.payload, "rating": "False"}
    assert json.loads(body_of(stored))["data"]["rating"] is None
    types = {one["type"]: one["example"] for one in asker.get("event-types").json()["results"]}
    assert types["claim.verdict_retracted"]["rating"] is None
    assert types["claim.verdict_published"]["rating"]


def test_the_receipt_of_a_retraction_has_no_rating(asker: Asker) -> None:
    first = make_publication()
    read(asker, first)
    retraction = make_retraction(first)
    place_all()
    [receipt] = asker.get("receipts").json()["results"]
    assert (receipt["publication"], receipt["rating"]) == (str(retraction.public_id), None)
    assert receipt["you_have"]["rating"] == first.snapshot["rating"]["label"]
    read(asker, retraction)
    make_correction(retraction, rating="true")
    place_all()
    [receipt] = asker.get("receipts").json()["results"]
    assert (receipt["rating"], receipt["you_have"]["version"]) == ("True", 2)
    assert receipt["you_have"]["rating"] is None


def test_the_upgrade_blanks_the_ratings_of_retractions() -> None:
    first = make_publication()
    make_retraction(first)
    place_all()
    Edition.objects.update(rating="False")
    sql = import_module("claimtracker.partners.migrations.0012_retractions_have_no_rating").BLANK
    with connection.cursor() as cursor:
        cursor.execute(sql)
    assert dict(Edition.objects.values_list("version", "rating")) == {1: "False", 2: ""}


def test_an_acknowledgement_without_an_address_keeps_the_one_given_before(asker: Asker) -> None:
    path = f"publications/{make_publication().public_id}/acknowledgement"
    asker.post(path, {"status": "updated", "url": "https://wire.example/bridge"})
    again = asker.post(path, {"status": "removed"}).json()
    assert (again["status"], again["url"]) == ("removed", "https://wire.example/bridge")
    asker.post(path, {"status": "updated", "url": "https://wire.example/new"})
    row = Acknowledgement.objects.get()
    assert (row.status, row.url) == ("updated", "https://wire.example/new")
