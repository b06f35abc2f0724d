"""Watching that ends for good: the articles stay, nothing is asked for, the address can be watched anew."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from claims import states
from claims.actions.feeds import (
    change_feed,
    drop_trial,
    end_watching,
    fetch_item,
    pause_feed,
    resume_feed,
    try_again,
    try_feed,
    watch_feed,
)
from claims.models import Article, Feed
from claimtracker.accounts.models import Role, User
from claimtracker.kernel.errors import ActionRefused, NotPermitted
from claimtracker.ledger.models import AuditEntry
from tests import factories
from tests.support.feeds import (
    XML,
    later,
    lead,
    rss,
    run_dry,
    serve_stories,
    server,
    states_of,
    turn,
    watched,
)
from tests.support.hostile_server import HostileServer

__all__ = ["lead", "server"]  # fixtures
pytestmark = pytest.mark.django_db


def test_ending_leaves_the_articles_and_asks_for_nothing_more(server: HostileServer, lead: User) -> None:
    server.gives("/feed", rss(*serve_stories(server, ["a", "b"])), headers=XML)
    feed = watched(server, lead)
    turn(feed)
    turn(feed)
    assert states_of(feed) == ["ingested", "waiting"]
    end_watching(feed, by=lead)
    assert (feed.items.filter(code="ended").count(), Article.objects.count()) == (1, 1)
    asked = len(server.asked)
    later(feed, days=8)
    assert run_dry(feed) == 0 and len(server.asked) == asked
    said = AuditEntry.objects.get(verb="feed.ended")
    assert said.details["left_out"] == 1
    feed.refresh_from_db()
    assert (feed.state, feed.ended_by) == (states.ENDED, lead) and feed.ended_at is not None


def test_a_source_that_has_ended_stays_so(server: HostileServer, lead: User) -> None:
    server.gives("/feed", rss(*serve_stories(server, ["a"])), headers=XML)
    feed = try_feed(server.url("/feed"), by=lead, desk=factories.make_desk())
    with pytest.raises(ActionRefused, match="Remove the trial"):
        end_watching(feed, by=lead)
    turn(feed)
    watch_feed(feed, by=lead, title="N", interval_minutes=15)
    turn(feed)
    with pytest.raises(NotPermitted, match="Only leads"):
        end_watching(feed, by=factories.make_user(Role.EDITOR))
    pause_feed(feed, by=lead)
    end_watching(feed, by=factories.make_user(Role.MODERATOR, factories.make_desk("other")))
    for attempt in (
        lambda: end_watching(feed, by=lead),
        lambda: resume_feed(feed, by=lead),
        lambda: pause_feed(feed, by=lead),
        lambda: try_again(feed, by=lead),
        lambda: change_feed(feed, by=lead, title="x", interval_minutes=5),
        lambda: watch_feed(feed, by=lead, title="x", interval_minutes=5),
        lambda: drop_trial(feed, by=lead),
        lambda: fetch_item(feed.items.get(), by=lead),
    ):  # fmt: skip
        with pytest.raises(ActionRefused, match="has ended"):
            attempt()


def test_an_address_that_has_ended_is_watched_anew_and_takes_its_articles_over(
    server: HostileServer, lead: User
) -> None:
    server.gives("/feed", rss(*serve_stories(server, ["a"])), headers=XML)
    first = watched(server, lead)
    run_dry(first)
    end_watching(first, by=lead)
    second = watched(server, lead)
    run_dry(second)
    assert second.pk != first.pk and Article.objects.count() == 1
    item = second.items.get()
    assert (item.state, item.code) == (states.INGESTED, "") and item.next_visit_at is not None


def test_the_database_refuses_a_visit_to_what_has_ended(server: HostileServer, lead: User) -> None:
    server.gives("/feed", rss(*serve_stories(server, ["a"])), headers=XML)
    feed = watched(server, lead)
    turn(feed)
    rows, now = Feed.objects.filter(pk=feed.pk), timezone.now()
    for changes, why in (
        ({"ended_at": now, "next_visit_at": None}, "are to be visited still"),
        ({"ended_at": None, "next_visit_at": None}, "."),
    ):
        with pytest.raises(IntegrityError, match=why), transaction.atomic():
            rows.update(state=states.ENDED, **changes)
    end_watching(feed, by=lead)
    for changes in ({"state": states.WAITING}, {"next_visit_at": now}):
        with pytest.raises(IntegrityError), transaction.atomic():
            feed.items.update(**changes)
    for row_changes in ({"next_visit_at": now}, {"state": states.WATCHED, "ended_at": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**row_changes)
