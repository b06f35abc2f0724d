"""What readers get: from the snapshot only, for anybody, cacheable, and safe whatever was typed."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims.models import Claim
from claimtracker.accounts.models import Role
from reviews.actions.assignment import take_task
from reviews.actions.publishing import publish_verdict
from reviews.actions.verdicts import approve_verdict, submit_verdict
from reviews.models import Publication, ReviewTask
from reviews.views import public
from tests import factories

pytestmark = pytest.mark.django_db


def publish(**options):
    author, editor = (
        factories.make_user(name="Mara Okafor"),
        factories.make_user(Role.EDITOR, name="Priya Raman"),
    )
    return publish_verdict(factories.make_approved_verdict(author, editor, **options), by=editor)


def publish_again(publication: Publication, **finding) -> Publication:
    """The claim's next version, after a second round of two people."""
    author, editor = factories.make_user(), factories.make_user(Role.EDITOR)
    task = ReviewTask.objects.create(
        claim=publication.claim,
        kind="research",
        desk=publication.claim.desk,
        why="New figures came out.",
        due_at=timezone.now() + timedelta(hours=4),
    )
    words = {
        "summary": "New figures show half of it.",
        "rationale": "The revised accounts list it line by line.",
    }
    verdict = submit_verdict(
        take_task(task, by=author),
        by=author,
        rating=factories.make_rating("half-true"),
        **{**words, **finding},
    )
    return publish_verdict(
        approve_verdict(verdict, by=editor, revision=verdict.revision),
        by=editor,
        change="verdict_change",
        change_note="The office published new figures.",
    )


