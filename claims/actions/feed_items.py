"""The pages that feeds list: brought in as articles, and looked at again for a while."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from claimtracker.kernel.errors import ActionRefused

from .. import states
from ..models import Article, Channel, Feed, FeedItem
from ..sources import ParsedArticle
from ..sources.feeds import Kind
from ..sources.visits import Moved, Obstructed, Outcome
from .feed_marks import fail, hop, succeed
from .host_lanes import retry_wait
from .ingest import ingest_article
from .versions import record_version

CONTENT_LOCKS = 0x6665  # a space of advisory locks of its own


def record_page(
    item: FeedItem, outcome: Outcome, parsed: ParsedArticle | None, *, again_at: datetime | None
) -> FeedItem:
    """Keep what came of a visit: an article, a newer version of one, or the sentence that says why not.
    Locks the item. ``again_at`` is when a host that asked to be left alone may be asked again."""
    if item.feed.kind == Kind.PAGE:  # its health is written too, and whoever pauses it holds the feed first
        Feed.objects.select_for_update(no_key=True).get(pk=item.feed_id)
    rows = FeedItem.objects.select_for_update(of=("self",), no_key=True)
    item = rows.select_related("feed__desk", "article").get(pk=item.pk)
    now = timezone.now()
    # asked anew: the row read beside the item may be older than the item's lock
    has_ended = Feed.objects.filter(pk=item.feed_id, state=states.ENDED).exists()
    if item.state == states.LEFT_OUT or has_ended:
        return item
    if isinstance(outcome, Moved):
        stopped = hop(item, outcome.url, now)
        if stopped is not None:
            _failed(item, stopped, now, again_at=None)
    elif isinstance(outcome, Obstructed):
        _failed(item, outcome, now, again_at=again_at)
    else:
        _came(item, outcome, parsed, now)
    item.save()
    if item.feed.kind == Kind.PAGE:
        _tell_feed(item)
    return item


def _came(item: FeedItem, outcome: Outcome, parsed: ParsedArticle | None, now: datetime) -> None:
    is_first = item.state == states.WAITING
    try:
        if parsed is not None:
            _keep(item, parsed)
    except ActionRefused as refusal:
        _failed(item, Obstructed(refusal.code, refusal.reason, lasts=True), now, again_at=None)
        return
    succeed(item, outcome, now)
    if item.state == states.WAITING:  # "not modified" for a page that never came: ask for all of it
        item.etag = item.last_modified = ""
        item.next_visit_at = now + retry_wait(1)
        return
    item.revisits += not is_first
    _plan_revisit(item, now)


def _keep(item: FeedItem, parsed: ParsedArticle) -> None:
    """The article, or what it says now. Raises ActionRefused."""
    parsed = replace(parsed, url=parsed.url or item.url)
    if item.state == states.WAITING:
        item.article, item.state = _article(item.feed, parsed, item.url), states.INGESTED
        item.title = item.title or parsed.title[:300]
        item.published_at = item.published_at or parsed.published_at
        return
    article = item.article
    assert article is not None, "the database lets no item be ingested without its article"  # noqa: S101 - invariant
    now_at = external_id_of(parsed, item.url)
    if article.external_id and now_at not in {article.external_id, item.url}:
        raise ActionRefused(
            _("The address leads to another page now (%(now_at)s), so the article stays as it was.")
            % {"now_at": now_at[:200]},
            code="leads_elsewhere",
        )
    record_version(article, parsed, by="system", origin_note="looked at again")


def _article(feed: Feed, parsed: ParsedArticle, url: str) -> Article:
    """The desk's article of this page, which says otherwise by a version of its own, or of these very words
    under another address; else a new one."""
    origin = f"desk:{feed.desk.slug}"
    sha256 = hashlib.sha256(parsed.body.encode()).hexdigest()
    with connection.cursor() as cursor:  # two addresses with the same words, at the same moment
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [CONTENT_LOCKS, origin + sha256])
    external_id = external_id_of(parsed, url)
    if not Article.objects.filter(origin=origin, external_id=external_id).exists():
        same = Article.objects.filter(origin=origin, content_sha256=sha256).order_by("pk").first()
        if same is not None:
            return same
    return ingest_article(
        parsed, origin=origin, channel=Channel.FEED, external_id=external_id, by="system", desk=feed.desk
    ).article


def external_id_of(parsed: ParsedArticle, url: str) -> str:
    return (parsed.canonical_url or parsed.url or url)[:500]


def _plan_revisit(item: FeedItem, now: datetime) -> None:
    """Single pages are looked at for ever, what feeds list for a while; a copy under another address not."""
    hours = settings.FEED_REVISIT_HOURS
    article = item.article
    is_copy = article is not None and article.url not in {"", item.url} and article.external_id != item.url
    if item.feed.kind == Kind.PAGE:
        item.next_visit_at = now + timedelta(minutes=item.feed.interval_minutes)
    elif is_copy or item.revisits >= len(hours):
        item.next_visit_at = None
    else:
        item.next_visit_at = now + timedelta(hours=hours[item.revisits])


def _failed(item: FeedItem, obstacle: Obstructed, now: datetime, *, again_at: datetime | None) -> None:
    fail(item, obstacle, now, counts=again_at is None)
    if item.feed.kind == Kind.PAGE:
        wait = timedelta(minutes=item.feed.interval_minutes) * 2 ** min(max(item.failures - 1, 0), 8)
        item.next_visit_at = again_at or now + min(wait, timedelta(hours=24))
    elif item.state == states.INGESTED:
        item.revisits += again_at is None
        _plan_revisit(item, now)
    elif obstacle.lasts:
        _leave_out(item, item.message)
    elif item.failures >= settings.FEED_ITEM_TRIES:
        _leave_out(
            item,
            ngettext(
                "Given up after %(failures)d try. %(message)s",
                "Given up after %(failures)d tries. %(message)s",
                item.failures,
            )
            % {"failures": item.failures, "message": item.message},
        )
    elif now - item.created_at > timedelta(days=settings.FEED_OLDEST_DAYS):
        _leave_out(
            item,
            _("Given up after %(feed_oldest_days)s days. %(message)s")
            % {"feed_oldest_days": settings.FEED_OLDEST_DAYS, "message": item.message},
        )
    else:
        item.next_visit_at = again_at or now + retry_wait(item.failures)


def _leave_out(item: FeedItem, message: str) -> None:
    item.state, item.message, item.next_visit_at = states.LEFT_OUT, message[:1000], None


def _tell_feed(item: FeedItem) -> None:
    """The health of a single page is that of its one item."""
    Feed.objects.filter(pk=item.feed_id).update(
        visited_at=item.visited_at,
        succeeded_at=item.succeeded_at,
        failed_at=item.failed_at,
        failures=item.failures,
        code=item.code,
        message=item.message,
    )
