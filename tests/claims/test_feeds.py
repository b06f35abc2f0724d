"""Watched sources: what they list comes in once, politely, and what stands in the way is said."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from claims import states
from claims.actions.feed_marks import fail
from claims.actions.feeds import (
    change_feed,
    drop_trial,
    fetch_item,
    pause_feed,
    resume_feed,
    try_again,
    try_feed,
    watch_feed,
)
from claims.models import Article, FeedItem
from claims.sources.visits import Obstructed
from claimtracker.accounts.models import Role, User
from claimtracker.jobs.models import Job
from claimtracker.kernel.errors import ActionRefused, NotPermitted
from claimtracker.ledger.models import AuditEntry
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
    states_of,
    story,
    turn,
    watched,
)
from tests.support.hostile_server import HostileServer

__all__ = ["lead", "server"]  # fixtures
pytestmark = pytest.mark.django_db


def test_a_trial_shows_what_would_come_in_and_takes_nothing(server: HostileServer, lead: User) -> None:
    server.gives("/feed", rss(*serve_stories(server, ["a", "b"])), headers=XML)
    feed = try_feed(server.url("/feed?utm_source=x"), by=lead, desk=factories.make_desk())
    run_dry(feed)
    feed.refresh_from_db()
    assert (feed.state, feed.kind, feed.title) == (states.ON_TRIAL, "feed", "Aldermere News")
    assert feed.sample["total"] == 2 and feed.sample["entries"][0]["title"] == "Story 0"
    assert feed.url == server.url("/feed")
    assert not FeedItem.objects.exists() and not Article.objects.exists()
    assert AuditEntry.objects.filter(verb="feed.tried").exists()


def test_what_a_feed_lists_comes_in_once(server: HostileServer, lead: User) -> None:
    links = serve_stories(server, ["a", "b", "c"])
    server.gives("/feed", rss(*links), headers=XML)
    feed = watched(server, lead)
    run_dry(feed)
    assert states_of(feed) == ["ingested"] * 3
    articles = Article.objects.filter(channel="feed", origin="desk:politics")
    assert {article.url for article in articles} == set(links)
    later(feed, minutes=16)
    run_dry(feed)
    feed.refresh_from_db()
    assert Article.objects.count() == feed.items.count() == 3
    assert Job.objects.filter(kind="claims.extract_article").count() == 3
    assert feed.succeeded_at is not None and feed.message == ""


def test_the_second_visit_asks_whether_anything_changed(server: HostileServer, lead: User) -> None:
    server.gives("/feed", rss(), headers=(*XML, 'ETag: "v1"', "Last-Modified: Thu, 26 Nov 2026 09:00:00 GMT"))
    feed = watched(server, lead)
    run_dry(feed)
    server.gives("/feed", status="304 Not Modified", headers=())
    later(feed, minutes=16)
    assert run_dry(feed) == 1
    feed.refresh_from_db()
    assert server.asked[-1].headers["if-none-match"] == '"v1"'
    assert server.asked[-1].headers["if-modified-since"] == "Thu, 26 Nov 2026 09:00:00 GMT"
    assert (feed.message, feed.failures) == ("", 0)


def test_the_same_words_under_two_addresses_are_one_article(server: HostileServer, lead: User) -> None:
    page = story("One story", "The bridge cost 12 million.")
    links = [server.gives(path, page, headers=HTML) for path in ("/first", "/second")]
    server.gives("/feed", rss(*links), headers=XML)
    feed = watched(server, lead)
    run_dry(feed)
    assert states_of(feed) == ["ingested", "ingested"]
    assert Article.objects.count() == 1


def test_a_canonical_address_names_the_article(server: HostileServer, lead: User) -> None:
    canonical = server.url("/story")
    head = f'<link rel="canonical" href="{canonical}">'
    links = [
        server.gives("/amp", story("S", "It cost 3 million.", head=head), headers=HTML),
        server.gives("/print", story("S", "It cost 3 million. Print", head=head), headers=HTML),
    ]
    server.gives("/feed", rss(*links), headers=XML)
    run_dry(watched(server, lead))
    assert Article.objects.get().external_id == canonical


def test_two_feeds_of_a_desk_bring_a_page_in_once(server: HostileServer, lead: User) -> None:
    links = serve_stories(server, ["a"])
    server.gives("/feed", rss(*links), headers=XML)
    server.gives("/other", rss(*links), headers=XML)
    run_dry(watched(server, lead))
    asked = len(server.asked)
    other = watched(server, lead, "/other")
    run_dry(other)
    item = other.items.get()
    assert (item.state, item.code) == ("ingested", "elsewhere") and Article.objects.count() == 1
    assert not any(each.path == "/a" for each in server.asked[asked:])


WALL = story("Members", head='<meta property="article:content_tier" content="locked">')[:600] + b"</article>"


@pytest.mark.parametrize(
    ("answer", "code", "says"),
    [
        ({"body": WALL}, "paywalled", "do not pay"),
        ({"status": "402 Payment Required"}, "paywalled", "payment"),
        ({"status": "403 Forbidden"}, "forbidden", "refuses"),
        ({"status": "404 Not Found"}, "not_found", "Given up after 6 tries"),
        ({"body": b"<html><title>Just a moment</title><p>Checking</p></html>"}, "error_page", "notice"),
        ({"body": b"<html><body></body></html>"}, "empty", "No article text"),
        ({"body": b"%PDF-1", "headers": ("Content-Type: application/pdf",)}, "wrong_type", "not to a page"),
        ({"body": b"x" * 5_000_001}, "too_large", "larger than"),
        ({"status": "500 Oops"}, "site_error", "error of its own"),
    ],
)  # fmt: skip
def test_what_is_no_article_is_left_out_with_its_cause(
    server: HostileServer, lead: User, answer: dict[str, Any], code: str, says: str
) -> None:
    link = server.gives("/a", **{"headers": HTML, **answer})
    server.gives("/feed", rss(link), headers=XML)
    feed = watched(server, lead)
    run_dry(feed)
    item = feed.items.get()
    assert (item.state, item.code) == (states.LEFT_OUT, code)
    assert says in item.message
    assert not Article.objects.exists()


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ({"body": b"<rss><channel><item>"}, "broken_xml"),
        ({"body": story("Gone")}, "other_kind"),
        ({"status": "404 Not Found"}, "not_found"),
        ({"status": "500 Oops"}, "site_error"),
        ({"body": b"x" * 5_000_001}, "too_large"),
        ({"body": b""}, "empty"),
    ],
)
def test_a_feed_that_fails_says_why_and_is_asked_less_often(
    server: HostileServer, lead: User, answer: dict[str, Any], code: str
) -> None:
    server.gives("/feed", rss(), headers=XML)
    feed = watched(server, lead)
    run_dry(feed)
    server.gives("/feed", **{"headers": XML, **answer})
    for failures in (1, 2, 3):
        later(feed, days=2)
        run_dry(feed)
        feed.refresh_from_db()
        assert (feed.code, feed.failures) == (code, failures) and feed.message
    wait = feed.next_visit_at - timezone.now()
    assert timedelta(minutes=55) < wait < timedelta(minutes=64)
    assert feed.succeeded_at < feed.failed_at
    server.gives("/feed", rss(), headers=XML)
    later(feed, days=2)
    run_dry(feed)
    feed.refresh_from_db()
    assert (feed.code, feed.message, feed.failures) == ("", "", 0)


def test_old_entries_stay_out_until_somebody_wants_them(server: HostileServer, lead: User) -> None:
    link = serve_stories(server, ["a"])[0]
    server.gives("/feed", rss(link, extra="<pubDate>Thu, 01 Jan 2015 09:30:00 GMT</pubDate>"), headers=XML)
    feed = watched(server, lead)
    run_dry(feed)
    item = feed.items.get()
    assert (item.state, item.code) == (states.LEFT_OUT, "old")
    fetch_item(item, by=lead)
    run_dry(feed)
    assert states_of(feed) == ["ingested"]


def test_a_page_that_came_in_is_looked_at_again_for_a_while(
    server: HostileServer, lead: User, settings: Any
) -> None:
    settings.FEED_REVISIT_HOURS = [1, 6]
    server.gives("/feed", rss(*serve_stories(server, ["a"])), headers=XML)
    feed = watched(server, lead)
    run_dry(feed)
    for hours in (1, 6):
        item = feed.items.get()
        assert abs(item.next_visit_at - timezone.now() - timedelta(hours=hours)) < timedelta(minutes=1)
        later(feed, hours=hours + 0.01)
        run_dry(feed)
    item = feed.items.get()
    assert (item.next_visit_at, item.revisits, Article.objects.count()) == (None, 2, 1)


def test_a_single_page_is_watched_as_its_one_item(server: HostileServer, lead: User) -> None:
    server.gives("/page", story("Live figures", "There are 12 cases."), headers=HTML)
    feed = watched(server, lead, "/page")
    assert feed.kind == "page" and feed.next_visit_at is None
    run_dry(feed)
    feed.refresh_from_db()
    assert feed.items.get().next_visit_at is not None
    assert Article.objects.get().title == "Live figures"
    assert feed.succeeded_at is not None
    server.gives("/page", status="500 Oops")
    later(feed, minutes=16)
    run_dry(feed)
    feed.refresh_from_db()
    assert (feed.code, feed.items.get().state) == ("site_error", states.INGESTED)


def test_a_paused_source_is_left_alone_and_goes_on(server: HostileServer, lead: User) -> None:
    server.gives("/feed", rss(*serve_stories(server, ["a"])), headers=XML)
    feed = watched(server, lead)
    turn(feed)
    pause_feed(feed, by=lead)
    assert run_dry(feed) == 0
    with pytest.raises(ActionRefused, match="paused"):
        try_again(feed, by=lead)
    with pytest.raises(ActionRefused, match="paused"):
        fetch_item(feed.items.get(), by=lead)
    resume_feed(feed, by=lead)
    run_dry(feed)
    assert states_of(feed) == ["ingested"]


def test_only_leads_of_the_desk_and_moderators_keep_sources(server: HostileServer, lead: User) -> None:
    server.gives("/feed", rss(), headers=XML)
    feed = watched(server, lead)
    desk = factories.make_desk()
    for person in (
        factories.make_user(Role.EDITOR),
        factories.make_user(Role.LEAD, factories.make_desk("sports")),
    ):
        for attempt in (
            lambda by: try_feed("https://x.example/", by=by, desk=desk),
            lambda by: try_again(feed, by=by),
            lambda by: change_feed(feed, by=by, title="x", interval_minutes=5),
            lambda by: pause_feed(feed, by=by),
            lambda by: resume_feed(feed, by=by),
            lambda by: watch_feed(feed, by=by, title="x", interval_minutes=5),
            lambda by: drop_trial(feed, by=by),
        ):  # fmt: skip
            with pytest.raises(NotPermitted, match="Only leads"):
                attempt(person)
    pause_feed(feed, by=factories.make_user(Role.MODERATOR, factories.make_desk("other")))


def test_an_address_is_tried_once_and_watched_once(server: HostileServer, lead: User) -> None:
    desk = factories.make_desk()
    server.gives("/feed", rss(), headers=XML)
    first = try_feed(server.url("/feed"), by=lead, desk=desk)
    with pytest.raises(ActionRefused, match="Nothing has come"):
        watch_feed(first, by=lead, title="", interval_minutes=15)
    assert try_feed(server.url("/feed#x"), by=lead, desk=desk).pk == first.pk
    turn(first)
    watch_feed(first, by=lead, title="N", interval_minutes=15)
    with pytest.raises(ActionRefused, match="has this source already") as refused:
        try_feed(server.url("/feed"), by=lead, desk=desk)
    assert refused.value.field == "url"
    with pytest.raises(ActionRefused, match="begin with http"):
        try_feed("news.example", by=lead, desk=desk)


def test_an_article_that_changed_gets_a_version_and_boilerplate_does_not(
    server: HostileServer, lead: User
) -> None:
    link = server.gives("/a", story("Report", "It costs 4 million."), headers=HTML)
    server.gives("/feed", rss(link), headers=XML)
    feed = watched(server, lead)
    run_dry(feed)
    later(feed, hours=1.01)
    run_dry(feed)
    article = Article.objects.get()
    assert article.versions.count() == 1 and article.last_seen_at is not None
    server.gives("/a", story("Report", "It costs 5 million."), headers=HTML)
    later(feed, hours=6.01)
    run_dry(feed)
    assert article.versions.count() == 2
    assert "5 million" in article.versions.order_by("-number")[0].body
    assert Job.objects.filter(kind="claims.follow_version").count() == 1


def test_a_page_that_leads_elsewhere_later_changes_nothing(server: HostileServer, lead: User) -> None:
    """A story that was taken down often leads to the front page, which is no new version of it."""
    link = serve_stories(server, ["a"])[0]
    server.gives("/feed", rss(link), headers=XML)
    feed = watched(server, lead)
    run_dry(feed)
    server.redirects("/a", server.gives("/front", story("Front page"), headers=HTML))
    later(feed, hours=1.01)
    run_dry(feed)
    item = feed.items.get()
    assert (item.state, item.code) == (states.INGESTED, "leads_elsewhere")
    assert Article.objects.get().versions.count() == 1


def test_what_was_brought_in_by_hand_gets_its_version_from_the_feed(
    server: HostileServer, lead: User
) -> None:
    link = serve_stories(server, ["a"])[0]
    article = factories.make_article("It cost 2 million, Ann Lee said.", url=link, external_id=link)
    server.gives("/feed", rss(link), headers=XML)
    run_dry(watched(server, lead))
    assert Article.objects.get().pk == article.pk and article.versions.count() == 2


def test_a_feed_that_says_that_a_page_changed_has_it_looked_at_at_once(
    server: HostileServer, lead: User
) -> None:
    link = serve_stories(server, ["a"])[0]
    stated = "<updated>2026-11-2{}T10:00:00Z</updated>"
    server.gives("/feed", rss(link, extra=stated.format(6)), headers=XML)
    feed = watched(server, lead)
    run_dry(feed)
    asked = len(server.asked)
    server.gives("/feed", rss(link, extra=stated.format(7)), headers=XML)
    later(feed, minutes=16)
    run_dry(feed)
    assert [each.path for each in server.asked[asked:]] == ["/feed", "/a"]


def test_our_own_network_away_counts_against_no_source(server: HostileServer, lead: User) -> None:
    server.gives("/feed", rss(), headers=XML)
    feed, now = watched(server, lead), timezone.now()
    for code, failures in (("network_away", 0), ("unknown_host", 1), ("network_away", 1)):
        fail(feed, Obstructed(code, "Nothing came."), now)
        assert (feed.failures, feed.code) == (failures, code)
