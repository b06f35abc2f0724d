"""Readers' lists: the front page with its filters, claimants and topics, from publications alone."""

from __future__ import annotations

import re

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.models import Article
from reviews.models import ClaimRoute, PublicCheck, Topic
from tests import factories

pytestmark = pytest.mark.django_db


def publish(rating: str = "false", claimant: str = "Ann Lee", *topics: Topic, language: str = "en"):
    claim = factories.make_claim(claimant=claimant)
    Article.objects.filter(versions__appearances__claim=claim).update(language=language)
    factories.make_task(claim)
    ClaimRoute.objects.get(claim=claim).topics.set(topics)
    return factories.make_publication(claim=claim, rating=rating)


def slugs(response) -> list[str]:
    return [item["slug"] for item in response.context["items"]]


def claimant_address(publication) -> str:
    return f"/claimants/{publication.claim.public_check.claimant_slug}/"


def test_the_front_page_says_who_what_and_in_one_sentence(client):
    publication = publish()
    page = client.get("/fact-checks/").text
    assert "Ann Lee" in page
    assert publication.snapshot["summary"] in page
    assert f'href="{claimant_address(publication)}"' in page


def test_the_front_page_is_sifted_by_rating_topic_and_language(client):
    health = factories.make_topic("Health")
    false, true = publish("false", "Ann Lee", health), publish("true", "Bo Li", language="de-AT")
    assert slugs(client.get("/fact-checks/?rating=true")) == [true.slug]
    assert slugs(client.get("/fact-checks/?topic=health")) == [false.slug]
    assert slugs(client.get("/fact-checks/?language=de")) == [true.slug]
    both = client.get("/fact-checks/?rating=true&topic=health")
    assert slugs(both) == []
    assert "No fact check is like that." in both.text
    page = client.get("/fact-checks/").text
    for words in ('<option value="health">Health', '<option value="de" lang="de">Deutsch', "Half true"):
        assert words in page
    assert "noindex" not in page and "noindex" in both.text


@pytest.mark.parametrize(
    "wish", ["rating=%00x", "topic=' or 1=1", "language=" + "x" * 500, "rating=a&rating=b"]
)
def test_an_odd_wish_is_an_empty_list(client, wish):
    publish()
    response = client.get(f"/fact-checks/?{wish}")
    assert (response.status_code, slugs(response)) == (200, [])


def test_what_is_asked_for_stays_while_one_reads_on(client, monkeypatch):
    monkeypatch.setattr(
        "reviews.selectors.public_lists.check_page.__kwdefaults__", {"before": None, "size": 1}
    )
    health = factories.make_topic("Health")
    first, _other, last = publish("false", "A B", health), publish("true"), publish("false", "A B", health)
    page = client.get("/fact-checks/?topic=health&rating=false")
    assert slugs(page) == [last.slug]
    assert slugs(client.get("/fact-checks/" + page.context["older_url"])) == [first.slug]
    claimant = client.get(claimant_address(first))
    assert slugs(client.get(claimant_address(first) + claimant.context["older_url"])) == [first.slug]


def test_a_claimant_has_a_page_only_once_something_is_published(client):
    from reviews.reader_facts import claimant_slug

    factories.make_claim(claimant="Nobody Yet")
    assert client.get(f"/claimants/{claimant_slug('Nobody Yet')}/").status_code == 404
    assert client.get("/claimants/ann-lee/").status_code == 404


def test_a_claimants_page_counts_and_is_fair(client):
    first, _second = publish("false"), publish("true")
    taken_back = publish("false")
    publish("true", "Bo Li")
    factories.make_retraction(taken_back)
    page = client.get(claimant_address(first))
    rows = [(row.label, row.count) for row in page.context["balance"].rows]
    assert rows == [("True", 1), ("False", 1)], "what was taken back counts as no finding"
    assert len(slugs(page)) == 3
    for words in (
        "not everything that Ann Lee said",
        "We give nobody a score",
        "/about/methodology/#choose",
        "1 more was taken back and does not count.",
        '<title id="balance-said">True: 1, False: 1</title>',
        "<caption",
    ):
        assert words in page.text, words
    assert "%" not in re.sub(r"\s+", " ", page.text.split("balance__table", 1)[1].split("</table>")[0])
    assert "Bo Li" not in page.text


