"""Please check this: asked, voted for, and told what became of it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.actions.check_requests import accept_request, decline_request
from claims.models import CheckRequest, RequestVote
from claimtracker.accounts.models import Role, User
from claimtracker.ledger.models import OutboxEvent
from claimtracker.partners.models import Partner, Scope
from reviews.actions.requests import answer_requests
from tests.factories import make_claim, make_partner, make_publication, make_user

from .conftest import Asker, assert_problem

TEXT = "The harbour handled 4 million containers last year."


@pytest.fixture
def other(db: None) -> Asker:
    return Asker(make_partner("other"))


@pytest.fixture
def moderator(db: None) -> User:
    return make_user(Role.MODERATOR)


def ask(asker: Asker, text: str = TEXT, **more: Any) -> Any:
    return asker.post("requests", {"text": text, **more})


def test_a_wish_is_heard(asker: Asker) -> None:
    response = ask(asker, note="Three readers asked.", url="https://social.example/81", language="en")
    assert response.status_code == 201, response.content
    heard = response.json()
    assert (heard["text"], heard["status"], heard["votes"], heard["voted"]) == (TEXT, "received", 1, True)
    assert (heard["note"], heard["url"]) == ("Three readers asked.", "https://social.example/81")
    assert (heard["claim"], heard["publication"], heard["reason"]) == (None, None, "")
    assert asker.get(response["Location"].partition("/api/v1/")[2]).json() == heard


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        "  the HARBOUR handled 4 million   containers last year",
        "The harbour handled 4 million containers in the last year!",
    ],
)
def test_the_same_in_like_words_is_a_vote(asker: Asker, other: Asker, text: str) -> None:
    first = ask(asker, note="Secret.", url="https://wire.example/tip").json()
    response = ask(other, text, note="Mine.")
    counted = response.json()
    assert (response.status_code, counted["id"], counted["votes"]) == (200, first["id"], 2)
    assert (counted["text"], counted["note"], counted["url"]) == (" ".join(text.split()), "Mine.", "")
    assert asker.get(f"requests/{first['id']}").json()["text"] == TEXT


@pytest.mark.parametrize(
    "text",
    [
        TEXT.replace("4", "5"),
        TEXT.replace("handled", "did not handle"),
        "The airport handled 4 million passengers in the year before.",
    ],
)
def test_something_else_is_another_request(asker: Asker, other: Asker, text: str) -> None:
    ask(asker)
    assert ask(other, text).status_code == 201
    assert CheckRequest.objects.count() == 2


def test_who_asks_twice_counts_once(asker: Asker) -> None:
    ask(asker)
    again = ask(asker)
    assert (again.status_code, again.json()["votes"]) == (200, 1)


def test_a_vote_counts_once_and_tells_nothing_of_the_others(asker: Asker, other: Asker) -> None:
    heard = ask(asker, note="Secret.", url="https://wire.example/tip").json()
    seen = other.get(f"requests/{heard['id']}").json()
    assert (seen["voted"], seen["note"], seen["url"], seen["text"]) == (False, "", "", TEXT)
    answers = [other.post(f"requests/{heard['id']}/votes", {"note": "Our town."}) for _ in "ab"]
    assert [answer.status_code for answer in answers] == [201, 200]
    assert answers[1].json() | {"updated_at": ""} == seen | {
        "voted": True, "votes": 2, "note": "Our town.", "updated_at": ""
    }  # fmt: skip
    assert "wire" not in str(answers[1].content)


def test_what_is_not_shared_is_seen_by_who_asked(asker: Asker, other: Asker) -> None:
    heard = ask(asker, shared=False).json()
    assert_problem(other.get(f"requests/{heard['id']}"), 404)
    assert_problem(other.post(f"requests/{heard['id']}/votes", {}), 404)
    assert other.get("requests").json()["results"] == []
    third = Asker(make_partner("third"))
    words = "The harbour handled 4 million containers, last year."
    assert ask(other, words).json()["id"] == heard["id"]
    assert third.get(f"requests/{heard['id']}").json()["text"] == words, (
        "never the words of who did not share"
    )


def test_the_list_narrows_by_status_and_to_one_s_own(asker: Asker, other: Asker, moderator: User) -> None:
    mine = ask(asker).json()
    theirs = ask(other, "The mayor closed nine of the ten schools.").json()
    decline_request(CheckRequest.objects.get(public_id=theirs["id"]), by=moderator, reason="Too old.")
    ids = [row["id"] for row in asker.get("requests").json()["results"]]
    assert ids == [theirs["id"], mine["id"]]
    assert [row["id"] for row in asker.get("requests?voted=true").json()["results"]] == [mine["id"]]
    assert [row["id"] for row in asker.get("requests?status=declined").json()["results"]] == [theirs["id"]]
    assert_problem(asker.get("requests?status=open"), 400, "must be one of")
    assert_problem(asker.get("requests?voted=1"), 400, "must be true")


def test_it_is_declined_with_a_reason(asker: Asker, other: Asker, moderator: User) -> None:
    heard = ask(asker).json()
    ask(other)
    decline_request(CheckRequest.objects.get(), by=moderator, reason="An opinion.")
    declined = asker.get(f"requests/{heard['id']}").json()
    assert (declined["status"], declined["reason"]) == ("declined", "An opinion.")
    told = OutboxEvent.objects.filter(type="request.declined").order_by("id")
    assert [event.audience for event in told] == [asker.partner.origin, other.partner.origin]
    assert {str(event.payload) for event in told} == {
        str({"reason": "An opinion.", "request": heard["id"]})
    } or all(event.payload == {"request": heard["id"], "reason": "An opinion."} for event in told)


def test_it_is_answered_by_a_publication(asker: Asker, other: Asker, moderator: User) -> None:
    heard = ask(asker).json()
    ask(other)
    claim = make_claim()
    accept_request(CheckRequest.objects.get(), by=moderator, claim=claim)
    accepted = asker.get(f"requests/{heard['id']}").json()
    assert (accepted["status"], accepted["claim"]) == ("accepted", str(claim.public_id))
    publication = make_publication(claim=claim)
    event = OutboxEvent.objects.get(type="claim.verdict_published")
    assert answer_requests(event) == 1
    assert answer_requests(event) == 0, "it may run twice"
    answered = asker.get(f"requests/{heard['id']}").json()
    assert (answered["status"], answered["publication"]) == ("answered", str(publication.public_id))
    told = OutboxEvent.objects.filter(type="request.answered").order_by("id")
    assert [event.audience for event in told] == [asker.partner.origin, other.partner.origin]
    assert told[0].payload["publication"] == str(publication.public_id)
    assert not any("origin" in str(event.payload) or "partner:" in str(event.payload) for event in told)
    late = Asker(make_partner("late"))
    assert ask(late).json()["status"] == "answered", "whoever asks later has the answer at once"


@pytest.mark.parametrize(
    ("content", "pointers"),
    [
        ({}, {"#/text"}),
        ({"text": "short"}, {"#/text"}),
        ({"text": "x" * 1001}, {"#/text"}),
        ({"text": TEXT, "url": "here", "shared": "yes"}, {"#/url", "#/shared"}),
        ({"text": TEXT, "language": "english please"}, {"#/language"}),
        ({"text": TEXT, "callback": "https://wire.example"}, {"#/callback"}),
    ],
)
def test_faults_are_named_all_at_once(asker: Asker, content: Any, pointers: set[str]) -> None:
    problem = assert_problem(asker.post("requests", content), 400)
    assert {error["pointer"] for error in problem["errors"]} == pointers
    assert not CheckRequest.objects.exists()


def test_it_takes_the_scope_of_asking(partner: Partner, asker: Asker) -> None:
    heard = ask(asker).json()
    others = Asker(partner, scopes=[scope for scope in Scope.values if scope != "request"])
    for response in (
        ask(others),
        others.get("requests"),
        others.get(f"requests/{heard['id']}"),
        others.post(f"requests/{heard['id']}/votes", {}),
    ):
        assert_problem(response, 403, "lacks the scope “request”")


def test_a_repeated_wish_is_one(asker: Asker) -> None:
    answers = [asker.post("requests", {"text": TEXT}, Idempotency_Key="k") for _ in "ab"]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert RequestVote.objects.count() == 1


def test_as_many_queries_for_three_as_for_thirty(asker: Asker) -> None:
    counts = []
    for number in (3, 30):
        for n in range(number):
            ask(asker, f"Sentence {number} {n} says that {n * 7 + number} things happened on day {n}.")
        asker.get("requests")
        with CaptureQueriesContext(connection) as queries:
            assert asker.get("requests?limit=100").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
