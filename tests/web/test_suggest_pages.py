"""The page on which readers suggest a claim, and the one on which they follow it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from claims.actions.check_requests import accept_request, decline_request
from claims.actions.match_index import index_everything
from claims.actions.suggestions import refuse_suggestion
from claims.models import CheckRequest, Claim, Suggestion
from claimtracker.accounts.models import Role
from claimtracker.intake.blocking import set_block
from claimtracker.intake.senders import address_digest
from claimtracker.kernel.secret_addresses import masked
from reviews.actions.requests import answer_from_published
from reviews.models import Publication
from tests import factories
from tests.support.limits import forget_pace

pytestmark = pytest.mark.django_db

FORM = "/suggest/"
KNOWN = "Norway has 5.5 million inhabitants."
ADDRESSES = ("127.0.0.1", "198.51.100.9", "198.51.100.10")
TEXT = "The harbour handled 4 million containers last year."
WORDS = {
    "text": TEXT,
    "said_by": "Colm Darragh",
    "url": "https://social.example/81",
    "said_on": "2026-11-20",
    "why": "Rents depend on it.",
    "name": "Zora Quill",
    "email": "zora@reader.example",
}


@pytest.fixture(autouse=True)
def desk() -> None:
    factories.make_desk()
    forget_pace("suggestions:all", *(f"suggestions:{address_digest(one)}" for one in ADDRESSES))


@pytest.fixture
def checked() -> Publication:
    publication = factories.make_publication(claim=claim_of(KNOWN))
    index_everything()
    return publication


def claim_of(text: str) -> Claim:
    return factories.make_claim(text, article=factories.make_article(f"{text}\n", external_id=text))


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found
    return found[1]


def send(client: Client, **words: str) -> Any:
    return client.post(FORM, {**WORDS, **words})


def test_a_reader_suggests_and_follows_it_without_account_cookie_or_script() -> None:
    reader = Client(enforce_csrf_checks=True)
    for place in ("/fact-checks/", "/about/methodology/", "/about/"):
        assert f'href="{FORM}"' in reader.get(place).text
    page = reader.get(FORM)
    assert (page.status_code, page["Cache-Control"]) == (200, "no-store")
    form_id = hidden(page.text, "form_id")
    sent = send(reader, form_id=form_id, opened=hidden(page.text, "opened"))
    assert sent.status_code == 303
    again = send(reader, form_id=form_id)
    assert again["Location"] == sent["Location"] == f"/suggestions/{form_id}/"
    row = Suggestion.objects.get()
    assert str(row.words.said_on) == "2026-11-20"
    status = reader.get(sent["Location"])
    assert row.reference in status.text and "An editor looks at it." in status.text
    for word in ("Zora", "zora@", "Rents depend", "social.example"):
        assert word not in status.text, "whoever finds the address learns of nobody"
    assert (status["Cache-Control"], status["Referrer-Policy"]) == ("no-store", "no-referrer")
    assert not reader.cookies
    assert form_id not in masked(f"GET {sent['Location']} 200")
    for wrong in ("/suggestions/x/", f"/suggestions/{'A' * 43}/"):
        assert reader.get(wrong).status_code == 404


def test_what_was_published_on_the_same_is_shown_first_and_sent_all_the_same(
    client: Client, checked: Publication
) -> None:
    slug = checked.slug
    shown = send(client, text=KNOWN)
    assert shown.status_code == 200
    assert "This may be checked already" in shown.text and f"/fact-checks/{slug}/" in shown.text
    assert "Zora Quill" in shown.text, "nothing typed is lost"
    assert not Suggestion.objects.exists()
    seen = hidden(shown.text, "seen")
    other = send(client, text=TEXT, seen=seen)
    assert other.status_code == 303, "nothing is known of that"
    sent = send(client, text=KNOWN, seen=seen)
    assert sent.status_code == 303
    assert "An editor looks at it." in client.get(sent["Location"]).text


def test_nothing_that_is_not_published_is_shown(client: Client) -> None:
    claim_of(KNOWN)
    index_everything()
    assert send(client, text=KNOWN).status_code == 303


def test_the_page_says_what_became_of_it(client: Client, checked: Publication) -> None:
    moderator = factories.make_user(Role.MODERATOR)
    page = send(client)["Location"]
    request = CheckRequest.objects.get()
    decline_request(request, by=moderator, reason="It is an opinion <b>of his</b>.")
    declined = client.get(page).text
    assert "We do not check this." in declined and "It is an opinion &lt;b&gt;of his" in declined
    accept_request(request, by=moderator)
    accepted = client.get(page).text
    assert "We are checking it." in accepted and f"/{request.claim_id}" not in accepted
    same = factories.make_suggestion(KNOWN, token="A" * 43)
    assert answer_from_published(same.request)
    told = client.get(f"/suggestions/{'A' * 43}/").text
    assert "We had checked this already." in told and f"/fact-checks/{checked.slug}/" in told


def test_what_is_held_is_received_for_its_writer_and_what_is_refused_says_why(client: Client) -> None:
    page = send(client, text="Buy pills now. " * 30)["Location"]
    row = Suggestion.objects.get()
    assert row.state == "held"
    held = client.get(page).text
    assert "An editor looks at it." in held and "spam" not in held.lower()
    refuse_suggestion(row, by=factories.make_user(Role.MODERATOR), reason="We see an advertisement.")
    assert "We see an advertisement." in client.get(page).text


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"text": ""}, "Write the claim as it was said"),
        ({"text": "x" * 1001}, "Shorten this to 1000 characters"),
        ({"url": ""}, "Say where it was said"),
        ({"url": "not an address"}, "Write the whole address"),
        ({"url": "ftp://social.example/"}, "http"),
        ({"said_on": "yesterday"}, "Write a day such as"),
        ({"email": "zora"}, "such as name@example.org"),
    ],
)
def test_nothing_typed_is_lost_and_what_is_wrong_is_said(
    client: Client, wrong: dict[str, str], says: str
) -> None:
    refused = send(client, **wrong)
    assert refused.status_code == 422
    assert says in refused.text and "Zora Quill" in refused.text
    assert not Suggestion.objects.exists()


def test_hostile_words_are_shown_as_words(client: Client) -> None:
    nasty = '"><script>alert(1)</script> said the harbour handled 4 million containers.'
    page = send(client, text=nasty)["Location"]
    assert "<script>alert(1)" not in client.get(page).text
    assert "<script>alert(1)" not in send(client, text=nasty, url="").text


def test_a_program_is_told_nothing_and_stores_nothing(client: Client) -> None:
    answer = send(client, website="https://spam.example")
    assert answer.status_code == 200 and "Nothing was sent." in answer.text and TEXT in answer.text
    assert not Suggestion.objects.exists()


def test_too_long_and_too_often_are_cut(client: Client, settings: Any) -> None:
    assert send(client, why="x" * 70_000).status_code == 413
    settings.SUGGESTIONS_PER_HOUR = 2
    assert [send(client, text="").status_code for _ in range(3)] == [422, 422, 429]
    elsewhere = Client(REMOTE_ADDR="198.51.100.9")
    assert send(elsewhere).status_code == 303, "one sender keeps nobody else out"
    settings.SUGGESTIONS_PER_HOUR = 0
    assert send(Client(REMOTE_ADDR="198.51.100.10")).status_code == 429


def test_who_is_blocked_reads_why_and_where_to_turn(settings: Any) -> None:
    settings.PUBLISHER_CONTACT = "https://news.example/contact"
    moderator = factories.make_user(Role.MODERATOR)
    set_block("address", address_digest("198.51.100.9"), by=moderator, reason="Floods us", label="Sender")
    refused = send(Client(REMOTE_ADDR="198.51.100.9"))
    assert refused.status_code == 403
    assert "Floods us." in refused.text and "https://news.example/contact" in refused.text
    assert not Suggestion.objects.exists()
    assert send(Client(REMOTE_ADDR="198.51.100.10")).status_code == 303


def test_a_newsroom_can_have_its_own_page_or_none(client: Client, settings: Any) -> None:
    page = send(client)["Location"]
    settings.SUGGESTIONS_OPEN = False
    assert client.get(FORM).status_code == send(client).status_code == 404
    assert f'href="{FORM}"' not in client.get("/fact-checks/").text
    assert client.get(page).status_code == 200, "who sent one can still follow it"
    settings.CLAIM_SUGGESTIONS = "mailto:claims@news.example"
    assert 'href="mailto:claims@news.example"' in client.get("/fact-checks/").text
