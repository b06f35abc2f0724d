"""What must be true when everything is quiet: in the database, and in what the sites saw."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import Any

from .plan import BAD_FEEDS, PlannedFeed, bad_pages, good_texts
from .sites import REST_SECONDS, Sites

TOLERANCE = 0.05  # seconds between the database's clock and the moment a connection is taken


def judge(planned: list[PlannedFeed], sites: Sites, *, pause: float) -> dict[str, Any]:
    """Figures, and ``violations`` in words."""
    result: dict[str, Any] = {"violations": []}
    for name, part in (
        ("articles", _articles(planned)),
        ("faults", _faults(planned, sites)),
        ("cited", _cited()),
        ("politeness", _politeness(sites, pause)),
    ):
        result["violations"] += part.pop("violations")
        result[name] = part
    return result


def _articles(planned: list[PlannedFeed]) -> dict[str, Any]:
    from claims.models import Article, FeedItem

    wanted = good_texts(planned)
    titles = Counter(Article.objects.filter(channel="feed").values_list("title", flat=True))
    violations = [f"lost: {text}" for text in sorted(wanted - titles.keys())[:20]]
    violations += [f"came in {n} times: {text}" for text, n in titles.items() if n > 1]
    violations += [f"never should have come in: {text}" for text in titles.keys() - wanted]
    waiting = FeedItem.objects.filter(state="waiting").count()
    if waiting:
        violations.append(f"{waiting} items still wait")
    return {
        "wanted": len(wanted),
        "once": sum(titles[text] == 1 for text in wanted),
        "more_than_once": sum(n > 1 for n in titles.values()),
        "items": FeedItem.objects.count(),
        "violations": violations,
    }


def _faults(planned: list[PlannedFeed], sites: Sites) -> dict[str, Any]:
    from claims.models import Feed, FeedItem

    shown: Counter[str] = Counter()
    violations = []
    feeds = {feed.url: feed for feed in Feed.objects.all()}
    for feed in planned:
        if feed.is_bad:
            row = feeds[sites.address(feed, feed.path)]
            is_shown = row.code == BAD_FEEDS[feed.does] and row.message and row.failed_at
            shown[f"feed {feed.does}"] += bool(is_shown)
            if not is_shown:
                violations.append(f"feed {feed.number} {feed.does}: says {row.code!r} {row.message!r}")
    items = {item.url: item for item in FeedItem.objects.filter(state="left_out")}
    for feed, page, code in bad_pages(planned):
        item = items.get(sites.address(feed, page.path))
        is_shown = item is not None and item.code == code and item.message
        shown[f"page {page.does}"] += bool(is_shown)
        if not is_shown:
            violations.append(f"page {page.path} {page.does}: {item and (item.code, item.message)}")
    bad = sum(feed.is_bad for feed in planned) + sum(1 for _ in bad_pages(planned))
    return {
        "made": bad,
        "shown": shown.total(),
        "by_kind": dict(sorted(shown.items())),
        "violations": violations,
    }


def _cited() -> dict[str, Any]:
    from reviews.models import Source

    lost = Source.objects.filter(last_snapshot=None).values_list("title", "condition_message")
    waits = sorted(
        (checked - made).total_seconds()
        for made, checked in Source.objects.exclude(checked_at=None).values_list("accessed_at", "checked_at")
    )
    return {
        "wanted": Source.objects.count(),
        "kept": Source.objects.exclude(last_snapshot=None).count(),
        "seconds_at_the_middle": round(waits[len(waits) // 2], 1) if waits else None,
        "seconds_at_most": round(waits[-1], 1) if waits else None,
        "violations": [f"not kept: {title} {message}" for title, message in lost],
    }


def _politeness(sites: Sites, pause: float) -> dict[str, Any]:
    by_host: dict[str, list[Any]] = {}
    for asked in sites.asked:
        by_host.setdefault(asked.host, []).append(asked)
    early = at_once = 0
    for requests in by_host.values():
        for one, other in pairwise(requests):
            early += other.began - one.began < pause - TOLERANCE
            at_once += other.began < one.ended - TOLERANCE
    in_rest = sum(
        0 < asked.began - ended < REST_SECONDS - TOLERANCE
        for host, ended in sites.rests
        for asked in by_host[host]
    )
    counts = {"asked_too_early": early, "asked_at_once": at_once, "asked_while_resting": in_rest}
    return {
        "hosts": len(by_host),
        "requests": len(sites.asked),
        "not_modified": sum(asked.status == 304 for asked in sites.asked),
        "rests_asked_for": len(sites.rests),
        **counts,
        "violations": [f"{n} times {name.replace('_', ' ')}" for name, n in counts.items() if n],
    }
