"""The article page of what is said twice, and of wire copy that shares its claims."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.actions.curation import dismiss_claim
from claims.models import Article, Claim
from claimtracker.accounts.models import Role, User
from tests import factories
from tests.support.readings import first_reading, found
from tests.support.wire import CLOSED, COPY, CUT, RENTS, STORY, make_version

pytestmark = pytest.mark.django_db

QUOTE = "Prices rose by 9 per cent in March"
TWICE = f"{QUOTE}, she said. It rained. Once more: {QUOTE}. Rents fell by half."


def page_of(client: Client, article: Article, query: str = "") -> str:
    return client.get(reverse("web:article_detail", args=[article.pk]) + query).content.decode()


@pytest.fixture
def twice() -> Article:
    """QUOTE at two places, one claim; the second place is the stronger one."""
    article = factories.make_article(TWICE)
    claim = factories.make_claim(QUOTE, article=article, score=0.4)
    start = TWICE.rindex(QUOTE)
    again = factories.make_appearance(claim, article.versions.get(), start, start + len(QUOTE))
    again.score = 0.9
    again.save()
    factories.make_claim("Rents fell by half", article=article, score=0.6)
    return article


# --- said twice


def test_both_places_are_marked_and_lead_to_one_card(signed_in: Client, twice: Article) -> None:
    page = page_of(signed_in, twice)
    first, again = Claim.objects.get(text=QUOTE).appearances.order_by("start")
    assert page.count('class="claim-card"') == 2
    assert (page.count(f'id="claim-{first.pk}"'), page.count(f'id="claim-{again.pk}"')) == (1, 0)
    marks = re.findall(r'<mark [^>]*id="span-(\d+)" data-claim="(\d+)"><a href="#claim-(\d+)">', page)
    assert marks[:2] == [(str(pk), str(first.pk), str(first.pk)) for pk in (first.pk, again.pk)]
    for place in (first, again):
        assert f'<a class="claim-card__locate" href="#span-{place.pk}"' in page
    assert "(claim 1, Suggested)" in page
    assert "(claim 1 once more, Suggested)" in page


def test_it_counts_once_with_the_score_of_its_strongest_place(signed_in: Client, twice: Article) -> None:
    page = page_of(signed_in, twice, "?order=score")
    assert "2 claims" in page
    assert "strongest 0.90" in page
    listed = signed_in.get(reverse("web:article_list")).context["page"].rows[0]
    assert (listed.claim_count, listed.top_score) == (2, 0.9)


def test_a_decision_leads_back_to_the_one_card(signed_in: Client, twice: Article) -> None:
    claim = Claim.objects.get(text=QUOTE)
    address = reverse("web:claim_dismiss", args=[twice.pk, claim.pk])
    sent = signed_in.post(address, {"reason": "Old news"})
    assert sent["Location"].endswith(f"#claim-{claim.appearances.order_by('start')[0].pk}")


# --- wire copy


@pytest.fixture
def copy() -> Article:
    """At the health desk, of a story that the politics desk had before."""
    wire = make_version(STORY, title="Council closes libraries")
    first_reading(wire, *(found(wire, quote) for quote in (CUT, CLOSED, RENTS)))
    dismiss_claim(
        Claim.objects.get(text=CUT), by=factories.make_user(), reason="Checked in another place before"
    )
    version = make_version(COPY, title="Library cuts", desk=factories.make_desk("health"))
    first_reading(version, *(found(version, quote) for quote in (CUT, CLOSED, RENTS)))
    return version.article


def test_the_copy_s_desk_reads_what_was_decided_but_not_where(client: Client, copy: Article) -> None:
    client.force_login(factories.make_user(Role.LEAD, copy.desk))
    page = page_of(client, copy)
    assert "Checked in another place before" in page
    assert page.count("The same words stand in an article of another desk") == 3
    assert "a decision holds for all of them" in page
    assert "Council closes libraries" not in page
    assert "Only checkers, editors and leads of the Politics desk" in page, "it decides about its own claims"


def test_the_claim_s_desk_reads_where_else_it_stands(signed_in: Client, copy: Article) -> None:
    wire = Article.objects.get(title="Council closes libraries")
    page = page_of(signed_in, wire)
    address = reverse("web:article_detail", args=[copy.pk])
    assert page.count(f'The same words stand in <a href="{address}">Library cuts</a>') == 3
    third = make_version(f"{COPY}\n", title="Third")
    first_reading(third, found(third, CLOSED))
    assert "and 1 other article" in page_of(signed_in, wire)


def test_the_workspace_names_no_article_of_another_desk(client: Client, copy: Article, checker: User) -> None:
    claim = Claim.objects.get(text=CLOSED)
    address = reverse("reviews:claim_detail", args=[claim.pk])
    client.force_login(factories.make_user(Role.LEAD, copy.desk))
    page = client.get(address).content.decode()
    assert "Library cuts" in page
    assert "Council closes libraries" not in page
    assert "EASTMOUTH" not in page, "nor its text around the words"
    client.force_login(checker)
    page = client.get(address).content.decode()
    assert "Library cuts" in page
    assert "Council closes libraries" in page
    client.force_login(factories.make_user(Role.LEAD, factories.make_desk("sport")))
    assert client.get(address).status_code == 404


def test_more_copies_cost_no_more_queries(signed_in: Client, copy: Article) -> None:
    wire = Article.objects.get(title="Council closes libraries")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            page_of(signed_in, wire)
        return len(captured)

    page_of(signed_in, wire)
    before = queries()
    for number in range(4):
        version = make_version(f"{COPY}\n{number}")
        first_reading(version, *(found(version, quote) for quote in (CUT, CLOSED, RENTS)))
    assert queries() == before
