"""What a feed lists becomes items, each address once."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from .. import states
from ..models import Feed, FeedItem
from ..sources import ParsedArticle
from ..sources.feeds import Entry, Kind, Listing
from ..sources.visits import host_of
from .host_lanes import hosts_named, wake

SAMPLED = 20


def address_digest(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()


def take_entries(feed: Feed, entries: Sequence[Entry], now: datetime) -> None:
    """Make an item of each entry that the feed has not listed before. Those that it says have
    changed since are due at once. Inside the feed's visit, which holds its row."""
    by_digest = {address_digest(entry.url): entry for entry in entries}
    known = {item.url_digest: item for item in feed.items.filter(url_digest__in=by_digest)}
    _revisit_changed(known, by_digest, now)
    # the last of a feed is its oldest: it gets the lowest number
    fresh = [(digest, entry) for digest, entry in by_digest.items() if digest not in known][::-1]
    if not fresh:
        return
    hosts = hosts_named(host_of(entry.url) for _digest, entry in fresh)
    here = _brought_in_elsewhere(feed, [digest for digest, _entry in fresh])
    rows = []
    for digest, entry in fresh:
        row = FeedItem(
            feed=feed,
            host=hosts[host_of(entry.url)],
            url=entry.url,
            url_digest=digest,
            title=entry.title[:300],
            published_at=entry.published_at,
            stated_at=entry.updated_at,
        )
        _place(row, here.get(digest), now)
        rows.append(row)
    FeedItem.objects.bulk_create(rows, ignore_conflicts=True)
    wake({row.host_id for row in rows if row.next_visit_at})


def _place(row: FeedItem, article_id: int | None, now: datetime) -> None:
    oldest = now - timedelta(days=settings.FEED_OLDEST_DAYS)
    if article_id is not None:
        row.state, row.article_id, row.code = states.INGESTED, article_id, "elsewhere"
        row.message = _("Another source of the desk brought it in.")
    elif row.published_at is not None and row.published_at < oldest:
        row.state, row.code = states.LEFT_OUT, "old"
        row.message = _("It is older than %(feed_oldest_days)s days by its own date.") % {
            "feed_oldest_days": settings.FEED_OLDEST_DAYS
        }
    else:
        row.state, row.next_visit_at = states.WAITING, now


def _brought_in_elsewhere(feed: Feed, digests: Sequence[str]) -> dict[str, int]:
    """What other feeds of the same desk brought in, by address: the article's key. Those of a feed that has
    ended are looked at by nobody any more, so this one takes them over."""
    items = FeedItem.objects.filter(
        url_digest__in=digests, feed__desk=feed.desk_id, state=states.INGESTED
    ).exclude(feed=feed)
    items = items.exclude(feed__state=states.ENDED)
    return {digest: article for digest, article in items.values_list("url_digest", "article_id") if article}


def _revisit_changed(known: dict[str, FeedItem], entries: dict[str, Entry], now: datetime) -> None:
    for digest, item in known.items():
        stated = entries[digest].updated_at
        if stated is None or (item.stated_at is not None and stated <= item.stated_at):
            continue
        is_news = item.state == states.INGESTED and item.code != "elsewhere" and item.stated_at is not None
        fields = {"stated_at": stated, **({"next_visit_at": now} if is_news else {})}
        FeedItem.objects.filter(pk=item.pk).update(**fields)
        if is_news:
            wake([item.host_id])


def sample_of(listing: Listing, article: ParsedArticle | None) -> dict[str, Any]:
    """What a trial shows: as it would come in, and nothing else of the answer."""
    return {
        "kind": str(listing.kind),
        "title": listing.title,
        "note": listing.note,
        "elsewhere": list(listing.elsewhere),
        "total": len(listing.entries),
        "entries": [
            {
                "url": entry.url,
                "title": entry.title,
                "published_at": entry.published_at.isoformat() if entry.published_at else "",
            }
            for entry in listing.entries[:SAMPLED]
        ],
        "page": {"title": article.title, "characters": len(article.body)}
        if article is not None and listing.kind == Kind.PAGE
        else None,
    }
