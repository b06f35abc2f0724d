"""What partners are told of a check that is hidden or taken down: that it is so, and nothing that it says."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claimtracker.accounts.models import Role, User
from claimtracker.partners.models import Holding
from reviews.actions.restrictions import confirm_takedown, hide_check, lift_restriction, order_takedown
from reviews.models import Publication
from tests import factories
from tests.reviews.test_restrictions import LETTER
from tests.support.due_jobs import run_due

from .conftest import Asker

pytestmark = pytest.mark.django_db

WHY = {"reason": "privacy", "note": "It names a child."}


@pytest.fixture
def moderator() -> User:
    return factories.make_user(Role.MODERATOR)


@pytest.fixture
def publication(asker: Asker) -> Publication:
    """Of a claim that stands in an article of the partner."""
    claim = factories.make_claim(article=factories.make_submission(asker.partner))
    return factories.make_publication(claim=claim)


def take_down(publication: Publication, by: User) -> None:
    order = order_takedown(publication.claim, by=by, **LETTER)
    confirm_takedown(order, by=factories.make_user(Role.LEAD, publication.claim.desk), note="I read it.")


def results(asker: Asker, path: str) -> list[dict[str, Any]]:
    answer = asker.get(path)
    assert answer.status_code == 200, answer.content
    found: list[dict[str, Any]] = answer.json()["results"]
    return found


@pytest.mark.parametrize("path", ["publications/{}", "publications/{}/claim-review"])
def test_a_version_answers_410_or_451(
    asker: Asker, publication: Publication, moderator: User, path: str
) -> None:
    path = path.format(publication.public_id)
    assert asker.get(path).status_code == 200
    row = hide_check(publication.claim, by=moderator, **WHY)
    hidden = asker.get(path)
    assert (hidden.status_code, hidden.json()["code"]) == (410, "hidden")
    lift_restriction(row, by=moderator, note="Gone.")
    assert asker.get(path).status_code == 200
    take_down(publication, moderator)
    down = asker.get(path)
    assert (down.status_code, down.json()["code"]) == (451, "taken_down")
    assert LETTER["public_reason"] in down.json()["detail"]
    assert LETTER["reference"] not in down.content.decode()


def test_the_list_keeps_its_place_without_its_words(
    asker: Asker, publication: Publication, moderator: User
) -> None:
    before = results(asker, "publications")[0]
    assert before["restriction"] is None
    take_down(publication, moderator)
    row = results(asker, "publications")[0]
    assert row["id"] == str(publication.public_id)
    assert row["claim"]["id"] == before["claim"]["id"]
    assert row["restriction"]["kind"] == "taken_down"
    assert row["restriction"]["reason"] == LETTER["public_reason"]
    assert row["rating"] is None and row["url"] == row["summary"] == row["claim"]["text"] == ""
    assert row["evidence"] == row["appearances"] == row["topics"] == [] and row["claimant"] is None
    assert set(row) == set(before)
    narrow = results(asker, "publications?fields=id,version")
    assert narrow == [{"id": row["id"], "version": 1}]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("is_withheld=true", 1),
        ("is_withheld=false", 0),
        ("claim={claim}", 1),
        ("q=bridge", 0),
        ("rating=false", 0),
        ("claimant=Ann%20Lee", 0),
        ("topic=health", 0),
        ("language=en", 0),
        ("is_retracted=false", 0),
        ("is_retracted=true", 0),
        ("is_withheld=true&q=bridge", 0),
        ("updated_since=2026-01-01T00:00:00Z", 1),
    ],
)
def test_no_filter_says_what_it_was_about(
    asker: Asker, publication: Publication, moderator: User, asked: str, found: int
) -> None:
    hide_check(publication.claim, by=moderator, **WHY)
    asked = asked.format(claim=publication.claim.public_id)
    assert len(results(asker, f"publications?{asked}")) == found


def test_what_was_hidden_or_shown_again_since_is_told(
    asker: Asker, publication: Publication, moderator: User
) -> None:
    row = hide_check(publication.claim, by=moderator, **WHY)
    since = row.ordered_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    assert [one["restriction"]["kind"] for one in results(asker, f"publications?updated_since={since}")] == [
        "hidden"
    ]
    lift_restriction(row, by=moderator, note="Gone.")
    assert [one["restriction"] for one in results(asker, f"publications?updated_since={since}")] == [None]


def test_the_partners_own_claim_says_that_its_check_is_withheld(
    asker: Asker, publication: Publication, moderator: User
) -> None:
    path = f"claims/{publication.claim.public_id}"
    assert asker.get(path).json()["review"]["status"] == "published"
    before = asker.get(path).json()["updated_at"]
    hide_check(publication.claim, by=moderator, **WHY)
    answer = asker.get(path).json()
    assert answer["review"] == {
        "status": "withheld", "publication": None, "rating": None, "url": None, "published_at": None,
    }  # fmt: skip
    assert answer["updated_at"] > before and answer["text"] == publication.claim.text
    assert len(results(asker, "claims?state=withheld")) == 1
    assert results(asker, "claims?state=published") == []
    article = publication.claim.appearances.get().version.article
    assert publication.slug not in asker.get(f"articles/{article.public_id}/annotations").content.decode()


def test_events_and_receipts_lose_the_words(asker: Asker, publication: Publication, moderator: User) -> None:
    asker.get(f"publications/{publication.public_id}")
    factories.make_correction(publication, rating="true")
    run_due("partners.fan_out")
    assert publication.claim.text in asker.get("events").content.decode()
    assert len(results(asker, "receipts")) == 1
    row = hide_check(publication.claim, by=moderator, **WHY)
    run_due("partners.fan_out")
    events = results(asker, "events")
    told = {event["type"]: event["data"] for event in events}
    assert told["claim.verdict_hidden"]["restriction"] == "hidden"
    older = told["claim.verdict_published"]
    assert (older["claim_text"], older["rating"], older["url"]) == ("", None, "")
    assert older["publication"] == str(publication.public_id)
    assert told["claim.verdict_corrected"]["change_note"] == ""
    assert results(asker, "receipts") == []
    lift_restriction(row, by=moderator, note="Gone.")
    assert publication.claim.text in asker.get("events").content.decode()
    assert len(results(asker, "receipts")) == 1


def test_that_it_is_hidden_counts_as_no_version_that_a_partner_has(
    asker: Asker, publication: Publication, moderator: User
) -> None:
    hide_check(publication.claim, by=moderator, **WHY)
    run_due("partners.fan_out")
    asker.get("events?types=claim.verdict_hidden")
    assert not Holding.objects.filter(partner=asker.partner).exists()


def test_a_list_of_tombstones_costs_what_a_list_costs(asker: Asker, moderator: User) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            results(asker, "publications?limit=100")
        return len(captured)

    made = [factories.make_publication() for _ in range(3)]
    hide_check(made[0].claim, by=moderator, **WHY)
    asker.get("publications")
    few = queries()
    for publication in [factories.make_publication() for _ in range(6)]:
        hide_check(publication.claim, by=moderator, **WHY)
    assert queries() == few
