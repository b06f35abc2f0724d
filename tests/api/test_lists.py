"""Cursors lead through every row once, and a long page costs the database no more than a short one."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claimtracker.accounts.models import Role
from reviews.actions.publishing import publish_verdict
from reviews.actions.replies import ask_for_reply, log_contact, receive_reply
from reviews.actions.reply_decisions import set_reply_aside, show_reply
from reviews.models import Reply
from tests import factories
from tests.factories import make_article, make_claim, make_correction, make_publication, make_submission

from .conftest import Asker


def fill(asker: Asker, kind: str, count: int) -> None:
    for _ in range(count):
        claim = make_claim(article=make_submission(asker.partner))
        if kind == "publications":
            make_publication(claim=claim)


def ids_through(asker: Asker, path: str, direction: str = "next") -> list[str]:
    found, url = [], path
    while url:
        page = asker.get(url.partition("/api/v1/")[2] or url).json()
        rows = [row["id"] for row in page["results"]]
        found += rows if direction == "next" else rows[::-1]
        url = page[direction]
    return found


@pytest.mark.parametrize("kind", ["articles", "claims", "publications"])
def test_a_page_costs_the_same_at_3_rows_and_at_12(asker: Asker, kind: str) -> None:
    def queries() -> tuple[int, int]:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            rows = len(asker.get(f"{kind}?limit=50").json()["results"])
        return rows, len(captured)

    asker.get(kind)  # the key's last use is written now
    fill(asker, kind, 3)
    few = queries()
    fill(asker, kind, 9)
    many = queries()
    assert (few[0], many[0]) == (3, 12)
    assert few[1] == many[1] <= 6


def test_an_article_costs_the_same_with_3_claims_and_with_30(asker: Asker) -> None:
    def queries(count: int) -> int:
        sentences = [f"Road {n} cost {n} million" for n in range(100, 100 + count)]
        article = make_submission(asker.partner, ". ".join(sentences) + ".\n")
        for sentence in sentences:
            make_claim(sentence, article=article)
        with CaptureQueriesContext(connection) as captured:
            assert len(asker.get(f"articles/{article.public_id}").json()["claims"]) == count
        return len(captured)

    asker.get("articles")
    assert queries(3) == queries(30) <= 8


def test_cursors_lead_through_every_row_once(asker: Asker) -> None:
    articles = [make_submission(asker.partner) for _ in range(7)]
    make_article()
    newest_first = [str(article.public_id) for article in reversed(articles)]
    assert ids_through(asker, "articles?limit=3") == newest_first
    assert ids_through(asker, "articles?limit=7") == newest_first


def test_rows_that_come_in_do_not_shift_the_next_page(asker: Asker) -> None:
    articles = [make_submission(asker.partner) for _ in range(4)]
    first = asker.get("articles?limit=2").json()
    make_submission(asker.partner)
    second = asker.get(first["next"].partition("/api/v1/")[2]).json()
    assert [row["id"] for row in second["results"]] == [
        str(articles[1].public_id),
        str(articles[0].public_id),
    ]
    assert second["next"] is None
    back = asker.get(second["previous"].partition("/api/v1/")[2]).json()
    assert [row["id"] for row in back["results"]] == [row["id"] for row in first["results"]]


def test_a_list_has_its_three_members(asker: Asker) -> None:
    for path in ("articles", "claims", "publications"):
        assert asker.get(path).json() == {"results": [], "next": None, "previous": None}


def test_the_list_of_publications_holds_the_newest_version_of_each(asker: Asker) -> None:
    first = make_publication()
    second = make_correction(first)
    other = make_publication()
    assert ids_through(asker, "publications?limit=1") == [str(other.public_id), str(second.public_id)]
    old = asker.get(f"publications/{first.public_id}").json()
    assert (old["version"], old["is_superseded"]) == (1, True)
    new = asker.get(f"publications/{second.public_id}").json()
    assert (new["version"], new["is_superseded"]) == (2, False)


def test_a_publication_has_the_claimants_reply_where_it_is_quoted_and_no_other(asker: Asker) -> None:
    author, editor = factories.make_user(), factories.make_user(Role.EDITOR)
    verdict = factories.make_approved_verdict(author, editor)
    _request, token = ask_for_reply(
        verdict.claim, by=author, person="Ann Lee", channel="email", question="Why?", hours=48
    )
    shown = receive_reply(token, name="Ann Lee", role="Mayor", text="It is from the budget.")
    show_reply(shown, by=editor)
    said = {"at": shown.received_at, "channel": "phone", "outcome": "replied", "words": "Go to hell."}
    log_contact(verdict.claim, by=author, **said)
    [rude] = Reply.objects.exclude(pk=shown.pk)
    set_reply_aside(rude, by=editor, reason="Abuse.")
    publication = publish_verdict(verdict, by=editor)
    facts = asker.get(f"publications/{publication.public_id}").json()["right_of_reply"]
    assert (facts["status"], facts["who"]) == ("replied", verdict.claim.claimant.name)
    assert [(reply["name"], reply["role"], reply["text"]) for reply in facts["replies"]] == [
        ("Ann Lee", "Mayor", "It is from the budget.")
    ]
    [listed] = asker.get("publications").json()["results"]
    assert listed["right_of_reply"] == facts
