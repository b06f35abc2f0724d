"""Where a claim's family stood: chart, table, file; and which desks watch it."""

from __future__ import annotations

import csv
import datetime
import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from claims.actions.families import merge_families
from claims.actions.watching import watch_claim
from claims.models import Claim, ClaimWatch
from claimtracker.accounts.models import Membership, Role, User
from claimtracker.kernel.spreadsheets import harmless
from reviews.selectors.places import outlet_of
from tests import factories
from tests.web.review_words import url

pytestmark = pytest.mark.django_db


@pytest.fixture
def checker() -> User:
    return factories.make_user(name="Mara Okafor")


@pytest.fixture
def signed_in(client: Client, checker: User) -> Client:
    client.force_login(checker)
    return client


@pytest.fixture
def claim() -> Claim:
    return factories.make_claim(article=factories.make_article(site_name="Gazette", published_at=noon(1)))


def noon(day: int) -> datetime.datetime:
    return datetime.datetime(2026, 3, day, 12, tzinfo=datetime.UTC)


def test_it_is_counted_by_day_and_outlet_over_the_whole_family(
    signed_in: Client, checker: User, claim: Claim
) -> None:
    member = factories.make_claim(article=factories.make_article(site_name="Wire", published_at=noon(3)))
    merge_families(member, into=claim, by=checker, note="The same.")
    for day, site in ((3, "Wire"), (3, "Gazette"), (5, "Wire")):
        factories.make_another_appearance(member, site_name=site, published_at=noon(day))
    page = signed_in.get(url(claim))
    rows = [(row.day.day, row.outlet, row.total) for row in page.context["day_rows"]]
    assert rows == [(5, "Wire", 1), (3, "Wire", 2), (3, "Gazette", 1), (1, "Gazette", 1)]
    chart = page.context["chart"]
    assert [(row.label, row.total) for row in chart.rows] == [("Wire", 3), ("Gazette", 2)]
    assert (chart.first.day, chart.last.day) == (1, 5)
    assert [dot.x for dot in chart.rows[1].dots] == ["3.00%", "50.00%"]
    for words in ("<title", "<desc", "5 appearances", 'class="chart__dot"'):
        assert words in page.text
    assert "style=" not in page.text


def test_one_place_needs_no_chart(signed_in: Client, claim: Claim) -> None:
    page = signed_in.get(url(claim))
    assert page.context["chart"] is None
    assert "1 appearance" in page.text


def test_the_outlet_is_the_site_then_the_host_then_who_sent_it() -> None:
    assert outlet_of("Gazette", "https://www.gazette.example/a", "partner:wire") == "Gazette"
    assert outlet_of("", "https://www.gazette.example/a", "partner:wire") == "gazette.example"
    assert outlet_of("", "", "partner:daily-wire") == "Sent by Daily wire"
    assert outlet_of("", "", "desk:politics") == "Brought in at the Politics desk"
    assert outlet_of("", "https://[bad", "sample") == "Sample"


def test_the_file_holds_every_place_and_runs_no_formula(
    signed_in: Client, checker: User, claim: Claim
) -> None:
    factories.make_another_appearance(claim, site_name="=cmd()", title="+1", published_at=noon(2))
    answer = signed_in.get(url(claim, "appearances.csv"))
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    head, *rows = csv.reader(io.StringIO(answer.text))
    assert head[:4] == ["day", "outlet", "article", "address"]
    assert [row[:3] for row in rows] == [
        ["2026-03-02", "'=cmd()", "'+1"],
        ["2026-03-01", "Gazette", rows[1][2]],
    ]
    assert rows[1][3].endswith(f"/articles/{claim.appearances.earliest('id').version.article_id}/")
    assert harmless(["-1", "@x", "fine", ""]) == ["'-1", "'@x", "fine", ""]


def test_the_files_ladder(client: Client, claim: Claim) -> None:
    address = url(claim, "appearances.csv")
    assert client.get(address)["Location"].startswith("/account/login/")
    client.force_login(factories.make_user(Role.LEAD, desk=factories.make_desk("world")))
    assert client.get(address).status_code == 404
    client.force_login(factories.make_user(Role.REPORTER))
    assert client.get(address).status_code == 200