class Scripts(HTMLParser):
    """Every script element that a browser would find, with its type and text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[list[str]] = []
        self._inside = False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self._inside = tag == "script"
        if self._inside:
            self.found.append([dict(attrs).get("type") or "", ""])

    def handle_endtag(self, tag):
        self._inside = False

    def handle_data(self, text):
        if self._inside:
            self.found[-1][1] += text


def test_anybody_reads_a_published_check(client):
    publication = publish()
    response = client.get(f"/fact-checks/{publication.slug}/")
    assert response.status_code == 200
    for words in (
        publication.snapshot["claim"]["text"],
        "<strong>Ann Lee</strong>",
        "False",
        "1 on our scale from 1 to 5",
        "The accounts show a third of that.",
        "The audited accounts list the spending line by line.",
        publication.snapshot["evidence"][0]["source"]["url"],
        "Proposed by Mara Okafor and approved by Priya Raman.",
    ):
        assert words in response.text, words


def test_nothing_but_a_publication_is_public(client):
    author, editor = factories.make_user(), factories.make_user(Role.EDITOR)
    verdict = factories.make_approved_verdict(author, editor)
    assert verdict.claim.text not in client.get("/fact-checks/").text
    assert client.get(f"/fact-checks/{verdict.claim.pk}/").status_code == 404
    assert client.get("/fact-checks/nothing-here/").status_code == 404


def test_the_page_shows_what_was_published_not_what_the_claim_became(client):
    publication = publish()
    Claim.objects.filter(pk=publication.claim_id).update(text="Something else entirely.")
    page = client.get(f"/fact-checks/{publication.slug}/").text
    assert publication.snapshot["claim"]["text"] in page
    assert "Something else entirely." not in page


def test_the_page_carries_its_claim_review(client):
    publication = publish()
    scripts = Scripts(client.get(f"/fact-checks/{publication.slug}/").text)
    blocks = [text for kind, text in scripts.found if kind == "application/ld+json"]
    assert [json.loads(text) for text in blocks] == [publication.claim_review]


def test_an_article_that_says_it_twice_is_named_once(client):
    body = "The city spent 3 million on roads, she said. Indeed: 3 million on roads was spent.\n"
    article = factories.make_article(body, url="https://outlet.example/roads", title="Roads")
    claim = factories.make_claim("The city spent 3 million on roads", article=article)
    start = body.index("3 million on roads was")
    factories.make_appearance(
        claim, article.versions.get(), start, start + len("3 million on roads was spent")
    )
    publication = publish(claim=claim)
    page = client.get(f"/fact-checks/{publication.slug}/").text
    assert page.count('href="https://outlet.example/roads"') == 1
    assert "3 million on roads was spent" in page
    works = publication.claim_review["itemReviewed"]["appearance"]
    assert works == [{"@type": "CreativeWork", "url": "https://outlet.example/roads"}]


HOSTILE = (
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "]]> &lt;/script&gt; </SCRIPT\t>",
    '"}],"@type":"Thing',
    "\u2028\u2029 \\u003c/script>",
)


@pytest.mark.parametrize("words", HOSTILE)
def test_no_words_break_out_of_the_data_block(client, words):
    claim = factories.make_claim()
    Claim.objects.filter(pk=claim.pk).update(text=f"{words} 12 of 13")
    author, editor = factories.make_user(name=words[:100]), factories.make_user(Role.EDITOR)
    publication = publish_verdict(factories.make_approved_verdict(author, editor, claim=claim), by=editor)
    page = client.get(f"/fact-checks/{publication.slug}/").text
    scripts = Scripts(page)
    assert all("alert(1)" not in text for kind, text in scripts.found if kind != "application/ld+json")
    (block,) = [text for kind, text in scripts.found if kind == "application/ld+json"]
    assert json.loads(block) == publication.claim_review
    assert not re.search("[<>&\u2028\u2029]", block)
    assert "<script>alert" not in page


def test_the_claim_review_stands_alone_too(client):
    publication = publish()
    response = client.get(f"/fact-checks/{publication.slug}/claim-review.json")
    assert response["Content-Type"] == "application/ld+json"
    assert response.json() == publication.claim_review


def test_an_address_that_is_no_web_address_is_no_link():
    article = factories.make_article(url="https://metro.example/roads")
    snapshot = publish(claim=factories.make_claim(article=article)).snapshot
    assert public._appearances(snapshot["appearances"])[0]["link"] == "https://metro.example/roads"
    snapshot["evidence"][0]["source"]["url"] = "javascript:alert(1)"
    snapshot["appearances"][0]["url"] = "data:text/html,x"
    assert public._evidence_groups(snapshot)[0]["items"][0]["link"] == ""
    assert public._appearances(snapshot["appearances"])[0]["link"] == ""


# --- versions


def test_the_newest_version_is_shown_and_the_old_one_stays_readable(client):
    first = publish()
    second = publish_again(first)
    assert (second.slug, second.number) == (first.slug, 2)
    address = f"/fact-checks/{first.slug}/"
    now, then = client.get(address), client.get(f"{address}?version=1")
    assert "New figures show half of it." in now.text
    assert "The accounts show a third of that." not in now.text
    assert 'href="?version=1"' in now.text
    assert "The accounts show a third of that." in then.text
    assert "This is version 1, kept as it was. It is no longer our finding." in then.text
    assert "no longer our finding" not in now.text
    assert 'name="robots" content="noindex"' in then.text
    assert 'ld+json">{' not in then.text  # an outdated rating is not offered to search engines
    assert client.get(f"{address}claim-review.json").json()["reviewRating"]["alternateName"] == "Half true"
    old = client.get(f"{address}claim-review.json?version=1").json()
    assert old["reviewRating"]["alternateName"] == "False"


def test_the_list_shows_a_check_once_with_its_newest_rating(client):
    first = publish()
    publish_again(first)
    (item,) = client.get("/fact-checks/").context["items"]
    assert (item["version"], item["rating"]) == (2, "Half true")


@pytest.mark.parametrize("version", ["0", "2", "x", "-1", "1e3", "9" * 30, "١", ""])
def test_a_version_that_does_not_exist_is_not_found(client, version):
    publication = publish()
    found = client.get(f"/fact-checks/{publication.slug}/?version={version}").status_code
    assert found == (404 if version else 200)


# --- lists


def test_current_checks_are_listed_newest_first(client):
    first, second = publish(), publish(rating="true")
    titles = [item["slug"] for item in client.get("/fact-checks/").context["items"]]
    assert titles == [second.slug, first.slug]


def test_the_list_goes_on_without_gap_or_overlap(client, monkeypatch):
    monkeypatch.setattr(
        "reviews.selectors.public_lists.check_page.__kwdefaults__", {"before": None, "size": 2}
    )
    slugs = [publish().slug for _ in range(5)]
    seen, address = [], "/fact-checks/"
    while address:
        response = client.get(address)
        seen += [item["slug"] for item in response.context["items"]]
        older = response.context["older_url"]
        address = f"/fact-checks/{older}" if older else ""
    assert seen == slugs[::-1]


@pytest.mark.parametrize("before", ["x", "-1", "9" * 40, "٣"])
def test_a_broken_cursor_shows_the_list(client, before):
    assert client.get("/fact-checks/", {"before": before}).status_code == 200


def test_three_checks_and_twenty_cost_the_same_queries(client):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            shown = len(client.get("/fact-checks/").context["items"])
        return len(queries), shown

    for _ in range(3):
        publish()
    few, shown = cost()
    assert shown == 3
    for _ in range(17):
        publish()
    many, shown = cost()
    assert (many, shown) == (few, 20)
    assert few == 4, "the list, the ratings, the topics and the languages"


def test_an_empty_list_says_so(client):
    assert "Nothing is published yet" in client.get("/fact-checks/").text


# --- caching


@pytest.mark.parametrize("path", ["", "claim-review.json"])
def test_a_check_is_cacheable_and_answers_not_modified(client, path):
    publication = publish()
    address = f"/fact-checks/{publication.slug}/{path}"
    response = client.get(address)
    assert response["Cache-Control"] == "public, max-age=60"
    assert "Set-Cookie" not in response
    assert not client.cookies
    assert "Cookie" not in response.get("Vary", "")
    again = client.get(address, headers={"If-None-Match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(address, headers={"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize("address", ["/fact-checks/", "/about/methodology/"])
def test_the_other_public_pages_are_cacheable_too(client, address):
    factories.make_scale()
    response = client.get(address)
    assert response["Cache-Control"] == "public, max-age=60"
    assert client.get(address, headers={"If-None-Match": response["ETag"]}).status_code == 304


def test_every_public_page_has_a_quiet_way_back_to_the_newsroom(client):
    publication = publish()
    for address in (f"/fact-checks/{publication.slug}/", "/fact-checks/", "/corrections/"):
        page = client.get(address)
        assert page.status_code == 200, address
        foot = page.text.split("<footer")[1]
        assert '<a href="/" rel="nofollow">Newsroom</a>' in foot, address


def test_who_is_signed_in_makes_no_difference(client):
    publication = publish()
    anonymous = client.get(f"/fact-checks/{publication.slug}/").content
    client.force_login(factories.make_user())
    assert client.get(f"/fact-checks/{publication.slug}/").content == anonymous


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_public_pages_are_for_reading(client, method):
    assert getattr(client, method)("/fact-checks/").status_code == 405


# --- the methodology page


def test_the_methodology_page_explains_each_rating(client):
    for rating in factories.make_scale().ratings.all():
        rating.guidance = f"When {rating.label} fits."
        rating.save()
    page = client.get("/about/methodology/").text
    for label in ("False", "Half true", "True", "Unproven"):
        assert f"When {label} fits." in page
    assert "Earlier versions stay readable" in page
    assert "/about/methodology/" in client.get("/fact-checks/").text


def test_who_is_not_signed_in_reads_that_no_such_page_exists(client):
    page = client.get("/fact-checks/nothing-here/")
    assert page.status_code == 404
    assert "No such page exists." in page.text
    assert "desk" not in page.text
    assert 'href="/fact-checks/"' in page.text
    client.force_login(factories.make_user())
    assert "a desk that is not yours" in client.get("/fact-checks/nothing-here/").text


def test_only_what_was_printed_as_a_quotation_stands_in_quotation_marks(client):
    reported, quoted = factories.make_claim(), factories.make_claim()
    quoted.appearances.update(attribution="quoted")
    marks = []
    for claim in (reported, quoted):
        page = client.get(f"/fact-checks/{factories.make_publication(claim=claim).slug}/").text
        marks.append(f"“{claim.text}”</h1>" in page)
        assert claim.text in page
    assert marks == [False, True]


def test_a_decimal_point_stays_in_the_address(client):
    text = "The city spent £3.2m on roads"
    publication = factories.make_publication(claim=factories.make_claim(text=text))
    assert "spent-3-2m-on" in publication.slug


def test_a_correction_is_told_above_everything_else(client):
    publication = factories.make_correction(factories.make_publication(), rating="half-true")
    head = client.get(f"/fact-checks/{publication.slug}/").text.split("</header>")[1]
    assert "#corrections" in head and "Change of verdict" in head
