"""What an untrusted partner sends anew of an accepted article waits for a moderator; it is told so."""

from __future__ import annotations

import json
from typing import Any

import pytest

from claims.actions.batches import WORK_OFF
from claims.actions.fetching import record_fetch
from claims.actions.held_updates import accept_update, reject_update
from claims.actions.ingest import accept_article
from claims.models import Article, ArticleFetch, HeldUpdate
from claims.sources import parse_html
from claimtracker.accounts.models import Role, User
from claimtracker.partners.models import Partner
from tests.factories import make_held_update, make_partner, make_submission, make_user
from tests.support.due_jobs import run_due

from .conftest import Asker, assert_problem
from .reading import ids, queries_of, rows

pytestmark = pytest.mark.django_db

BODY = "The harbour handled 4 million containers last year, the port authority said on Monday.\n"
NEW = BODY.replace("4 million", "3.9 million")


@pytest.fixture
def moderator(db: None) -> User:
    return make_user(Role.MODERATOR)


@pytest.fixture
def untrusted(moderator: User) -> Asker:
    return Asker(make_partner("new", is_trusted=False))


@pytest.fixture
def article(untrusted: Asker, moderator: User) -> Article:
    held = make_submission(untrusted.partner, BODY, title="Harbour", external_id="wire-1")
    return accept_article(held, by=moderator)


def send(asker: Asker, status: int, body: str = NEW, **fields: Any) -> dict[str, Any]:
    response = asker.post("articles", {"body": body, "external_id": "wire-1", "title": "Harbour", **fields})
    assert response.status_code == status, response.content
    answer: dict[str, Any] = response.json()
    return answer


def change(asker: Asker, article: Article, content: Any, if_match: str = "*", **headers: str) -> Any:
    path = f"articles/{article.public_id}"
    return asker.ask("PATCH", path, json.dumps(content).encode(), If_Match=if_match, **headers)


def test_another_text_waits_and_the_answer_says_so(untrusted: Asker, article: Article) -> None:
    answer = send(untrusted, 202, byline="Jo Park")
    assert (answer["id"], answer["state"], answer["version"]) == (str(article.public_id), "accepted", 1)
    assert answer["byline"] == "", "the article stays as the moderator saw it"
    waits = answer["held_update"]
    assert (waits["state"], waits["reason"], waits["changes"]) == ("held", "", ["body", "byline"])
    assert send(untrusted, 202, byline="Jo Park") == answer, "the same again is the same"
    read = untrusted.get(f"articles/{article.public_id}").json()
    assert (read["body"], read["held_update"]) == (BODY, waits)
    assert rows(untrusted, "articles")[0]["held_update"] == waits
    assert HeldUpdate.objects.count() == 1


def test_once_accepted_the_article_says_it(untrusted: Asker, article: Article, moderator: User) -> None:
    send(untrusted, 202, byline="Jo Park", published_at="2026-11-20T09:30:00Z")
    accept_update(HeldUpdate.objects.get(), by=moderator)
    read = untrusted.get(f"articles/{article.public_id}").json()
    assert (read["version"], read["body"], read["held_update"]) == (2, NEW.strip(), None)
    assert (read["byline"], read["published_at"]) == ("Jo Park", "2026-11-20T09:30:00Z")
    assert send(untrusted, 200)["version"] == 2


def test_rejected_it_says_why(untrusted: Asker, article: Article, moderator: User) -> None:
    send(untrusted, 202)
    since = untrusted.get(f"articles/{article.public_id}").json()["updated_at"]
    reject_update(HeldUpdate.objects.get(), by=moderator, reason="That is another story.")
    [found] = rows(untrusted, "articles", updated_since=since)
    assert found["updated_at"] > since
    refused = found["held_update"]
    assert (refused["state"], refused["reason"]) == ("rejected", "That is another story.")
    assert send(untrusted, 200)["held_update"] == refused, "the same is not asked for twice"
    assert send(untrusted, 202, NEW.replace("3.9", "3.8"))["held_update"]["state"] == "held"


def test_what_is_sent_as_it_was_takes_back_what_waits(untrusted: Asker, article: Article) -> None:
    send(untrusted, 202)
    before = untrusted.get(f"articles/{article.public_id}").json()
    answer = send(untrusted, 200, BODY)
    assert answer["held_update"] is None
    assert answer["updated_at"] > before["updated_at"]
    assert ids(untrusted, "articles", updated_since=answer["updated_at"]) == {answer["id"]}