def test_the_bar_has_no_gap_and_shares_come_with_enough_checks():
    from reviews.selectors.public_lists import Balance, BalanceRow
    from reviews.views.public_lists import BAR_WIDTH, _balance

    rows = [BalanceRow(str(n), f"R{n}", n, 7 * n + 1) for n in (1, 2, 3)]
    facts = _balance(Balance(rows))
    ends = [part["x"] + part["width"] for part in facts["parts"]]
    assert [part["x"] for part in facts["parts"]] == [0, *ends[:-1]]
    assert ends[-1] == BAR_WIDTH
    assert facts["shows_shares"]
    assert not _balance(Balance(rows[:1]))["shows_shares"]


def test_a_topic_is_as_published_and_a_correction_moves_the_check_with_it(client):
    health, jobs = factories.make_topic("Health"), factories.make_topic("Jobs", ["job"])
    publication = publish("false", "Ann Lee", health)
    assert slugs(client.get("/topics/health/")) == [publication.slug]
    assert publication.snapshot["topics"] == [{"slug": "health", "name": "Health"}]
    ClaimRoute.objects.get(claim=publication.claim).topics.set([jobs])
    assert client.get("/topics/jobs/").status_code == 404, "nothing that was published is about it"
    factories.make_correction(publication)
    assert slugs(client.get("/topics/health/")) == []
    assert slugs(client.get("/topics/jobs/")) == [publication.slug]
    assert "Jobs</a>" in client.get(f"/fact-checks/{publication.slug}/").text
    assert client.get("/topics/nothing/").status_code == 404


def test_lists_are_rebuilt_as_they_were_and_for_snapshots_that_say_less(client):
    health = factories.make_topic("Health")
    publication = publish("false", "Ann Lee", health)
    line = PublicCheck.objects.get()
    before = {name: value for name, value in vars(line).items() if name not in {"id", "_state"}}
    line.delete()
    assert slugs(client.get("/fact-checks/")) == []
    call_command("rebuild_public_checks")
    again = PublicCheck.objects.get()
    assert {name: getattr(again, name) for name in before} == before
    assert slugs(client.get("/topics/health/")) == [publication.slug]


@pytest.mark.parametrize(
    "address", ["/fact-checks/", "claimant", "/topics/health/", "/fact-checks/?topic=health&rating=false"]
)
def test_more_checks_cost_no_more_queries(client, address):
    health = factories.make_topic("Health")
    address = claimant_address(publish("false", "Ann Lee", health)) if address == "claimant" else address
    if not PublicCheck.objects.exists():
        publish("false", "Ann Lee", health)

    def cost() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as queries:
            return len(slugs(client.get(address))), len(queries)

    few = cost()
    for _ in range(3):
        publish("false", "Ann Lee", health)
    many = cost()
    assert (few[0], many[0]) == (1, 4)
    assert few[1] == many[1] <= 4


def test_each_list_reads_an_index_in_its_order(django_assert_num_queries):
    """With sequential scans and sorts off, a plan that still sorts has no index for its order."""
    from reviews.selectors.public_lists import Wish, _asked_for

    publish("false", "Ann Lee", factories.make_topic("Health"))
    wishes = [Wish(), Wish(claimant="x"), Wish(rating="x"), Wish(language="x")]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
        for wish in wishes:
            for before in (None, 5):
                lines = _asked_for(wish, before).select_related(None).only("pk")[:21]
                plan = lines.explain()
                assert "Sort" not in plan, plan
                assert "Seq Scan" not in plan, plan
