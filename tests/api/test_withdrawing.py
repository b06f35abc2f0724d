"""DELETE of an article: its sender takes it back."""

from __future__ import annotations

import json
from typing import Any

import pytest

from claims.actions.fetching import record_fetch
from claims.models import Article, ArticleFetch
from claims.sources import parse_text
from claimtracker.partners.models import Partner, Scope
from tests.factories import make_claim, make_partner, make_publication, make_submission

from .conftest import Asker, assert_problem
from .reading import ids, rows

pytestmark = pytest.mark.django_db

BODY = "The harbour handled 4 million containers last year, the port authority said on Monday.\n"


@pytest.fixture
def article(partner: Partner) -> Article:
    return make_submission(partner, BODY, external_id="wire-1")


def withdraw(asker: Asker, article: Any, **headers: str) -> Any:
    return asker.ask("DELETE", f"articles/{getattr(article, 'public_id', article)}", **headers)


def test_it_is_read_as_withdrawn(asker: Asker, article: Article) -> None:
    claim = make_claim(article=article, extractor_version="rules-1")
    before = asker.get(f"articles/{article.public_id}").json()
    answer = withdraw(asker, article)
    assert (answer.status_code, answer.content) == (204, b"")
    read = asker.get(f"articles/{article.public_id}").json()
    assert (read["state"], read["body"]) == ("withdrawn", BODY)
    assert read["updated_at"] > before["updated_at"]
    [found] = read["claims"]
    assert (found["id"], found["review"]["status"]) == (str(claim.public_id), "dismissed")
    assert ids(asker, "articles", state="withdrawn") == {read["id"]}
    assert ids(asker, "articles", state="accepted") == set()
    assert withdraw(asker, article).status_code == 204, "safe to repeat"


def test_unread_it_says_why_no_claims_are_looked_for(asker: Asker, article: Article) -> None:
    withdraw(asker, article)
    extraction = rows(asker, "articles")[0]["extraction"]
    assert (extraction["state"], extraction["message"]) == ("refused", "You withdrew this article.")


def test_nothing_is_sent_under_its_name_any_more(asker: Asker, article: Article) -> None:
    withdraw(asker, article)
    for body in (BODY, "Something else is said here."):
        refused = asker.post("articles", {"body": body, "external_id": "wire-1"})
        assert assert_problem(refused, 409, "You withdrew this article")["code"] == "duplicate_external_id"
    path = f"articles/{article.public_id}"
    changed = asker.ask("PATCH", path, json.dumps({"byline": "Jo"}).encode(), If_Match="*")
    assert_problem(changed, 409, "You withdrew this article")
    assert asker.post("articles", {"body": BODY, "external_id": "wire-2"}).status_code == 201


def test_what_people_work_on_is_not_withdrawn(asker: Asker, article: Article) -> None:
    make_publication(claim=make_claim(article=article))
    problem = assert_problem(withdraw(asker, article), 409, "Send what is right as its next version")
    assert problem["code"] == "in_work"
    assert asker.get(f"articles/{article.public_id}").json()["state"] == "accepted"


def test_a_page_that_is_being_fetched_is_wanted_no_more(asker: Asker) -> None:
    promised = asker.post("articles", {"url": "https://wire.example/harbour"}).json()
    assert withdraw(asker, promised["id"]).status_code == 204
    read = asker.get(f"articles/{promised['id']}").json()
    assert (read["state"], read["state_reason"]) == (
        "failed",
        "You withdrew this article before its page was here.",
    )
    record_fetch(ArticleFetch.objects.get(), outcome=parse_text(BODY))
    assert not Article.objects.exists(), "the page came too late"
    assert withdraw(asker, promised["id"]).status_code == 204


def test_a_page_that_came_under_the_promised_id_is_withdrawn(asker: Asker) -> None:
    promised = asker.post("articles", {"url": "https://wire.example/harbour"}).json()
    record_fetch(ArticleFetch.objects.get(), outcome=parse_text(BODY))
    assert withdraw(asker, promised["id"]).status_code == 204
    assert Article.objects.get().state == "withdrawn"


def test_a_sandbox_takes_back_its_own(db: None) -> None:
    sandbox = Asker(make_partner("tryout", is_sandbox=True, is_trusted=False))
    sent = sandbox.post("articles", {"body": BODY, "external_id": "one"}).json()
    assert withdraw(sandbox, sent["id"]).status_code == 204
    assert sandbox.get(f"articles/{sent['id']}").json()["state"] == "withdrawn"


def test_only_who_may_submit_withdraws(partner: Partner, article: Article) -> None:
    reader = Asker(partner, scopes=[Scope.READ])
    assert_problem(withdraw(reader, article), 403, "lacks the scope “submit”")
    assert_problem(withdraw(Asker(make_partner("other")), article), 404)
    article.refresh_from_db()
    assert article.state == "accepted"
