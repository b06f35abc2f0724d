"""What a host's lane does with its turn: ask for one feed or page, and keep what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from claimtracker.intake.blocking import without_blocked_hosts

from .. import states
from ..models import Feed, FeedItem, WebHost
from ..sources import ParsedArticle, UnreadableArticle, read_response
from ..sources.feeds import MOST_FEED_BYTES, Kind, Listing, UnreadableFeed, read_listing
from ..sources.visits import Came, Moved, Obstructed, Outcome, visit
from .feed_entries import sample_of, take_entries
from .feed_items import record_page
from .feed_marks import digest_of, fail, hop, succeed
from .host_lanes import ask_again, end_turn

log = structlog.get_logger(__name__)

LONGEST_PAUSE = timedelta(hours=24)
MOST_TURNS = 5  # that began and never ended


@dataclass(frozen=True, slots=True)
class Seen:
    """One answer, read: ``listing`` of a feed, ``article`` of a page. An answer that could not be read is an
    obstacle like one that did not come."""

    outcome: Outcome
    listing: Listing | None = None
    article: ParsedArticle | None = None


def look(visited: Feed | FeedItem) -> Seen:
    """Ask, and read what came. Slow, and outside of any transaction. What an answer trips in our own reading
    is an obstacle of that answer: it must not keep the rest of its host waiting."""
    if visited.turns > MOST_TURNS:
        return Seen(
            Obstructed(
                "worker_lost",
                _("Reading it ended its worker %(most_turns)s times.") % {"most_turns": MOST_TURNS},
                lasts=True,
            )
        )
    try:
        return _look(visited)
    except Exception as error:
        log.exception("visit failed", url=visited.next_url)
        return Seen(
            Obstructed(
                "fault",
                _("It could not be read, by a fault of ours (%(name)s).") % {"name": type(error).__name__},
            )
        )


def _look(visited: Feed | FeedItem) -> Seen:
    outcome = visit(
        visited.next_url,
        etag=visited.etag,
        last_modified=visited.last_modified,
        max_bytes=MOST_FEED_BYTES,
        timeout=settings.FEED_FETCH_SECONDS,
        allow=without_blocked_hosts(),
    )
    if not isinstance(outcome, Came):
        return Seen(outcome)
    if isinstance(visited, FeedItem):
        return _page_seen(outcome)
    if visited.digest and visited.digest == digest_of(outcome):
        return Seen(outcome)
    try:
        listing = read_listing(outcome.response)
    except UnreadableFeed as why:
        return Seen(Obstructed(why.code, why.message))
    if listing.kind != Kind.PAGE or visited.kind not in {"", Kind.PAGE}:
        return Seen(outcome, listing)
    page = _page_seen(outcome)
    return page if listing.elsewhere == () and page.article is None else Seen(outcome, listing, page.article)


def _page_seen(came: Came) -> Seen:
    try:
        return Seen(came, article=read_response(came.response))
    except UnreadableArticle as why:
        # a page that is empty or shows an error may be well next time
        return Seen(Obstructed(why.code, why.message, lasts=why.code not in {"empty", "error_page"}))


def record(host: WebHost, visited: Feed | FeedItem | None, seen: Seen | None) -> None:
    """Keep what came of a turn and enqueue the host's next. Inside the lane's own job; locks the host, then
    the feed or item. Without a visit it only enqueues."""
    if visited is not None and seen is not None:
        obstacle = seen.outcome if isinstance(seen.outcome, Obstructed) else None
        rest = obstacle.rest if obstacle else None
        free_at = end_turn(host, rest=rest, message=obstacle.message if obstacle else "")
        again = free_at if rest is not None else None
        if isinstance(visited, FeedItem):
            record_page(visited, seen.outcome, seen.article, again_at=again)
        else:
            _record_feed(visited, seen, again_at=again)
    ask_again(host)


def _record_feed(feed: Feed, seen: Seen, *, again_at: datetime | None) -> None:
    row = Feed.objects.select_for_update(of=("self",), no_key=True).select_related("desk").get(pk=feed.pk)
    if row.state in {states.PAUSED, states.ENDED}:
        return  # meanwhile
    feed, outcome, now = row, seen.outcome, timezone.now()
    if isinstance(outcome, Moved):
        stopped = hop(feed, outcome.url, now)
        if stopped is not None:
            _feed_failed(feed, stopped, now, again_at=None)
    elif isinstance(outcome, Obstructed):
        _feed_failed(feed, outcome, now, again_at=again_at)
    elif seen.listing is not None and feed.state == states.WATCHED and seen.listing.kind != feed.kind:
        _feed_failed(feed, _changed_kind(feed, seen.listing), now, again_at=None)
    else:
        _feed_came(feed, seen, now)
    feed.save()


def _feed_came(feed: Feed, seen: Seen, now: datetime) -> None:
    succeed(feed, seen.outcome, now)
    feed.next_visit_at = now + _jittered(timedelta(minutes=feed.interval_minutes), feed.pk + now.second)
    if isinstance(seen.outcome, Came):
        feed.digest = digest_of(seen.outcome)
    if seen.listing is None:
        return
    feed.note = seen.listing.note[:1000]
    feed.title = feed.title or seen.listing.title
    if feed.state == states.ON_TRIAL:
        feed.kind, feed.next_visit_at, feed.digest = seen.listing.kind, None, ""
        feed.sample = sample_of(seen.listing, seen.article)
    else:
        take_entries(feed, seen.listing.entries, now)


def _feed_failed(feed: Feed, obstacle: Obstructed, now: datetime, *, again_at: datetime | None) -> None:
    fail(feed, obstacle, now, counts=again_at is None)
    if feed.state == states.ON_TRIAL:
        feed.next_visit_at = None
        feed.sample = {}
        return
    interval = timedelta(minutes=feed.interval_minutes)
    wait = min(interval * 2 ** min(feed.failures - 1, 12), LONGEST_PAUSE) if feed.failures else interval
    feed.next_visit_at = again_at or now + _jittered(wait, feed.pk + now.second)


def _changed_kind(feed: Feed, listing: Listing) -> Obstructed:
    what = "a web page" if listing.kind == Kind.PAGE else f"a {listing.kind}"
    title = f" (“{listing.title[:80]}”)" if listing.title else ""
    return Obstructed(
        "other_kind",
        _("The address answers with %(what)s%(title)s instead of the %(kind)s.")
        % {"what": what, "title": title, "kind": feed.get_kind_display()},
    )


def _jittered(wait: timedelta, seed: int) -> timedelta:
    """Feeds that were added together must not stay together for ever."""
    return wait * (0.95 + (seed * 37 % 100) / 1000)
