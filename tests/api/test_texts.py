"""Texts that are looked at and not kept."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.actions.known_claims import withdraw_known_claim
from claims.actions.match_index import index_for_a_while
from claims.extraction import extract as read
from claims.models import Article, Claim, KnownClaim
from claimtracker.accounts.models import Role
from claimtracker.api.v1 import in_turn as turns
from claimtracker.partners.models import KeptAnswer, Partner, Scope
from tests.factories import make_claim, make_known_claim, make_partner, make_publication, make_user

from .conftest import Asker, assert_problem

TEXT = (
    "The transport minister, Carla Reyes, said the new ferry carried 412,000 passengers last year. "
    "Ticket prices rose by 12 per cent in March, according to the port authority. 🚢 "
    "The line lost 3.4 million euros in 2024, the auditor Jonas Weil told parliament.\n"
)


@pytest.fixture(scope="module", autouse=True)
def loaded() -> None:
    """What reads is loaded with the first text: on a busy machine that takes longer than anybody waits."""
    turns.in_turn(lambda: read(TEXT), seconds=300)


def extract(asker: Asker, text: Any = TEXT, **more: Any) -> Any:
    return asker.post("claims/extract", {"text": text, **more})


def test_the_claims_of_a_text_at_their_places(asker: Asker) -> None:
    response = extract(asker)
    assert response.status_code == 200, response.content
    found = response.json()
    assert found["language"] == "en"
    assert len(found["claims"]) >= 2
    for claim in found["claims"]:
        assert TEXT[claim["start"] : claim["end"]] == claim["quote"]
        assert 0 <= claim["score"] <= 1
        if claim["claimant_start"] is not None:
            assert TEXT[claim["claimant_start"] : claim["claimant_end"]]
    assert any("Weil" in (claim["claimant"] or "") for claim in found["claims"])


def test_nothing_of_it_is_kept(asker: Asker) -> None:
    asker.get("publications")  # the key's last use is written once a minute
    with CaptureQueriesContext(connection) as queries:
        response = asker.post("claims/extract", {"text": TEXT}, Idempotency_Key="k")
    assert response.status_code == 200
    assert all(query["sql"].lstrip().startswith("SELECT") for query in queries), queries.captured_queries
    assert not (Article.objects.exists() or Claim.objects.exists() or KeptAnswer.objects.exists())


@pytest.mark.parametrize(
    ("content", "pointer"),
    [
        ({}, "#/text"),
        ({"text": "x" * 20_001}, "#/text"),
        ({"text": " "}, "#/text"),
        ({"text": 4}, "#/text"),
        (
            {"text": "Der Hafen hat im letzten Jahr vier Millionen Container umgeschlagen, sagte sie."},
            "#/text",
        ),
        ({"text": TEXT, "published_on": "2026-13-01"}, "#/published_on"),
        ({"text": TEXT, "day": "2026-11-01"}, "#/day"),
    ],
)
def test_what_cannot_be_read_names_the_mend(asker: Asker, content: Any, pointer: str) -> None:
    problem = assert_problem(asker.post("claims/extract", content), 400)
    assert [error["pointer"] for error in problem["errors"]] == [pointer]


def test_it_takes_the_scope_of_sending(partner: Partner) -> None:
    assert_problem(extract(Asker(partner, scopes=[Scope.READ])), 403, "submit")
    assert_problem(Asker(partner, scopes=[Scope.SUBMIT]).post("match", {"text": TEXT}), 403, "read")


def test_nobody_waits_for_long(asker: Asker, monkeypatch: pytest.MonkeyPatch) -> None:
    go_on = threading.Event()
    monkeypatch.setattr(turns, "MOST_SECONDS", 0.2)
    monkeypatch.setattr("claimtracker.api.v1.views.texts.extract", lambda *_a, **_o: go_on.wait(20))
    monkeypatch.setattr(
        "claimtracker.api.v1.views.texts.in_turn", lambda work: turns.in_turn(work, seconds=0.2)
    )
    began = time.monotonic()
    try:
        for _ in range(turns.MOST_WAITING + 2):
            response = extract(asker)
            assert_problem(response, 503, "Try again")
            assert int(response["Retry-After"]) > 0
        assert time.monotonic() - began < 0.2 * turns.MOST_WAITING + 3
    finally:
        go_on.set()
    deadline = time.monotonic() + 10
    while turns._places._value < turns.MOST_WAITING and time.monotonic() < deadline:
        time.sleep(0.01)
    assert turns._places._value == turns.MOST_WAITING, "every place is given back"


STATEMENT = "The harbour handled 4 million containers last year, the port authority says."


@pytest.fixture
def known(db: None) -> KnownClaim:
    return make_known_claim(text=STATEMENT)


def match(asker: Asker, text: str = STATEMENT, **more: Any) -> dict[str, Any]:
    index_for_a_while(goes_on=lambda: True)
    response = asker.post("match", {"text": text, **more})
    assert response.status_code == 200, response.content
    return dict(response.json())


def test_a_published_review_is_found(asker: Asker, known: KnownClaim) -> None:
    found = match(asker)
    best = found["results"][0]["known_claim"]
    assert (best["text"], best["rating"], best["url"]) == (known.text, known.rating, known.url)
    assert best["publisher"] == known.publisher
    assert best["publication"] is None
    assert found["method"]


def test_our_own_leads_to_its_publication(asker: Asker) -> None:
    publication = make_publication()
    found = match(asker, publication.claim.text)
    best = found["results"][0]["known_claim"]
    assert best["publication"] == str(publication.public_id)
    assert best["rating"] == publication.snapshot["rating"]["label"]


def test_what_is_not_published_is_not_found(asker: Asker, known: KnownClaim) -> None:
    make_claim(text="The harbour handled 4 million containers last year, and SECRET-PLANTED more.")
    before = match(asker)
    assert "SECRET-PLANTED" not in str(before)
    withdraw_known_claim(known, by=make_user(Role.MODERATOR), reason="Withdrawn.")
    assert match(asker)["results"] == []


def test_unpublished_claims_change_no_score(asker: Asker, known: KnownClaim) -> None:
    before = match(asker)
    for number in range(5):
        make_claim(text=f"{STATEMENT[:-1]} in its report number {number}.")
    assert match(asker) == before


def test_as_many_results_as_asked_for_in_as_many_queries(asker: Asker) -> None:
    for number in range(4):
        make_known_claim(text=f"The harbour handled {number} million containers last year.")
    asker.get("publications")  # the key's last use is written once a minute
    counts = []
    for limit in (1, 3):
        index_for_a_while(goes_on=lambda: True)
        with CaptureQueriesContext(connection) as queries:
            found = asker.post("match", {"text": STATEMENT, "limit": limit}).json()
        assert len(found["results"]) == limit
        counts.append(len(queries))
    assert counts[0] == counts[1]
    for limit in (0, 21, "5"):
        assert_problem(asker.post("match", {"text": STATEMENT, "limit": limit}), 400)


def test_another_partner_finds_the_same(known: KnownClaim) -> None:
    assert match(Asker(make_partner("a"))) == match(Asker(make_partner("b")))
