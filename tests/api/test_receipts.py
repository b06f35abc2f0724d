"""Receipts of corrections: what a partner has, what it was told, and what it says it did."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.models import Claim
from claimtracker.ledger.models import AuditEntry, OutboxEvent
from claimtracker.partners.models import Acknowledgement, Holding
from claimtracker.partners.ordering import place_event
from reviews.models import Publication
from tests.factories import (
    make_claim,
    make_correction,
    make_partner,
    make_publication,
    make_retraction,
    make_submission,
)

from .conftest import Asker, assert_problem


def place_all() -> None:
    for event in OutboxEvent.objects.filter(type__startswith="claim.verdict_").order_by("pk"):
        place_event(event)


def corrected(*readers: Asker) -> tuple[Publication, Publication]:
    """A check that these partners read before it was corrected."""
    first = make_publication()
    for reader in readers:
        assert reader.get(f"publications/{first.public_id}").status_code == 200
    second = make_correction(first)
    place_all()
    return first, second


def receipts(asker: Asker, query: str = "") -> list[dict[str, Any]]:
    return list(asker.get(f"receipts?{query}").json()["results"])


def acknowledged(asker: Asker, publication: Publication, **said: Any) -> Any:
    return asker.post(f"publications/{publication.public_id}/acknowledgement", said)


def test_a_read_is_noted_once_for_each_way(asker: Asker) -> None:
    first, second = make_publication(), make_publication()
    for path in ("publications", f"publications/{first.public_id}", "publications"):
        asker.get(path)
    rows = Holding.objects.filter(partner=asker.partner).order_by("publication")
    assert {(row.publication, row.claim, row.version, row.way) for row in rows} == {
        (one.public_id, one.claim.public_id, 1, "read") for one in (first, second)
    }


@pytest.mark.parametrize("path", ["claims", "claims/{claim}", "articles/{article}"])
def test_a_claim_read_with_its_verdict_is_noted(asker: Asker, path: str) -> None:
    claim = make_claim(article=make_submission(asker.partner))
    asker.get(path.format(claim=claim.public_id, article=article_of(claim)))
    assert not Holding.objects.exists()
    publication = make_publication(claim=claim)
    address = path.format(claim=claim.public_id, article=article_of(claim))
    asker.get(f"{address}?fields=id")
    assert not Holding.objects.exists(), "nothing was said of the verdict"
    asker.get(address)
    row = Holding.objects.get()
    assert (row.publication, row.claim, row.version) == (publication.public_id, claim.public_id, 1)


def article_of(claim: Claim) -> UUID:
    return UUID(str(claim.appearances.get().version.article.public_id))


def test_an_answer_with_nothing_new_writes_nothing(asker: Asker) -> None:
    make_publication()
    asker.get("publications")
    with CaptureQueriesContext(connection) as captured:
        asker.get("publications")
    written = [query["sql"] for query in captured if "partners_holding" in query["sql"]]
    assert len(written) == 1, "one statement"
    last = Holding.objects.latest("pk").pk
    asker.get("publications")
    Asker(make_partner("other")).get("publications")
    assert Holding.objects.latest("pk").pk == last + 1, "no number is used up by what is not new"


def test_who_has_an_older_version_is_told_what_it_says_now(asker: Asker) -> None:
    first, second = corrected(asker)
    (receipt,) = receipts(asker)
    assert receipt["publication"] == str(second.public_id)
    assert (receipt["version"], receipt["change"]) == (2, second.change)
    assert receipt["change_note"] == second.change_note
    assert receipt["rating"] == second.snapshot["rating"]["label"]
    had = receipt["you_have"]
    assert (had["publication"], had["version"], had["way"]) == (str(first.public_id), 1, "read")
    assert had["rating"] == first.snapshot["rating"]["label"]
    assert (receipt["state"], receipt["read_at"], receipt["told"]) == ("open", None, None)
    assert receipts(Asker(make_partner("stranger"))) == []


def test_who_never_had_it_has_no_receipt(asker: Asker) -> None:
    _first, second = corrected()
    asker.get(f"publications/{second.public_id}")
    assert receipts(asker) == []


def test_reading_the_new_version_settles_it(asker: Asker) -> None:
    first, second = corrected(asker)
    asker.get("events")
    (receipt,) = receipts(asker)
    assert receipt["state"] == "open", "to have been told is not to have it"
    assert receipt["event_read_at"]
    asker.get(f"publications/{first.public_id}")
    assert receipts(asker)[0]["state"] == "open"
    asker.get(f"publications/{second.public_id}")
    assert receipts(asker)[0]["state"] == "read"
    assert receipts(asker)[0]["read_at"]
    assert receipts(asker, "state=open") == []
    assert len(receipts(asker, "state=read")) == 1


def test_acknowledging_settles_it_and_the_newest_word_counts(asker: Asker) -> None:
    _first, second = corrected(asker)
    said = acknowledged(asker, second, status="not_used")
    assert said.status_code == 200
    assert said.json()["status"] == "not_used"
    again = acknowledged(asker, second, status="updated", url="https://wire.example/bridge")
    assert again.json()["url"] == "https://wire.example/bridge"
    (receipt,) = receipts(asker, "state=acknowledged")
    assert receipt["acknowledgement"]["status"] == "updated"
    assert receipts(asker, "state=open") == []
    row = Acknowledgement.objects.get()
    assert (row.partner, row.version, row.claim) == (asker.partner, 2, second.claim.public_id)
    verbs = list(AuditEntry.objects.about(row).values_list("verb", flat=True))
    assert verbs == ["correction.acknowledged", "correction.acknowledged"]


def test_an_older_version_cannot_be_acknowledged_any_more(asker: Asker) -> None:
    first, second = corrected(asker)
    problem = assert_problem(acknowledged(asker, first, status="updated"), 409, str(second.public_id))
    assert problem["code"] == "superseded"
    assert not Acknowledgement.objects.exists()


@pytest.mark.parametrize(
    ("said", "pointer"),
    [({}, "#/status"), ({"status": "done"}, "#/status"), ({"status": "updated", "url": "x"}, "#/url")],
)
def test_an_acknowledgement_that_cannot_be_read(asker: Asker, said: Any, pointer: str) -> None:
    publication = make_publication()
    problem = assert_problem(acknowledged(asker, publication, **said), 400)
    assert problem["errors"][0]["pointer"] == pointer


def test_of_several_corrections_the_newest_counts(asker: Asker) -> None:
    _first, second = corrected(asker)
    acknowledged(asker, second, status="updated")
    third = make_retraction(second)
    place_all()
    (receipt,) = receipts(asker)
    assert (receipt["version"], receipt["change"], receipt["state"]) == (3, "retraction", "open")
    assert receipt["publication"] == str(third.public_id)
    acknowledged(asker, third, status="removed")
    assert receipts(asker)[0]["state"] == "acknowledged"


def test_the_list_costs_the_same_at_3_and_at_9_corrections(asker: Asker) -> None:
    def queries() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as captured:
            rows = len(receipts(asker, "limit=50"))
        return rows, len(captured)

    receipts(asker)
    for _ in range(3):
        corrected(asker)
    few = queries()
    for _ in range(6):
        corrected(asker)
    many = queries()
    assert (few[0], many[0]) == (3, 9)
    assert few[1] == many[1] <= 9