def test_changes_wait_together(untrusted: Asker, article: Article, moderator: User) -> None:
    first = change(untrusted, article, {"body": NEW})
    assert first.status_code == 202, first.content
    assert first.json()["held_update"]["changes"] == ["body"]
    etag = first["ETag"]
    assert untrusted.get(f"articles/{article.public_id}")["ETag"] == etag
    second = change(untrusted, article, {"title": "Harbour shrinks", "byline": "Jo Park"}, etag)
    assert second.json()["held_update"]["changes"] == ["body", "title", "byline"]
    assert_problem(change(untrusted, article, {"byline": "Ana"}, etag), 412)
    accept_update(HeldUpdate.objects.held().get(), by=moderator)
    read = untrusted.get(f"articles/{article.public_id}").json()
    assert (read["title"], read["byline"], read["body"]) == ("Harbour shrinks", "Jo Park", NEW.strip())


def test_a_repeated_request_is_one(untrusted: Asker, article: Article) -> None:
    answers = [change(untrusted, article, {"body": NEW}, Idempotency_Key="k") for _ in "ab"]
    sent = {"body": NEW, "external_id": "wire-1", "byline": "Jo"}
    answers += [untrusted.post("articles", sent, Idempotency_Key="l") for _ in "ab"]
    assert [answer.status_code for answer in answers] == [202] * 4
    assert answers[0].content == answers[1].content
    assert answers[2].content == answers[3].content
    assert answers[3]["Idempotent-Replayed"] == "true"
    assert HeldUpdate.objects.count() == 2


def test_items_of_a_batch_say_that_they_wait(untrusted: Asker, article: Article) -> None:
    items = [{"body": NEW, "external_id": "wire-1"}, {"body": "The city has 9 schools.", "external_id": "b"}]
    job = untrusted.post("articles/bulk", {"articles": items}, Idempotency_Key="k").json()
    run_due(WORK_OFF)
    found = untrusted.get(f"jobs/{job['id']}").json()["items"]
    assert [item["outcome"] for item in found] == ["held", "created"]
    assert found[0]["article"] == str(article.public_id)


def test_a_page_that_is_fetched_again_waits_with_what_was_told(untrusted: Asker, moderator: User) -> None:
    url = "https://wire.example/harbour"
    article = make_submission(untrusted.partner, BODY, title="Harbour", external_id=url, url=url)
    accept_article(article, by=moderator)
    answer = untrusted.post("articles", {"url": url, "byline": "Jo Park"})
    assert answer.status_code == 202
    page = f"<html><head><title>Harbour</title></head><body><article><p>{NEW}</p></article></body></html>"
    record_fetch(ArticleFetch.objects.get(), outcome=parse_html(page, url=url))
    read = untrusted.get(f"articles/{article.public_id}").json()
    assert read["version"] == 1
    assert {"body", "byline"} <= set(read["held_update"]["changes"])
    assert ArticleFetch.objects.get().state == "fetched"


def test_what_a_moderator_turned_down_takes_no_update(untrusted: Asker) -> None:
    make_submission(untrusted.partner, BODY, external_id="wire-1")
    Article.objects.update(state="rejected", intake_reason="No.")
    refused = untrusted.post("articles", {"body": NEW, "external_id": "wire-1"})
    assert assert_problem(refused, 409, "turned down")["code"] == "duplicate_external_id"
    assert not HeldUpdate.objects.exists()


def test_whom_we_trust_and_sandboxes_wait_for_nobody(partner: Partner) -> None:
    for asker in (Asker(partner), Asker(make_partner("sandbox", is_sandbox=True, is_trusted=False))):
        send(asker, 201, BODY)
        answer = send(asker, 200)
        assert (answer["version"], answer["held_update"]) == (2, None)
    assert not HeldUpdate.objects.exists()


def test_another_partner_sees_nothing_of_it(untrusted: Asker, article: Article, asker: Asker) -> None:
    send(untrusted, 202)
    assert_problem(asker.get(f"articles/{article.public_id}"), 404)
    assert rows(asker, "articles") == []


def test_a_list_with_updates_costs_the_same_at_3_and_at_30(untrusted: Asker, moderator: User) -> None:
    def fill(count: int) -> None:
        for _ in range(count):
            article = accept_article(make_submission(untrusted.partner), by=moderator)
            make_held_update(article, body=f"{BODY}{article.pk}")

    fill(3)
    few = queries_of(untrusted, "articles?limit=100")
    fill(27)
    assert queries_of(untrusted, "articles?limit=100") == few
    assert all(row["held_update"] for row in rows(untrusted, "articles"))
