"""Who asks for what is published already has the answer at once; where there is a doubt, a person decides."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from claims.actions.check_requests import decline_request
from claims.actions.match_index import index_everything
from claims.models import CheckRequest
from claimtracker.accounts.models import Role
from claimtracker.ledger.models import AuditEntry, OutboxEvent
from reviews.models import Publication
from tests.factories import (
    make_article,
    make_claim,
    make_correction,
    make_partner,
    make_publication,
    make_retraction,
    make_submitted_verdict,
    make_user,
)

from .conftest import Asker, assert_problem

pytestmark = pytest.mark.django_db

WORDS = "The harbour of Arden handled 4 million containers in 2025"


def published(words: str = WORDS, **fields: Any) -> Publication:
    article = make_article(f"{words}, the mayor Ann Lee said.\n", external_id=str(uuid4()))
    publication = make_publication(claim=make_claim(words, article=article, **fields))
    index_everything()
    return publication


def ask(asker: Asker, text: str = WORDS, **more: Any) -> dict[str, Any]:
    response = asker.post("requests", {"text": text, **more})
    assert response.status_code in (200, 201), response.content
    answer: dict[str, Any] = response.json()
    return answer


@pytest.mark.parametrize("words", [WORDS, WORDS.lower() + ".", f"In 2025 {WORDS[:-8]}"])
def test_the_words_of_a_published_check_are_answered_at_once(asker: Asker, words: str) -> None:
    publication = make_correction(published(), rating="true")
    index_everything()
    answer = ask(asker, words)
    assert (answer["status"], answer["publication"]) == ("answered", str(publication.public_id))
    assert answer["claim"] == publication.snapshot["claim"]["id"]
    [event] = OutboxEvent.objects.filter(type="request.answered")
    assert (event.audience, event.payload["rating"]) == (asker.partner.origin, "True")
    verbs = AuditEntry.objects.about(CheckRequest.objects.get()).order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["request.received", "request.accepted", "request.answered"]
    again = ask(asker, words)
    assert (again["id"], again["status"]) == (answer["id"], "answered")
    assert OutboxEvent.objects.filter(type="request.answered").count() == 1


@pytest.mark.parametrize(
    "words",
    [
        WORDS.replace("4 million", "5 million"),
        WORDS.replace("handled", "did not handle"),
        WORDS.replace("2025", "2024"),
        WORDS.replace("Arden", "Brocken"),
        WORDS + " and 2 million cars",
    ],
)
def test_another_claim_waits_for_a_person(asker: Asker, words: str) -> None:
    published()
    assert ask(asker, words)["status"] == "received"
    assert not OutboxEvent.objects.filter(type="request.answered").exists()


def test_words_that_mean_another_day_each_day_are_no_answer(asker: Asker) -> None:
    words = "The harbour of Arden handled 4 million containers last year"
    published(words)
    assert ask(asker, words)["status"] == "received"


def test_what_two_checks_say_of_two_people_is_no_answer(asker: Asker) -> None:
    published()
    published(claimant="Bo Park")
    assert ask(asker)["status"] == "received"


def test_only_what_stands_and_is_public_is_an_answer(asker: Asker) -> None:
    words = "The council of Arden built 900 homes in 2025"
    claim = make_claim(words, article=make_article(f"{words}, it was said.\n"))
    make_submitted_verdict(make_user(), claim=claim)
    make_retraction(published())
    index_everything()
    assert ask(asker, words)["status"] == "received"
    assert ask(asker)["status"] == "received"


def test_a_partner_that_means_another_claim_says_so(asker: Asker) -> None:
    publication = published()
    answered = ask(asker)
    other = ask(asker, differs_from=str(publication.public_id), note="It is about the other Arden.")
    assert other["id"] != answered["id"]
    assert (other["status"], other["publication"], other["votes"]) == ("received", None, 1)
    again = ask(asker, differs_from=str(publication.public_id))
    assert (again["id"], again["status"]) == (other["id"], "received")
    assert ask(asker)["id"] == answered["id"]
    refused = asker.post("requests", {"text": WORDS, "differs_from": "4711"})
    assert assert_problem(refused, 400)["errors"][0]["pointer"] == "#/differs_from"


def test_what_a_moderator_decided_and_what_a_sandbox_asks_stays(asker: Asker) -> None:
    declined = ask(asker)
    decline_request(CheckRequest.objects.get(), by=make_user(Role.MODERATOR), reason="It is known.")
    published()
    assert (ask(asker)["id"], ask(asker)["status"]) == (declined["id"], "declined")
    sandbox = Asker(make_partner("try", is_sandbox=True))
    assert ask(sandbox)["status"] == "received"


def test_a_wish_that_waited_is_answered_when_it_is_made_again(asker: Asker) -> None:
    other = Asker(make_partner("other"))
    assert ask(other)["status"] == "received"
    published()
    assert ask(asker)["status"] == "answered"
    told = OutboxEvent.objects.filter(type="request.answered").values_list("audience", flat=True)
    assert set(told) == {asker.partner.origin, other.partner.origin}
