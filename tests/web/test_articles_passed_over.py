"""What was not offered, why something was, what a newer reading changed: on the article's page."""

from __future__ import annotations

import re

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.actions.extraction import record_extraction
from claims.extraction.model import PassedOver
from claims.models import Article, Claim, ExtractionRun
from claimtracker.accounts.models import Role
from reviews.actions.rereading import reread_version
from reviews.actions.routing import route_claim
from tests import factories
from tests.support.council_story import LEFT, OTHERS, PASSED, SPENT, make_story, story_reading
from tests.support.readings import NEW, OLD, first_reading

pytestmark = pytest.mark.django_db


def address(article: Article, name: str = "web:article_detail") -> str:
    return reverse(name, args=[article.pk])


def page_of(client: Client, article: Article, query: str = "") -> str:
    response = client.get(address(article) + query)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


@pytest.fixture
def story() -> Article:
    """The council's story as the extractor with weights read it."""
    article = make_story()
    version = article.versions.select_related("article__desk").get()
    with transaction.atomic():
        record_extraction(version, analysis=story_reading(version))
    return article


# --- what was passed over


def test_what_was_passed_over_is_asked_for_and_says_why_not(signed_in: Client, story: Article) -> None:
    page = page_of(signed_in, story)
    assert "Show what was passed over" in page
    assert 'id="passed-over"' not in page
    shown = page_of(signed_in, story, "?passed=1")
    for words, reason in [
        ("Rain fell on the old market square", "Scene"),
        ("I cried when I read the list", "Personal experience"),
        ("The mayor hopes", "Intention"),
        ("Is a town without books", "Question"),
        ("Nothing in Eastmouth", "Rhetoric"),
    ]:
        start = story.versions.get().body.index(words) - (words.startswith("I cried"))
        item = shown.partition(f'id="claim-p{start}"')[2].partition("</li>")[0]
        assert words in item
        assert f"<strong>{reason}</strong>" in item
        assert f'id="span-p{start}"' in shown, "it is marked in the text too"


def test_a_passed_sentence_becomes_a_claim_by_one_click(signed_in: Client, story: Article) -> None:
    shown = page_of(signed_in, story, "?passed=1&order=score")
    words = "The mayor hopes that volunteers will step in."
    form = next(part for part in shown.split("<form") if f'value="{words}"' in part)
    action = re.search(r'action="([^"]+)"', form)
    assert action is not None
    sent = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    response = signed_in.post(action[1].replace("&amp;", "&"), sent)
    place = Claim.objects.get(state="confirmed").appearances.get()
    assert place.quote == words
    assert response["Location"] == f"{address(story)}?order=score&passed=1#claim-{place.pk}"
    again = page_of(signed_in, story, "?passed=1")
    assert f'id="claim-p{place.start}"' not in again, "it is a claim now"
    assert signed_in.get(address(story) + "?passed=1").context["page"].passed.total == len(PASSED) - 1


def test_only_members_of_the_desk_are_offered_the_click(story: Article, client: Client) -> None:
    client.force_login(factories.make_user(Role.MODERATOR, factories.make_desk("mods")))
    shown = page_of(client, story, "?passed=1")
    assert "Rain fell on the old market square" in shown
    assert "Mark as claim" not in shown