def test_places_in_articles_of_other_desks_are_only_counted(client: Client, claim: Claim) -> None:
    world = factories.make_desk("world")
    both = factories.make_user()
    Membership.objects.create(user=both, desk=world, role=Role.CHECKER)
    foreign = factories.make_claim(
        article=factories.make_article(desk=world, title="A secret story", site_name="Elsewhere")
    )
    merge_families(foreign, into=claim, by=both, note="The same.")
    client.force_login(factories.make_user())
    page = client.get(url(claim)).text
    assert "1 more appearance is in an article of a desk whose work you do not see." in page
    assert "A secret story" not in page
    assert "Elsewhere" not in client.get(url(claim, "appearances.csv")).text
    client.force_login(both)
    assert "A secret story" in client.get(url(claim)).text


def test_thirty_places_cost_as_many_queries_as_three(signed_in: Client, checker: User, claim: Claim) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert signed_in.get(url(claim)).status_code == 200
        return len(queries)

    for number in range(3):
        factories.make_another_appearance(claim, site_name=f"Site {number}", published_at=noon(number + 2))
    watch_claim(claim, desk=claim.desk, by=checker)
    cost()
    few = cost()
    for number in range(27):
        factories.make_another_appearance(claim, site_name=f"Site {number}", published_at=noon(number + 1))
    assert cost() == few
    page = signed_in.get(url(claim))
    assert len(page.context["chart"].rows) == 8
    assert page.context["chart"].rows[-1].label == "21 other outlets"
    assert "earlier rows" in page.text


# --- watching


def test_a_desk_begins_and_ends_its_watch(signed_in: Client, claim: Claim) -> None:
    page = signed_in.get(url(claim)).text
    assert 'data-key="w"' in page
    answer = signed_in.post(url(claim, "watch/"), {"desk": claim.desk_id})
    assert answer["Location"] == f"{url(claim)}#places"
    watch = ClaimWatch.objects.get()
    page = signed_in.get(url(claim)).text
    assert "The Politics desk watches it since" in page
    assert "Stop watching" in page
    signed_in.post(url(claim, "unwatch/"), {"watch": watch.pk})
    assert not ClaimWatch.objects.running().exists()


def test_who_has_two_desks_chooses_one(client: Client, claim: Claim) -> None:
    world = factories.make_desk("world")
    Claim.objects.filter(pk=claim.pk).update(desk=world)  # it stands in an article of the politics desk
    both = factories.make_user()
    Membership.objects.create(user=both, desk=world, role=Role.CHECKER)
    client.force_login(both)
    page = client.get(url(claim))
    assert [desk.slug for desk in page.context["watch_desks"]] == ["world", "politics"]
    client.post(url(claim, "watch/"), {"desk": world.pk})
    page = client.get(url(claim))
    assert [desk.slug for desk in page.context["watch_desks"]] == ["politics"]
    assert "Another desk of yours can watch it too." in page.text


def test_the_ladder_of_watching(client: Client, claim: Claim, checker: User) -> None:
    watch = watch_claim(claim, desk=claim.desk, by=checker)
    for path, sent in (("watch/", {"desk": claim.desk_id}), ("unwatch/", {"watch": watch.pk})):
        client.logout()
        assert client.post(url(claim, path), sent)["Location"].startswith("/account/login/")
        client.force_login(factories.make_user(Role.LEAD, desk=factories.make_desk("world")))
        assert client.post(url(claim, path), sent).status_code == 404
        client.force_login(factories.make_user(Role.REPORTER))
        refused = client.post(url(claim, path), sent)
        assert refused.status_code == 403
        assert "Only checkers, editors and leads of the Politics desk" in refused.text
    assert client.post(url(claim, "watch/"), {"desk": "x"}).status_code == 404
    watch.refresh_from_db()
    assert watch.ended_at is None


def test_a_reporter_sees_why_the_desk_cannot_be_made_to_watch(client: Client, claim: Claim) -> None:
    client.force_login(factories.make_user(Role.REPORTER))
    page = client.get(url(claim)).text
    reason = "Only checkers, editors and leads of the Politics desk watch claims for it."
    assert f'disabled title="{reason}"' in page


def test_the_history_tells_of_the_watch(signed_in: Client, claim: Claim, checker: User) -> None:
    watch_claim(claim, desk=claim.desk, by=checker)
    assert "let the Politics desk watch it" in [
        line.what for line in signed_in.get(url(claim)).context["history"]
    ]
