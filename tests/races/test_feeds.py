"""Lanes and people over the same rows: a host is asked once, the same words are one article."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection, transaction

from claims.actions.feed_visits import look, record
from claims.actions.feeds import end_watching, pause_feed
from claims.actions.host_lanes import take_host, take_turn
from claims.models import Article, Feed, FeedItem, WebHost
from tests import factories
from tests.support.feeds import HTML, XML, lead, rss, serve_stories, server, story, turn, watched
from tests.support.hostile_server import HostileServer
from tests.support.races import forced_interleaving

__all__ = ["lead", "server"]  # fixtures
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


def at_once(*calls: Any) -> list[Any]:
    """Each in a thread with a connection of its own; what they answered."""
    answers: list[Any] = [None] * len(calls)
    gate = threading.Barrier(len(calls))

    def one(number: int) -> None:
        gate.wait()
        try:
            answers[number] = calls[number]()
        except Exception as error:  # noqa: BLE001 - shown by the assertion on the answers
            answers[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=[number]) for number in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return answers


def test_of_many_who_would_ask_a_host_one_may(server: HostileServer, lead: Any, settings: Any) -> None:
    server.gives("/feed", rss(*serve_stories(server, ["a", "b"])), headers=XML)
    feed = watched(server, lead)
    turn(feed)
    settings.FEED_HOST_PAUSE_SECONDS = 60.0
    host = WebHost.objects.get()
    answers = at_once(*[lambda: take_turn(host)] * 4)
    assert sum(isinstance(answer, FeedItem) for answer in answers) == 1, answers
    assert answers.count(None) == 3, answers


def test_lanes_and_looks_at_cited_pages_share_one_turn(
    server: HostileServer, lead: Any, settings: Any
) -> None:
    server.gives("/feed", rss(*serve_stories(server, ["a", "b"])), headers=XML)
    turn(watched(server, lead))
    settings.FEED_HOST_PAUSE_SECONDS = 60.0
    host = WebHost.objects.get()
    looks = [lambda: take_host(WebHost.objects.get(), lasts=20)] * 2
    answers = at_once(
        lambda: take_turn(WebHost.objects.get()), lambda: take_turn(WebHost.objects.get()), *looks
    )
    by_lane = sum(isinstance(answer, FeedItem) for answer in answers[:2])
    by_look = answers[2:].count(None)
    assert by_lane + by_look == 1, answers
    host.refresh_from_db()
    assert host.kept_until is not None, "who waits has the next turn"


def test_the_same_words_at_the_same_moment_are_one_article(server: HostileServer, lead: Any) -> None:
    page = story("One story", "The bridge cost 12 million.")
    links = [server.gives(path, page, headers=HTML) for path in ("/first", "/second")]
    # two hosts, so that two lanes bring them in side by side
    other = WebHost.objects.create(name="other.example")
    for number, link in enumerate(links):
        server.gives(f"/feed{number}", rss(link), headers=XML)
        turn(watched(server, lead, f"/feed{number}"))
        if number == 0:
            FeedItem.objects.update(host=other)
    brought = [(WebHost.objects.get(pk=item.host_id), item, look(item)) for item in FeedItem.objects.all()]

    def bring_in(host: WebHost, item: FeedItem, seen: Any) -> None:
        with transaction.atomic():
            record(host, item, seen)

    answers = at_once(*[lambda each=each: bring_in(*each) for each in brought])
    assert answers == [None, None]
    assert Article.objects.count() == 1
    assert set(FeedItem.objects.values_list("state", flat=True)) == {"ingested"}


def test_a_source_that_is_paused_during_a_visit_stays_paused(server: HostileServer, lead: Any) -> None:
    server.gives("/feed", rss(*serve_stories(server, ["a"])), headers=XML)
    feed = watched(server, lead)
    host = WebHost.objects.get()
    visited = take_turn(host)
    assert isinstance(visited, Feed)
    seen = look(visited)

    def keep() -> None:
        with transaction.atomic():
            record(host, visited, seen)

    outcomes = forced_interleaving(keep, lambda: pause_feed(feed, by=lead), over=feed)
    assert all(outcome.won for outcome in outcomes), outcomes
    feed.refresh_from_db()
    assert (feed.state, feed.next_visit_at) == ("paused", None)
    assert factories.make_desk().feeds.count() == 1


def test_a_page_on_its_way_when_watching_ends_is_not_planned_again(server: HostileServer, lead: Any) -> None:
    """Either it came in first and is not looked at again, or it stays out; in both cases nothing is due."""
    server.gives("/feed", rss(*serve_stories(server, ["a"])), headers=XML)
    feed = watched(server, lead)
    turn(feed)
    host = WebHost.objects.get()
    visited = take_turn(host)
    assert isinstance(visited, FeedItem)
    seen = look(visited)

    def keep() -> None:
        with transaction.atomic():
            record(host, visited, seen)

    outcomes = forced_interleaving(keep, lambda: end_watching(feed, by=lead), over=visited)
    assert all(outcome.won for outcome in outcomes), outcomes
    item = FeedItem.objects.get()
    assert (item.state, item.code, Article.objects.count()) in {("ingested", "", 1), ("left_out", "ended", 0)}
    assert item.next_visit_at is None
