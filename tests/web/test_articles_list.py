"""The list of articles: pages that hold still, filters, counts, and a constant number of queries."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.models import Article, Claim, ExtractionRun
from claimtracker.accounts.models import Membership, Role, User
from tests import factories

from .conftest import STORY

pytestmark = pytest.mark.django_db
LIST = "/articles/"


def titles(client: Client, query: str = "") -> list[str]:
    response = client.get(LIST + query)
    assert response.status_code == 200
    return [article.title for article in response.context["page"].rows]


def test_an_empty_list_teaches(signed_in: Client) -> None:
    page = signed_in.get(LIST).content.decode()
    assert "No article yet" in page
    assert reverse("claims:article_new") in page


def test_a_row_says_what_was_found_and_what_is_open(signed_in: Client) -> None:
    article = factories.make_article("Prices rose. Rents fell. Wages stood still.", title="Prices")
    for words, score in (("Prices rose", 0.4), ("Rents fell", 0.93)):
        factories.make_task(factories.make_claim(words, article=article, score=score))
    dismissed = factories.make_claim("Wages stood still", article=article, score=1.0)
    Claim.objects.filter(pk=dismissed.pk).update(state="dismissed", dismissed_because="Opinion")
    ExtractionRun.objects.create(version=article.versions.get(), extractor_version="t", outcome="extracted")
    row = re.sub(r"\s+", " ", signed_in.get(LIST).content.decode())
    assert "2 claims, the strongest at 0.93 · 2 open tasks" in row


def test_filters_by_desk_and_state(
    signed_in: Client, checker: User, read: Callable[[Article], Article]
) -> None:
    world = factories.make_desk("world")
    Membership.objects.create(user=checker, desk=world, role=Role.CHECKER)
    read(factories.make_article(STORY, title="Read"))
    read(
        factories.make_article("Le gouvernement a annoncé hier que les impôts vont baisser.", title="French")
    )
    factories.make_article(title="Waiting", desk=world)
    factories.make_article(title="Held", held=True, origin="partner:wire")
    assert titles(signed_in) == ["Held", "Waiting", "French", "Read"]
    assert titles(signed_in, "?desk=world") == ["Waiting"]
    assert titles(signed_in, "?desk=nowhere") == []
    assert titles(signed_in, "?reading=waiting") == ["Waiting"]
    assert titles(signed_in, "?reading=extracted") == ["Read"]
    assert titles(signed_in, "?reading=refused") == ["French"]
    assert titles(signed_in, "?reading=held") == ["Held"]
    assert titles(signed_in, "?reading=nonsense") == titles(signed_in)
    assert "Nothing fits these filters" in signed_in.get(LIST + "?reading=rejected").content.decode()


def test_pages_meet_without_gap_or_repetition_while_articles_arrive(signed_in: Client) -> None:
    for n in range(60):
        factories.make_article(title=f"Story {n}")
    first = signed_in.get(LIST + "?desk=politics").context["page"]
    factories.make_article(title="Arrived meanwhile")
    second = signed_in.get(LIST + first.older_url).context["page"]
    third = signed_in.get(LIST + second.older_url).context["page"]
    seen = [article.title for page in (first, second, third) for article in page.rows]
    assert seen == [f"Story {n}" for n in reversed(range(60))]
    assert "desk=politics" in second.older_url
    assert third.older_url == ""
    back = signed_in.get(LIST + third.newer_url).context["page"]
    assert [article.title for article in back.rows] == [article.title for article in second.rows]
    newest = signed_in.get(LIST + second.newer_url).context["page"]
    assert [article.title for article in newest.rows] == [article.title for article in first.rows]


@pytest.mark.parametrize(
    "query", ["?before=x", "?before=-1", "?after=99999999999999999999", "?before=%00", "?before=²"]
)
def test_a_broken_page_address_shows_the_newest(signed_in: Client, query: str) -> None:
    factories.make_article(title="Story")
    assert titles(signed_in, query) == ["Story"]


def test_who_sees_which_articles(client: Client) -> None:
    world = factories.make_desk("world")
    factories.make_article(title="Politics")
    factories.make_article(title="World", desk=world)
    assert client.get(LIST)["Location"].startswith(reverse("account_login"))
    for person, expected in (
        (factories.make_user(None), []),
        (factories.make_user(Role.LEAD, world), ["World"]),
        (factories.make_user(Role.REPORTER), ["Politics"]),
        (factories.make_user(Role.MODERATOR, factories.make_desk("mods")), ["World", "Politics"]),
    ):
        client.force_login(person)
        assert titles(client) == expected


def test_thirty_rows_cost_as_many_queries_as_three(signed_in: Client) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            signed_in.get(LIST)
        return len(captured)

    def add(number: int) -> None:
        for _ in range(number):
            claim = factories.make_claim()
            factories.make_task(claim)

    add(3)
    signed_in.get(LIST)
    few = count()
    add(21)
    assert len(titles(signed_in)) == 24
    assert count() == few <= 8


def test_an_article_from_the_command_line_says_nothing_of_how_it_came(signed_in: Client) -> None:
    factories.make_article(STORY, title="By command", channel="command")
    page = signed_in.get("/articles/").content.decode()
    assert "By command" in page
    assert "command line" not in page


def test_the_list_says_whether_claims_were_found(
    signed_in: Client, read: Callable[[Article], Article]
) -> None:
    read(factories.make_article("The mayor smiled.\n", title="Small talk"))
    assert "No claims" in signed_in.get("/articles/").content.decode()
    assert "Claims found</span>" not in signed_in.get("/articles/").content.decode()
    read(factories.make_article(STORY, title="Libraries"))
    assert "Claims found</span>" in signed_in.get("/articles/").content.decode()
