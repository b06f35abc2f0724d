"""Watch many feeds with faults, kill everything in the middle, and check that each good page came in once.

    python -m bench.feeds [--feeds 200] [--items 20] [--cited 60] [--seconds 900] [--kills 2] [--keep]

Sites on loopback addresses of their own, real workers and a beat on temporary data. Each feed is tried and
watched by the real actions; then its pages come in while workers and beat are killed with SIGKILL. Bars:
every good page is one article, no host is asked before its pause or rest is over or twice at once, every
fault is shown with its cause. Pages of the same hosts that are cited as evidence are looked at meanwhile, and
every one is kept. JSON on standard output; exit code 1 below a bar.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.chaos_run import site as parts
from bench.feeds_run.judging import judge
from bench.feeds_run.plan import PlannedFeed, good_texts, plan
from bench.feeds_run.sites import Sites

PAUSE = 0.5
FEW = 50  # so many feeds are done before any of them is asked again, a minute later
DOWN_SECONDS = 1.0  # that nothing runs after a kill
SETTINGS = {
    # of the workers: Django's checks import every page, a third of a start
    "CELERY_SKIP_CHECKS": "1",
    "FEED_HOST_PAUSE_SECONDS": str(PAUSE),
    "FEED_FETCH_SECONDS": "2",
    "FEED_RETRY_SECONDS": "1",
    "FEED_ITEM_TRIES": "3",
}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--feeds", type=int, default=200)
    parser.add_argument("--items", type=int, default=20)
    parser.add_argument("--cited", type=int, default=60, help="cited pages of the same hosts")
    parser.add_argument("--seconds", type=float, default=900, help="how long to wait for everything")
    parser.add_argument("--kills", type=int, default=2)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--keep", action="store_true", help="keep the folder with the logs")
    options = parser.parse_args(arguments)
    if min(options.feeds, options.items) < 1:
        parser.error("--feeds and --items: give numbers above 0")
    planned = plan(options.feeds, options.items)
    with Sites(planned) as sites:
        folder = parts.prepare(sites.pairs)
        os.environ |= SETTINGS
        try:
            parts.start_services()
            result = run(options, planned, sites, folder)
        finally:
            if options.keep:
                sys.stderr.write(f"logs and data are in {folder}\n")
            else:
                parts.remove(folder)
    print(json.dumps(result, indent=2))
    return 1 if result["violations"] else 0


def run(
    options: argparse.Namespace, planned: list[PlannedFeed], sites: Sites, folder: Path
) -> dict[str, Any]:
    """The whole drill in the services that the environment names, their tables empty; figures."""
    from claims.models import Article

    groups = [
        parts.Group(
            "asking",
            [*parts.WORKER, "-Q", "ingest,default", "-c", str(options.workers), "-n", "asking@feeds"],
            folder / "asking.log",
        ),
        parts.Group("beat", ["beat", "--pidfile="], folder / "beat.log"),
    ]
    began, wanted, kills = time.monotonic(), len(good_texts(planned)), 0
    deadline = began + options.seconds
    try:
        for group in groups:
            group.start()
        watch_all(planned, sites, deadline)
        watched = time.monotonic()
        cite(planned[: options.cited], sites)
        for number in range(options.kills):
            share = wanted * (number + 1) / (options.kills + 1)
            wait(lambda share=share: Article.objects.count() >= share, deadline)  # type: ignore[misc] - no lambda has types
            for group in groups:
                group.kill()
            kills += 1
            time.sleep(DOWN_SECONDS)
            for group in groups:
                group.start()
        is_quiet = wait(lambda: all_is_said(planned, sites), deadline)
        ended = time.monotonic()
    finally:
        for group in groups:
            group.kill()
    return {
        "feeds": options.feeds,
        "items_each": options.items,
        "kills": kills,
        "quiet": is_quiet,
        "seconds": {"to_watch": round(watched - began, 1), "to_the_end": round(ended - watched, 1)},
        **judge(planned, sites, pause=PAUSE),
    }


def watch_all(planned: list[PlannedFeed], sites: Sites, deadline: float) -> None:
    """Try each feed, wait for what the trial shows, and watch it."""
    from claims.actions.feeds import try_feed, watch_feed
    from claims.models import Feed
    from claimtracker.accounts.access import default_desk
    from claimtracker.accounts.models import User
    from claimtracker.web.demo.newsroom import set_up_newsroom

    set_up_newsroom()
    lead = User.objects.create_superuser(email="lead@feeds.example", password=None)
    for feed in planned:
        try_feed(sites.address(feed, feed.path), by=lead, desk=default_desk())
    if not wait(lambda: not Feed.objects.filter(kind="").exists(), deadline):
        raise RuntimeError("the trials do not end")
    for row in Feed.objects.all():
        watch_feed(row, by=lead, title=row.title, interval_minutes=1)


def cite(planned: list[PlannedFeed], sites: Sites) -> None:
    """Somebody cites a page of each host, and waits for its copy."""
    from claimtracker import jobs
    from reviews.models import Source

    for feed in planned:
        url = sites.address(feed, feed.cited_path)
        source = Source.objects.create(url=url, title=f"Accounts {feed.number}", publisher="Site")
        jobs.enqueue("reviews.look_at_source", source.pk)


def all_is_said(planned: list[PlannedFeed], sites: Sites) -> bool:
    """Nothing waits, every faulty feed has said why, and some feed was asked again and had nothing new."""
    from claims.models import Feed, FeedItem
    from reviews.models import Source

    failing = Feed.objects.filter(failures__gt=0).count()
    asked_again = any(asked.status == 304 for asked in sites.asked) or len(planned) < FEW
    listed = sum(len(feed.pages) + len(feed.also) for feed in planned if not feed.is_bad)
    return (
        failing >= sum(feed.is_bad for feed in planned)
        and asked_again
        and FeedItem.objects.count() >= listed
        and not FeedItem.objects.filter(state="waiting").exists()
        and not Source.objects.filter(last_snapshot=None).exists()
    )


def wait(condition: Callable[[], bool], deadline: float) -> bool:
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.2)
    return True


if __name__ == "__main__":
    sys.exit(main())
