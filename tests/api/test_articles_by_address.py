"""An article of which its sender gives the address only: fetched by us, and read where it was promised."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from django.db import connection

from claims.models import Article, ArticleFetch
from claimtracker.jobs.models import Job
from claimtracker.ledger.models import AuditEntry
from claimtracker.partners.models import Partner
from tests.factories import make_partner
from tests.support.due_jobs import run_due
from tests.support.hostile_server import HostileServer, hostile_server

from .conftest import Asker, assert_problem

FETCH = "claims.fetch_article"


def page(words: str = "4 million") -> bytes:
    return (
        "<html lang=en><head><title>Harbour grows</title></head><body><article><h1>Harbour grows</h1>"
        f"<p>The harbour handled {words} containers last year, the port authority said on Monday.</p>"
        "<p>It had handled 3.6 million the year before, and expects 4.2 million in the coming year.</p>"
        "<p>The authority will build a third terminal, its director told reporters at the quay.</p>"
        "</article></body></html>"
    ).encode()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[HostileServer]:
    with hostile_server() as running:
        monkeypatch.setenv("CLAIMTRACKER_OUTBOUND_ALLOW", running.pair)
        yield running


@pytest.fixture
def asker(transactional_db: None) -> Asker:
    return Asker(make_partner("wire", name="The Wire"))


def test_an_address_becomes_an_article_at_the_promised_place(asker: Asker, server: HostileServer) -> None:
    url = server.gives("/harbour", page())
    response = asker.post(
        "articles", {"url": url, "byline": "Jo Park", "published_at": "2026-11-20T09:30:00Z"}
    )
    promised = response.json()
    assert response.status_code == 202
    assert (promised["state"], promised["version"], promised["external_id"]) == ("pending", 0, url)
    assert promised["extraction"] == {
        "state": "pending",
        "message": "The page is being fetched.",
        "claims_found": 0,
    }
    assert not server.asked, "nothing is fetched while the partner waits for an answer"
    address = response["Location"].partition("/api/v1/")[2]
    waiting = asker.get(address).json()
    assert {**promised, "body": "", "claims": []} == waiting
    assert run_due(FETCH) == 1
    article = asker.get(address).json()
    assert article["id"] == promised["id"]
    assert (article["state"], article["version"], article["title"]) == ("accepted", 1, "Harbour grows")
    assert (article["byline"], article["published_at"]) == ("Jo Park", "2026-11-20T09:30:00Z")
    assert "4 million containers" in article["body"]
    assert AuditEntry.objects.get(verb="article.requested").actor_ref


def test_the_same_wish_is_one_while_it_is_being_fetched(asker: Asker, server: HostileServer) -> None:
    url = server.gives("/harbour", page())
    first, second = (asker.post("articles", {"url": url}).json() for _ in "ab")
    assert first == second
    assert ArticleFetch.objects.count() == Job.objects.filter(kind=FETCH).count() == 1


def test_an_address_that_is_known_is_looked_at_again(asker: Asker, server: HostileServer) -> None:
    url = server.gives("/harbour", page())
    asker.post("articles", {"url": url, "external_id": "wire-1"})
    run_due(FETCH)
    server.gives("/harbour", page("3.9 million"))
    response = asker.post("articles", {"url": url, "external_id": "wire-1"})
    article = Article.objects.get()
    assert (response.status_code, response.json()["id"]) == (202, str(article.public_id))
    assert response.json()["version"] == 1
    run_due(FETCH)
    changed = asker.get(f"articles/{article.public_id}").json()
    assert (changed["version"], "3.9 million" in changed["body"]) == (2, True)


def test_a_page_that_cannot_be_had_says_why(asker: Asker, server: HostileServer) -> None:
    url = server.gives("/gone", b"", status="404 Not Found")
    promised = asker.post("articles", {"url": url}).json()
    run_due(FETCH)
    failed = asker.get(f"articles/{promised['id']}").json()
    assert failed["state"] == "failed"
    assert failed["state_reason"].endswith("Check the address, or send the text as body instead.")
    assert failed["extraction"]["message"] == failed["state_reason"]
    assert failed["extraction"]["state"] == "refused"
    server.gives("/gone", page())
    again = asker.post("articles", {"url": url}).json()
    assert again["state"] == "pending", "one may ask anew"


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/", "http://169.254.169.254/latest/", "http://localhost/"]
)
def test_addresses_inside_are_not_asked(asker: Asker, url: str) -> None:
    response = asker.post("articles", {"url": url})
    if response.status_code == 202:
        run_due(FETCH)
        assert asker.get(f"articles/{response.json()['id']}").json()["state"] == "failed"
    else:
        assert_problem(response, 400)
    assert not Article.objects.exists()


def test_what_an_untrusted_partner_has_fetched_is_held(server: HostileServer, transactional_db: None) -> None:
    asker = Asker(make_partner("new", is_trusted=False))
    promised = asker.post("articles", {"url": server.gives("/harbour", page())}).json()
    run_due(FETCH)
    assert asker.get(f"articles/{promised['id']}").json()["state"] == "held"


def test_another_partner_s_pending_article_is_not_there(asker: Asker, server: HostileServer) -> None:
    promised = asker.post("articles", {"url": server.gives("/harbour", page())}).json()
    stranger = Asker(make_partner("stranger"))
    assert_problem(stranger.get(f"articles/{promised['id']}"), 404, "may see")
    own = stranger.post("articles", {"url": server.url("/harbour")}).json()
    assert own["id"] != promised["id"]


def test_nothing_of_an_article_is_no_article(asker: Asker) -> None:
    problem = assert_problem(asker.post("articles", {"title": "Harbour"}), 400, "as body, its page as html")
    assert problem["errors"][0]["pointer"] == "#/body"
    assert_problem(asker.post("articles", {"url": "harbour"}), 400, "This is no web address")


def test_parallel_wishes_are_one_fetch(asker: Asker, server: HostileServer) -> None:
    url = server.gives("/harbour", page())
    together = threading.Barrier(8)
    answers: list[tuple[int, str]] = []

    def send() -> None:
        together.wait()
        try:
            response = asker.post("articles", {"url": url})
            answers.append((response.status_code, response.json()["id"]))
        finally:
            connection.close()

    senders = [threading.Thread(target=send) for _ in range(8)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert len(set(answers)) == 1, answers
    assert answers[0][0] == 202
    assert ArticleFetch.objects.count() == 1
    assert Partner.objects.count() == 1