def test_many_passed_sentences_come_a_page_at_a_time(signed_in: Client) -> None:
    body = " ".join(f"Sentence number {n:03} says little." for n in range(120))
    article = factories.make_article(body)
    version = article.versions.get()
    length = len("Sentence number 000 says little.")
    passed = tuple(
        PassedOver(n * (length + 1), n * (length + 1) + length, "minor", n / 200) for n in range(120)
    )
    first_reading(version, passed_over=passed, sentences=120)

    def shown(query: str) -> list[int]:
        page = signed_in.get(address(article) + query).context["page"]
        return [sentence.start // (length + 1) for sentence in page.passed.sentences]

    assert shown("?passed=1") == list(range(50))
    assert shown("?passed=3") == list(range(100, 120))
    assert shown("?passed=99") == shown("?passed=3")
    assert shown("?passed=1&order=score") == list(range(119, 69, -1))
    assert signed_in.get(address(article) + "?passed=x").context["page"].passed is None
    assert "1 of 3" in page_of(signed_in, article, "?passed=1")


def test_a_short_or_full_offer_says_so(signed_in: Client, story: Article) -> None:
    assert "rail__offer" not in page_of(signed_in, story)
    ExtractionRun.objects.update(left_out=7)
    assert "7 more claims were found than an offer has room for" in page_of(signed_in, story)
    ExtractionRun.objects.update(left_out=0, sentences=60)
    assert "offers 4 claims from 60 sentences" in page_of(signed_in, story)


# --- why something was offered


def test_the_card_says_what_the_score_means_the_place_and_the_parts(
    signed_in: Client, story: Article
) -> None:
    page = page_of(signed_in, story)
    assert "Of 100 statements that score like this, about 82 were judged worth checking" in page
    assert "2nd of 4" in page
    assert "“several hundred”: 200 to 900 members of staff" in page
    assert "“£9.4m”: 9.4 million GBP" in page
    assert "“last year”: 2025" in page
    assert "“told reporters”" in page
    assert f"extractor {OLD}" in page


def test_the_score_of_rules_is_not_called_a_probability(signed_in: Client, story: Article) -> None:
    ExtractionRun.objects.update(model="")
    page = page_of(signed_in, story)
    assert "Of 100 statements" not in page
    assert "is no probability" in page


def test_every_changed_word_is_marked_and_listed(signed_in: Client, story: Article) -> None:
    page = page_of(signed_in, story)
    assert '<mark class="changed" title="In the article: “We”">Eastmouth council</mark> spent' in page
    assert "<q>We</q>" in page
    assert '<strong>Eastmouth council</strong> <span class="muted">(pronoun)</span>' in page
    assert "added: <strong>2026</strong>" in page
    claim = Claim.objects.get(appearances__quote=SPENT)
    workspace = signed_in.get(reverse("reviews:claim_detail", args=[claim.pk])).content.decode()
    heading = workspace.partition("<h1")[2].partition("</h1>")[0]
    assert 'title="In the article: “last year”">in 2025</mark>' in heading
    assert "“<mark" not in heading, "what was not said so stands in no quotation marks"
    assert SPENT in workspace


def test_what_a_wording_holds_is_escaped(signed_in: Client, story: Article) -> None:
    claim = Claim.objects.get(appearances__quote=SPENT)
    text = "<script>alert(1)</script> spent"
    changes = [{"start": 0, "end": 25, "was": '"><img src=x>', "why": "pronoun"}]
    Claim.objects.filter(pk=claim.pk).update(text=text, changes=changes)
    for page in (
        page_of(signed_in, story),
        signed_in.get(reverse("reviews:claim_detail", args=[claim.pk])).content.decode(),
    ):
        assert "<script>alert" not in page
        assert "<img" not in page


# --- read again


def test_the_page_says_what_a_newer_reading_changed(signed_in: Client, story: Article) -> None:
    for claim in Claim.objects.all():
        route_claim(claim.pk)
    assert "Re-read by" not in page_of(signed_in, story)
    version = story.versions.select_related("article__desk").get()
    reread_version(version, analysis=story_reading(version, SPENT, LEFT, by=NEW))
    page = page_of(signed_in, story)
    assert f"Re-read by {NEW} on" in page
    assert "0 new, 2 refreshed, 0 kept as people left them, 2 no longer found" in page
    assert "2 claims are no longer found" in page
    shown = signed_in.get(address(story)).context["page"]
    assert (shown.standing, len(shown.rail), len(shown.withdrawn)) == (2, 2, 2)
    gone = Claim.objects.get(appearances__quote=OTHERS)
    assert f'id="span-{gone.appearances.get().pk}"' not in page
    workspace = signed_in.get(reverse("reviews:claim_detail", args=[gone.pk]))
    assert workspace.context["panel"] == "withdrawn"
    assert f"extractor {NEW} no longer finds a claim in these words" in workspace.content.decode()
    signed_in.post(reverse("web:claim_restore", args=[story.pk, gone.pk]))
    gone.refresh_from_db()
    assert gone.state == "confirmed"
    kept = Claim.objects.get(appearances__quote=SPENT)
    told = signed_in.get(reverse("reviews:claim_detail", args=[kept.pk])).content.decode()
    assert f"found the claim (extractor {OLD})" in told
    assert f"read it again and found the same (extractor {NEW})" in told


def test_a_newer_reading_that_was_refused_leaves_the_claims_on_the_page(
    signed_in: Client, story: Article
) -> None:
    version = story.versions.get()
    ExtractionRun.objects.create(
        version=version, extractor_version=NEW, outcome="refused", message="It seems to be in Welsh."
    )
    page = page_of(signed_in, story)
    assert f"{NEW} could not read this text again; what was found before stays." in page
    assert "4 claims" in page


# --- budgets


def queries_of(client: Client, url: str) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return [query["sql"] for query in captured]


def test_passed_sentences_cost_one_query_and_only_where_they_are_shown(
    signed_in: Client, story: Article
) -> None:
    signed_in.get(address(story))
    plain = queries_of(signed_in, address(story))
    shown = queries_of(signed_in, address(story) + "?passed=1")
    assert len(shown) - len(plain) == 1
    claim = Claim.objects.get(appearances__quote=SPENT)
    for url in [reverse("web:article_list"), reverse("web:home"), reverse("reviews:queue")]:
        assert not [sql for sql in queries_of(signed_in, url) if "passed_over" in sql], url
    workspace = queries_of(signed_in, reverse("reviews:claim_detail", args=[claim.pk]))
    assert not [sql for sql in workspace if "passed_over" in sql]
