"""A site with feeds on the loopback address, and its lanes run in the test's own process."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any
from xml.sax.saxutils import escape

import pytest
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from claims.actions.feed_visits import look, record
from claims.actions.feeds import try_feed, watch_feed
from claims.actions.host_lanes import VISIT, take_turn
from claims.models import Feed, WebHost
from claimtracker.accounts.models import Role, User
from claimtracker.jobs.models import Job
from claimtracker.kernel.outbound_address import ALLOW_VARIABLE
from tests import factories
from tests.support.hostile_server import HostileServer, hostile_server

XML = ("Content-Type: application/rss+xml; charset=utf-8",)
HTML = ("Content-Type: text/html; charset=utf-8",)


def story(title: str, *paragraphs: str, head: str = "") -> bytes:
    filler = "".join(
        f"<p>Paragraph {n} of {escape(title)} says what the council spent on item {n} in that year.</p>"
        for n in range(8)
    )
    body = "".join(f"<p>{escape(each)}</p>" for each in paragraphs)
    return (
        f"<!doctype html><html><head><title>{escape(title)}</title>{head}</head><body><article>"
        f"<h1>{escape(title)}</h1>{body}{filler}</article></body></html>"
    ).encode()


def rss(*links: str, title: str = "Aldermere News", extra: str = "") -> bytes:
    items = "".join(
        f"<item><title>Story {n}</title><link>{escape(link)}</link>{extra}</item>"
        for n, link in enumerate(links)
    )
    return f"<rss version='2.0'><channel><title>{title}</title>{items}</channel></rss>".encode()


def serve_stories(server: HostileServer, names: Sequence[str]) -> list[str]:
    return [
        server.gives(f"/{name}", story(f"Report {name}", f"It costs {len(name)} million."), headers=HTML)
        for name in names
    ]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[HostileServer]:
    """A server that may be asked without a pause, so that tests need not wait."""
    settings.FEED_HOST_PAUSE_SECONDS = 0.0
    settings.FEED_RETRY_SECONDS = 0.0
    with hostile_server() as running:
        monkeypatch.setenv(ALLOW_VARIABLE, running.pair)
        yield running


@pytest.fixture
def lead(db: None) -> User:
    return factories.make_user(Role.LEAD)


def watched(server: HostileServer, lead: User, path: str = "/feed", **options: Any) -> Feed:
    """A feed that was tried and is watched; its entries have not come in yet."""
    feed = try_feed(server.url(path), by=lead, desk=factories.make_desk())
    turn(feed)
    feed.refresh_from_db()
    return watch_feed(feed, by=lead, title=options.pop("title", feed.title), interval_minutes=15)


def turn(feed: Feed) -> bool:
    """One turn of the lane of the feed's host, as its job takes it; False when there was none."""
    host = WebHost.objects.get(pk=feed.host_id)
    visited = take_turn(host)
    Job.objects.filter(kind=VISIT, object_id=str(host.pk)).delete()  # it would be running now, and ends
    seen = look(visited) if visited is not None else None
    with transaction.atomic():
        record(host, visited, seen)
    return visited is not None


def run_dry(feed: Feed, *, most: int = 60) -> int:
    """Turns until nothing of the host is due; how many."""
    for count in range(most):
        if not turn(feed):
            return count
    raise AssertionError(f"the lane still has work after {most} turns")


def later(feed: Feed, **delta: float) -> None:
    """Let time pass: everything that is planned is so much nearer."""
    by = timedelta(**delta)
    Feed.objects.filter(next_visit_at__isnull=False).update(next_visit_at=F("next_visit_at") - by)
    feed.items.filter(next_visit_at__isnull=False).update(next_visit_at=F("next_visit_at") - by)
    free_hosts()


def free_hosts() -> None:
    """As if every pause, rest and request were over."""
    WebHost.objects.update(asked_at=None, asking_until=None, kept_until=None)
    WebHost.objects.update(free_at=timezone.now())


def states_of(feed: Feed) -> list[str]:
    return sorted(feed.items.values_list("state", flat=True))
