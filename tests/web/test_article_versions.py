"""The versions of an article on its pages: which there are, what differs, what became of the claims."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.actions.curation import edit_claim
from claims.actions.fetching import record_fetch
from claims.actions.following import follow_version
from claims.actions.versions import record_version
from claims.models import Article, ArticleFetch, ArticleVersion, Claim
from claims.sources import parse_text
from claimtracker.accounts.models import Role
from claimtracker.jobs.models import Job
from tests import factories

pytestmark = pytest.mark.django_db

RISE = "Crime rose by 40% in the city last year"
BUSES = "Buses in Kent County carried 4 million passengers in March"
HURT = "Two hundred people were hurt on the old bridge in 2019"
BODY = (
    f"The council met on Monday evening.\n\n{RISE}, the mayor said.\n\n{BUSES}, an audit found.\n\n"
    f"{HURT}, police said.\n\nNobody objected when the session was closed."
)
CHANGED = BODY.replace("40%", "45%").replace(f"{HURT}, police said.\n\n", "")


@pytest.fixture
def article() -> Article:
    article = factories.make_article(BODY, title="Council", url="https://news.example/a")
    for quote in (RISE, BUSES, HURT):
        factories.make_claim(quote, article=article)
    return article


def changed(article: Article, body: str = CHANGED) -> ArticleVersion:
    version = record_version(article, parse_text(body, title="Council"), by="system").version
    follow_version(version)
    return version


def address(article: Article, name: str, *more: int) -> str:
    return reverse(f"web:{name}", args=[article.pk, *more])


def page(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def test_the_comparison_marks_the_number_and_says_what_became_of_each_claim(
    signed_in: Client, article: Article
) -> None:
    changed(article)
    shown = page(signed_in, address(article, "version_compare"))
    assert "<del>40%</del> <ins>45%</ins>" in shown
    assert [shown.count(label) for label in ("1 text changed", "1 removed", "1 unchanged")] == [1, 1, 1]
    assert f"<del>{HURT}</del>" in shown


def test_what_changed_is_never_folded_away_with_what_did_not(signed_in: Client, article: Article) -> None:
    far = "\n\n".join(f"Councillor number {n} spoke of the drains." for n in range(6))
    first = changed(article, f"{BODY}\n\n{far}\n\nThe vote is in May.")
    changed(article, first.body.replace("in May", "in June"))
    shown = page(signed_in, address(article, "version_compare") + "?from=2&to=3")
    text = shown[shown.index('id="text-title"') : shown.index('id="fates-title"')]
    before, _, folded = text.partition("<details")
    folded, _, after = folded.partition("</details>")
    assert "number 2 spoke" in folded
    assert "<del>May.</del> <ins>June.</ins>" in after and "number 5 spoke" in after
    assert "<del>" not in before + folded


def test_any_two_versions_are_compared_and_what_changed_once_stays_so(
    signed_in: Client, article: Article
) -> None:
    changed(article)
    changed(article, "A new first line of the story.\n\n" + CHANGED)
    shown = page(signed_in, address(article, "version_compare") + "?from=3&to=1")
    assert "from version 1 to 3" in shown
    assert "1 text changed" in shown
    assert "<ins>A new first line of the story.</ins>" in shown
    last = page(signed_in, address(article, "version_compare"))
    assert "text changed" not in last
    assert signed_in.get(address(article, "version_compare") + "?from=9").status_code == 404


def test_both_versions_are_readable_and_the_old_one_says_that_it_is_old(
    signed_in: Client, article: Article
) -> None:
    changed(article)
    old, new = (page(signed_in, address(article, "version_detail", number)) for number in (1, 2))
    assert "40%" in old
    assert "45%" not in old
    assert "This is what the article said once" in old
    assert "45%" in new
    assert "said once" not in new


def test_the_list_has_every_version_and_the_article_page_leads_there(
    signed_in: Client, article: Article
) -> None:
    changed(article)
    listed = page(signed_in, address(article, "version_list"))
    assert [listed.count(label) for label in ("1 text changed", "1 removed", "1 unchanged")] == [1, 1, 1]
    assert "0 moved" not in listed
    main = page(signed_in, address(article, "article_detail"))
    assert f'href="{address(article, "version_list")}"' in main
    assert "The words changed in version 2." in main


def test_other_words_are_never_marked_as_what_was_checked(signed_in: Client, article: Article) -> None:
    """Also in the version after the one that changed them, until somebody words the claim anew."""
    claim = Claim.objects.get(text=RISE)
    factories.make_publication(claim=claim)
    main = page(signed_in, address(article, "article_detail"))
    assert '<mark class="claim claim--published"' in main
    second = changed(article)
    changed(article, f"{second.body}\n\nThe vote is in May.")
    main = page(signed_in, address(article, "article_detail"))
    assert "The words changed in version 2." in main and "version_compare" not in main
    assert f"{address(article, 'version_compare')}?to=2#fate-" in main
    assert '<mark class="claim claim--published"' not in main
    edit_claim(claim, by=factories.make_user(Role.LEAD), text=RISE.replace("40", "45"), claimant="Ann Lee")
    assert "The words changed" not in page(signed_in, address(article, "article_detail"))


def test_where_it_stood_counts_an_article_once(signed_in: Client, article: Article) -> None:
    changed(article)
    claim = Claim.objects.get(text=BUSES)
    shown = page(signed_in, reverse("reviews:claim_detail", args=[claim.pk]))
    assert "1 appearance" in shown and "more appearance" not in shown


def test_what_changed_can_be_pasted(signed_in: Client, article: Article) -> None:
    url = address(article, "version_list")
    response = signed_in.post(url, {"text": CHANGED, "title": "Council"}, follow=True)
    assert "Version 2 is in" in response.content.decode()
    assert article.versions.get(number=2).note == "pasted again"
    again = signed_in.post(url, {"text": CHANGED + "\n\nRead more: Other", "title": "Council"}, follow=True)
    assert "nothing changed" in again.content.decode()
    assert article.versions.count() == 2
    assert signed_in.post(url, {"text": " "}).status_code == 422


def test_its_page_can_be_fetched_again(signed_in: Client, article: Article) -> None:
    response = signed_in.post(address(article, "version_fetch"))
    fetch = ArticleFetch.objects.get()
    assert response.headers["Location"] == reverse("claims:fetch_detail", args=[fetch.pk])
    assert Job.objects.filter(kind="claims.fetch_article", object_id=str(fetch.pk)).exists()
    record_fetch(fetch, outcome=replace(parse_text(CHANGED, title="Council"), url="https://news.example/b"))
    assert article.versions.get(number=2).body == CHANGED
    assert "The page has changed" in signed_in.get(response.headers["Location"], follow=True).content.decode()


def test_who_does_not_see_the_article_sees_no_version_of_it(client: Client, article: Article) -> None:
    changed(article)
    outsider = factories.make_user(Role.LEAD, factories.make_desk("health"))
    places = [
        address(article, "version_list"),
        address(article, "version_detail", 1),
        address(article, "version_compare"),
    ]
    assert {client.get(place).status_code for place in places} == {302}
    client.force_login(outsider)
    assert {client.get(place).status_code for place in places} == {404}
    assert client.post(places[0], {"text": "x"}).status_code == 404
    assert client.post(address(article, "version_fetch")).status_code == 404


def test_as_many_queries_for_any_number_of_claims(signed_in: Client, article: Article) -> None:
    changed(article)
    urls = [address(article, "version_compare"), address(article, "version_detail", 1)]
    before = [queries(signed_in, url) for url in urls]
    more = factories.make_article(
        BODY + "\n\n" + "\n\n".join(f"Item {n} cost {n} million." for n in range(30))
    )
    for n in range(30):
        factories.make_claim(f"Item {n} cost {n} million", article=more)
    changed(more, "First.\n\n" + more.versions.get().body)
    urls = [address(more, "version_compare"), address(more, "version_detail", 1)]
    assert [queries(signed_in, url) for url in urls] == before


def queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)
