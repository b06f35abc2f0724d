"""One lane for each foreign host: one request at a time, a least pause between two, and rest when it asks.

One job a host is open at any moment (the table of jobs holds that), and whoever asks moves ``free_at`` in the
same statement that finds the host free, before the request leaves: a worker that is killed in the middle of
one has still used up its turn. What is due stands on the feeds and items themselves, so that a wake-up which
is lost is made good by the beat.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import CharField, Exists, F, OuterRef, Q
from django.db.models.functions import Cast
from django.utils import timezone

from claimtracker import jobs
from claimtracker.jobs.models import Job
from claimtracker.kernel.commits import after_commit

from .. import states
from ..models import Feed, FeedItem, WebHost

VISIT = "claims.visit_host"
A_TURN = 500
LONGEST_WAIT = timedelta(hours=24)


def host_named(name: str) -> WebHost:
    return WebHost.objects.get_or_create(name=name)[0]


def hosts_named(names: Iterable[str]) -> dict[str, WebHost]:
    """The rows of these hosts, made where there are none; in an order that no two jobs can cross."""
    wanted = sorted(set(names))
    WebHost.objects.bulk_create([WebHost(name=name) for name in wanted], ignore_conflicts=True)
    return {host.name: host for host in WebHost.objects.filter(name__in=wanted)}


def take_turn(host: WebHost) -> Feed | FeedItem | None:
    """What may be asked of the host now: its longest due feed or item, with the turn used up. None while the
    host must be left alone, or when nothing is due. A transaction of its own, before the request."""
    with transaction.atomic():
        visited = first_due(host)
        if visited is None:
            return None
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE claims_webhost SET asked_at = clock_timestamp(), "
                "free_at = clock_timestamp() + make_interval(secs => %s) "
                "WHERE id = %s AND free_at <= clock_timestamp() RETURNING id",
                [settings.FEED_HOST_PAUSE_SECONDS, host.pk],
            )
            if cursor.fetchone() is None:
                return None
        visited.turns += 1
        visited.save(update_fields=["turns"])
        return visited


def first_due(host: WebHost) -> Feed | FeedItem | None:
    now = timezone.now()
    feed = host.feeds.due(now).select_related("desk", "host").order_by("next_visit_at", "id").first()
    item = (
        host.feeditems.due(now)
        .select_related("feed__desk", "feed__host", "host")
        .order_by("next_visit_at", "id")
        .first()
    )
    if feed is None or item is None:
        return feed or item
    return feed if (feed.next_visit_at, feed.pk) <= (item.next_visit_at, item.pk) else item


def end_turn(host: WebHost, *, rest: float | None, message: str) -> datetime:
    """From when on the host may be asked again. ``rest`` is None when it answered like a host that has time;
    else the seconds that it asked for, 0 for none. The pause is counted from the end of the answer too."""
    host = WebHost.objects.select_for_update(no_key=True).get(pk=host.pk)
    now = timezone.now()
    if rest is None:
        host.refusals, host.message = 0, ""
        wait = timedelta(seconds=settings.FEED_HOST_PAUSE_SECONDS)
    else:
        base = settings.FEED_HOST_REST_SECONDS * 2 ** min(host.refusals, 10)
        wait = min(timedelta(seconds=max(rest, base if rest == 0 else 0)), LONGEST_WAIT)
        wait = max(wait, timedelta(seconds=settings.FEED_HOST_PAUSE_SECONDS))
        host.refusals, host.message = host.refusals + 1, message[:500]
    host.free_at = max(host.free_at, now + wait)
    host.save(update_fields=["refusals", "message", "free_at"])
    return host.free_at


def ask_again(host: WebHost) -> None:
    """Enqueue the host's lane for when something is due and it may be asked. Inside its own job."""
    host.refresh_from_db(fields=["free_at"])
    due = [
        rows.order_by("next_visit_at").values_list("next_visit_at", flat=True).first()
        for rows in (
            host.feeds.filter(next_visit_at__isnull=False),
            host.feeditems.filter(next_visit_at__isnull=False, feed__state=states.WATCHED),
        )
    ]
    moments = [moment for moment in due if moment is not None]
    if moments:
        jobs.enqueue(VISIT, host.pk, due_at=max(min(moments), host.free_at))


def wake(host_ids: Iterable[int]) -> None:
    """After the commit, and not in it: two lanes whose feeds list pages of each other's host would wait for
    each other's job for ever. What a kill loses here the beat finds."""
    wanted = sorted(set(host_ids))
    if wanted:
        after_commit(wake_now, wanted)


def wake_now(host_ids: list[int]) -> None:
    jobs.enqueue_all((VISIT, pk) for pk in host_ids)


def wake_due_hosts() -> int:
    """Enqueue the lane of each host that is free, has something due, and has no open job; how many. For the
    beat; safe to repeat."""
    now = timezone.now()
    open_lane = Job.objects.open().filter(kind=VISIT, object_id=OuterRef("key"))
    hosts = (
        WebHost.objects.filter(free_at__lte=now)
        .annotate(key=Cast("pk", CharField()))
        .filter(
            Q(Exists(Feed.objects.due(now).filter(host=OuterRef("pk"))))
            | Q(Exists(FeedItem.objects.due(now).filter(host=OuterRef("pk")))),
            ~Exists(open_lane),
        )
        .order_by(F("free_at"))
    )
    ids = list(hosts.values_list("pk", flat=True)[:A_TURN])
    wake_now(ids)
    return len(ids)


def retry_wait(failures: int, *, most: timedelta = timedelta(hours=6)) -> timedelta:
    """The wait after the n-th failure in a row: doubling, with jitter so that a host's pages do not come back
    all at once."""
    wait = settings.FEED_RETRY_SECONDS * 2 ** min(failures - 1, 12)
    return min(timedelta(seconds=wait), most) * random.uniform(0.75, 1.25)  # noqa: S311 - jitter, not a secret
