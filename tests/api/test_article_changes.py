"""PATCH of an article: another text, title or description, by somebody who has seen what is there."""

from __future__ import annotations

import json
from typing import Any

import pytest

from claims.actions.ingest import reject_article
from claims.models import Article, ArticleVersion
from claimtracker.accounts.models import Role
from claimtracker.jobs.models import Job
from claimtracker.ledger.models import AuditEntry
from claimtracker.partners.models import Partner, Scope
from tests.factories import make_claim, make_partner, make_submission, make_user

from .conftest import Asker, assert_problem

TEXT = "The harbour handled 4 million containers last year.\nThe port authority said so on Monday.\n"


@pytest.fixture
def article(partner: Partner) -> Article:
    return make_submission(partner, TEXT, external_id="wire-1")


def change(asker: Asker, article: Article, content: Any, if_match: str = "*", **headers: str) -> Any:
    return asker.ask(
        "PATCH",
        f"articles/{article.public_id}",
        json.dumps(content).encode(),
        If_Match=if_match,
        **headers,
    )


def etag(asker: Asker, article: Article) -> str:
    return asker.get(f"articles/{article.public_id}")["ETag"]


def test_another_text_is_the_next_version(asker: Asker, article: Article) -> None:
    response = change(
        asker, article, {"body": TEXT.replace("4 million", "3.9 million")}, etag(asker, article)
    )
    assert response.status_code == 200, response.content
    changed = response.json()
    assert (changed["version"], changed["title"], changed["external_id"]) == (2, article.title, "wire-1")
    assert "3.9 million" in changed["body"]
    assert response["ETag"] == etag(asker, article)
    assert Job.objects.filter(kind="claims.follow_version").count() == 1
    assert AuditEntry.objects.filter(verb="article.version_recorded").count() == 1


def test_the_description_changes_in_place(asker: Asker, article: Article) -> None:
    told = {
        "byline": "Ana Ruiz",
        "language": "en-GB",
        "url": "https://wire.example/harbour",
        "published_at": "2026-11-20T09:30:00Z",
    }
    changed = change(asker, article, told).json()
    assert {name: changed[name] for name in told} == told
    assert changed["version"] == 1
    entry = AuditEntry.objects.get(verb="article.described")
    assert entry.details == {"fields": sorted(told)}
    change(asker, article, told)
    assert AuditEntry.objects.filter(verb="article.described").count() == 1, "nothing changed"


def test_another_title_is_a_version_too(asker: Asker, article: Article) -> None:
    changed = change(asker, article, {"title": "The harbour grows", "byline": "Jo Park"}).json()
    assert (changed["title"], changed["byline"], changed["version"]) == ("The harbour grows", "Jo Park", 2)
    assert changed["body"].strip() == TEXT.strip()


def test_the_same_text_changes_nothing(asker: Asker, article: Article) -> None:
    assert change(asker, article, {"body": TEXT}).json()["version"] == 1
    assert ArticleVersion.objects.count() == 1


def test_who_saw_an_older_state_changes_nothing(asker: Asker, article: Article) -> None:
    seen = etag(asker, article)
    change(asker, article, {"byline": "Ana Ruiz"}, seen)
    response = change(asker, article, {"byline": "Jo Park"}, seen)
    assert_problem(response, 412, "changed since you read it")
    assert response["ETag"] == etag(asker, article)
    article.refresh_from_db()
    assert article.byline == "Ana Ruiz"
    assert change(asker, article, {"byline": "Jo Park"}, response["ETag"]).status_code == 200


def test_what_we_found_meanwhile_is_a_newer_state_too(asker: Asker, article: Article) -> None:
    seen = etag(asker, article)
    make_claim("The harbour handled 4 million containers last year.", article=article)
    assert_problem(change(asker, article, {"byline": "Jo Park"}, seen), 412)


@pytest.mark.parametrize("shape", ["{}", "W/{}", '"other", {}'])
def test_an_etag_may_come_weakened_or_among_others(asker: Asker, article: Article, shape: str) -> None:
    assert change(asker, article, {"byline": "Jo"}, shape.format(etag(asker, article))).status_code == 200


@pytest.mark.parametrize("sent", ['"other"', "other", '"', ","])
def test_other_states_are_refused(asker: Asker, article: Article, sent: str) -> None:
    assert_problem(change(asker, article, {"byline": "Jo"}, sent), 412)


def test_without_if_match_nothing_is_changed(asker: Asker, article: Article) -> None:
    assert_problem(change(asker, article, {"byline": "Jo"}, ""), 428, "Send If-Match")


def test_a_repeated_change_is_one_and_its_precondition_with_it(asker: Asker, article: Article) -> None:
    seen = etag(asker, article)
    answers = [change(asker, article, {"byline": "Jo"}, seen, Idempotency_Key="k") for _ in "ab"]
    assert [answer.status_code for answer in answers] == [200, 200], "the first change is no reason for a 412"
    assert answers[0].content == answers[1].content
    assert answers[0]["ETag"] == answers[1]["ETag"]


def test_faults_are_named_all_at_once(asker: Asker, article: Article) -> None:
    problem = assert_problem(
        change(asker, article, {"external_id": "x", "byline": 3, "published_at": "now"}), 400, "3 inputs"
    )
    assert {error["pointer"] for error in problem["errors"]} == {
        "#/external_id",
        "#/byline",
        "#/published_at",
    }
    assert_problem(change(asker, article, {}), 400, "Send what is to change")
    assert_problem(change(asker, article, {"body": "a", "html": "b"}), 400, "not both")
    assert_problem(change(asker, article, {"body": "  "}), 400)
    assert_problem(change(asker, article, []), 400, "must be a JSON object")


def test_what_a_moderator_decided_stays(partner: Partner) -> None:
    untrusted = Asker(make_partner("new", is_trusted=False))
    moderator = make_user(Role.MODERATOR)
    held = make_submission(untrusted.partner, TEXT)
    assert change(untrusted, held, {"byline": "Jo"}).status_code == 200, "nobody decided yet"
    trusted = Asker(partner)
    mine = make_submission(make_partner("late", is_trusted=False), TEXT)
    reject_article(mine, by=moderator, reason="Not an article.")
    late = Asker(Partner.objects.get(slug="late"))
    for content in ({"byline": "Ana"}, {"body": "Something else entirely is said here."}):
        assert_problem(change(late, mine, content), 409, "A moderator turned this article down")
    assert_problem(change(trusted, mine, {"byline": "Ana"}), 404)


def test_only_who_may_submit_changes(partner: Partner, article: Article) -> None:
    reader = Asker(partner, scopes=[Scope.READ])
    assert_problem(change(reader, article, {"byline": "Jo"}), 403, "lacks the scope “submit”")
