"""Pages of watched sources: who may see and do what, a trial before anything comes in, causes in words."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from claims.models import Article, Feed, FeedItem, WebHost
from claimtracker.accounts.models import Role, User
from tests import factories
from tests.support.feeds import (
    HTML,
    XML,
    later,
    lead,
    rss,
    run_dry,
    serve_stories,
    server,
    story,
    turn,
    watched,
)
from tests.support.hostile_server import HostileServer

__all__ = ["lead", "server"]  # fixtures
pytestmark = pytest.mark.django_db


@pytest.fixture
def as_lead(client: Client, lead: User) -> Client:
    client.force_login(lead)
    return client


def try_out(client: Client, url: str) -> Feed:
    desk = factories.make_desk()
    response = client.post("/feeds/new/", {"url": url, "desk": desk.pk})
    feed = Feed.objects.latest("pk")
    assert response.status_code == 302 and response["Location"] == f"/feeds/{feed.pk}/"
    return feed


def words(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def test_a_source_is_tried_then_watched_and_its_pages_come_in(as_lead: Client, server: HostileServer) -> None:
    server.gives("/feed", rss(*serve_stories(server, ["a", "b"])), headers=XML)
    feed = try_out(as_lead, server.url("/feed"))
    page = f"/feeds/{feed.pk}/"
    assert "It is being fetched" in words(as_lead, page)
    assert as_lead.get(page, headers={"HX-Request": "true"}).status_code == 204
    turn(feed)
    shown = words(as_lead, page)
    assert "What would come in" in shown and "Story 1" in shown
    assert "Watch it from now on" in as_lead.get(page, headers={"HX-Request": "true"}).content.decode()
    assert not Article.objects.exists()
    as_lead.post(f"{page}watch/", {"title": "The News", "interval_minutes": 60})
    run_dry(feed)
    shown = words(as_lead, page)
    assert "Report a" in shown and "Came in" in shown and "Works" in shown
    assert "The News" in words(as_lead, "/feeds/")


def test_a_page_that_names_its_feed_offers_it(as_lead: Client, server: HostileServer) -> None:
    head = '<link rel="alternate" type="application/rss+xml" href="/rss">'
    server.gives("/", story("Home", head=head), headers=HTML)
    feed = try_out(as_lead, server.url("/"))
    turn(feed)
    assert f"/feeds/new/?url=http%3A%2F%2F127.0.0.1%3A{server.port}%2Frss" in words(
        as_lead, f"/feeds/{feed.pk}/"
    )


def test_a_trial_that_fails_says_why_and_can_be_removed(as_lead: Client, server: HostileServer) -> None:
    server.gives("/feed", b"<rss><channel>", headers=XML)
    feed = try_out(as_lead, server.url("/feed"))
    turn(feed)
    assert "XML is broken" in words(as_lead, f"/feeds/{feed.pk}/")
    assert "Watch it from now on" not in words(as_lead, f"/feeds/{feed.pk}/")
    as_lead.post(f"/feeds/{feed.pk}/again/")
    assert "It is being fetched" in words(as_lead, f"/feeds/{feed.pk}/")
    as_lead.post(f"/feeds/{feed.pk}/drop/")
    assert not Feed.objects.exists()


@pytest.mark.parametrize("url", ["", "ftp://news.example/rss", "http://", "https://user:pw@news.example/rss"])
def test_what_is_no_address_is_refused_at_its_field(as_lead: Client, url: str) -> None:
    response = as_lead.post("/feeds/new/", {"url": url, "desk": factories.make_desk().pk})
    assert response.status_code == 422 and response.context["form"].errors["url"]


def test_causes_stand_on_the_list_and_on_the_source(
    as_lead: Client, server: HostileServer, lead: User
) -> None:
    link = server.gives("/a", status="402 Payment Required")
    server.gives("/feed", rss(link), headers=XML)
    feed = watched(server, lead)
    run_dry(feed)
    assert "Behind a paywall" in words(as_lead, f"/feeds/{feed.pk}/?show=left_out")
    server.gives("/feed", status="500 Oops")
    for _ in range(3):
        later(feed, days=2)
        run_dry(feed)
    for address in ("/feeds/", "/feeds/?show=failing", f"/feeds/{feed.pk}/"):
        shown = words(as_lead, address)
        assert "Failing" in shown and "has an error of its own (status 500)" in shown
    assert "Nothing fits" in words(as_lead, "/feeds/?show=paused")


def test_a_lead_pauses_resumes_renames_and_fetches(
    as_lead: Client, server: HostileServer, lead: User
) -> None:
    link = server.gives("/a", status="403 Forbidden")
    server.gives("/feed", rss(link), headers=XML)
    feed = watched(server, lead)
    run_dry(feed)
    item = feed.items.get()
    page = f"/feeds/{feed.pk}/"
    as_lead.post(f"{page}pause/")
    assert "Paused" in words(as_lead, page)
    refused = as_lead.post(f"/feeds/items/{item.pk}/fetch/", follow=True)
    assert "This source is paused" in refused.content.decode()
    as_lead.post(f"{page}resume/")
    as_lead.post(f"/feeds/items/{item.pk}/fetch/")
    serve_stories(server, ["a"])
    run_dry(feed)
    assert feed.items.get().state == "ingested"
    assert as_lead.post(f"{page}change/", {"title": "", "interval_minutes": 60}).status_code == 422
    as_lead.post(f"{page}change/", {"title": "Other", "interval_minutes": 1440})
    feed.refresh_from_db()
    assert (feed.title, feed.interval_minutes) == ("Other", 1440)


def test_a_lead_reads_what_stays_and_ends_it(as_lead: Client, server: HostileServer, lead: User) -> None:
    server.gives("/feed", rss(*serve_stories(server, ["a", "b", "c"])), headers=XML)
    feed = watched(server, lead)
    for _ in range(3):
        turn(feed)
    page = f"/feeds/{feed.pk}/"
    assert f"{page}end/" in words(as_lead, page)
    asks = words(as_lead, f"{page}end/")
    assert "2 articles of it, with their versions" in asks and "1 page that it listed has not come in" in asks
    ended = as_lead.post(f"{page}end/", follow=True).content.decode()
    assert "Watching has ended. Its articles stay." in ended and "Watch it anew" in ended
    assert "Ask now" not in ended and "Name and pace" not in ended
    assert "No source is watched yet" in words(as_lead, "/feeds/")
    assert "Aldermere News" in words(as_lead, "/feeds/?show=ended")
    assert as_lead.get(f"{page}end/")["Location"] == page, "there is nothing left to confirm"
    as_lead.post(f"{page}resume/")
    feed.refresh_from_db()
    assert feed.state == "ended"


VERBS = ("watch", "change", "pause", "resume", "again", "drop", "end")


def test_the_ladder(client: Client, server: HostileServer, lead: User) -> None:
    """Anonymous: to sign in. Another desk: 404. A member: to look at. A lead: everything."""
    server.gives("/feed", rss(server.gives("/a", status="403 No")), headers=XML)
    feed = watched(server, lead)
    run_dry(feed)
    page, fetch = f"/feeds/{feed.pk}/", f"/feeds/items/{feed.items.get().pk}/fetch/"
    sent = {"title": "x", "interval_minutes": 60}
    for address in ("/feeds/", "/feeds/new/", page):
        assert client.get(address).status_code == 302
    client.force_login(factories.make_user(Role.LEAD, factories.make_desk("sports")))
    assert "Aldermere" not in words(client, "/feeds/")
    assert client.get(page).status_code == 404
    assert {client.post(f"{page}{verb}/", sent).status_code for verb in VERBS} == {404}
    assert client.post(fetch).status_code == 404
    foreign = client.post("/feeds/new/", {"url": "https://a.example/rss", "desk": feed.desk_id})
    assert foreign.status_code == 422
    client.force_login(factories.make_user(Role.CHECKER))
    assert "Only leads of the Politics desk" in words(client, page)
    assert client.get("/feeds/new/").status_code == 403
    assert {client.post(f"{page}{verb}/", sent).status_code for verb in VERBS} == {403}
    assert client.get(f"{page}end/").status_code == 403 and "End watching" not in words(client, page)
    assert client.post(fetch).status_code == 403
    client.force_login(lead)
    assert client.get("/feeds/new/").status_code == 200


def test_the_list_counts_the_pages_that_the_source_shows(as_lead: Client, server: HostileServer) -> None:
    server.gives("/alone", story("Alone", "The bridge cost 12 million."), headers=HTML)
    feed = try_out(as_lead, server.url("/alone"))
    turn(feed)
    as_lead.post(f"/feeds/{feed.pk}/watch/", {"title": "Alone", "interval_minutes": "15"})
    run_dry(feed)
    assert feed.items.count() == 1
    assert "1 page seen" in words(as_lead, "/feeds/")
    assert "<dt>Pages seen</dt><dd>1</dd>" in words(as_lead, f"/feeds/{feed.pk}/")


def make_rows(lead: User, count: int) -> Feed:
    desk, feeds = factories.make_desk(), []
    for _ in range(count):
        n = Feed.objects.count()
        host = WebHost.objects.create(name=f"h{n}.example")
        feeds.append(
            Feed.objects.create(
                desk=desk, host=host, url=f"https://h{n}.example/", kind="feed", added_by=lead
            )
        )
        Feed.objects.filter(pk=feeds[-1].pk).update(state="watched")
    first = feeds[0]
    for _ in range(count):
        n = FeedItem.objects.count()
        FeedItem.objects.create(
            feed=first, host=first.host, url=f"https://h.example/{n}", url_digest=f"{n:064}",
            state="ingested", article=factories.make_article(),
        )  # fmt: skip
    return first


def test_pages_cost_the_same_at_3_and_at_20_rows(as_lead: Client, lead: User) -> None:
    feed = make_rows(lead, 3)
    few = [price(as_lead, address) for address in ("/feeds/", f"/feeds/{feed.pk}/")]
    make_rows(lead, 17)
    FeedItem.objects.update(feed=feed)
    assert [price(as_lead, address) for address in ("/feeds/", f"/feeds/{feed.pk}/")] == few
    assert max(few) <= 12


def price(client: Client, address: str) -> Any:
    with CaptureQueriesContext(connection) as queries:
        words(client, address)
    return len(queries)
