"""One lane for each foreign host: one request at a time, a least pause between two, and rest when it asks.

One job a host is open at any moment (the table of jobs holds that), and whoever asks takes the host in the
same statement that finds it free, before the request leaves: a worker that is killed in the middle of one has
still used up its turn. What is due stands on the feeds and items themselves, so that a wake-up which is lost
is made good by the beat.

A single page that somebody waits for, such as one cited as evidence, is asked for by a job of its own:
``take_host`` before the request and ``let_go`` after it. Where the host is busy it gets the next turn.
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
LEAST_WAIT = 1.0
KEPT = timedelta(seconds=15)  # for who waits, beyond the moment at which the host is free
TAKE = (
    "UPDATE claims_webhost SET asked_at = clock_timestamp(), kept_until = NULL, "
    "free_at = clock_timestamp() + make_interval(secs => %(pause)s), "
    "asking_until = clock_timestamp() + make_interval(secs => %(lasts)s) "
    "WHERE id = %(host)s AND free_at <= clock_timestamp() "
    "AND (asking_until IS NULL OR asking_until <= clock_timestamp()) "
    "AND (%(is_awaited)s OR kept_until IS NULL OR kept_until <= clock_timestamp()) RETURNING asked_at"
)


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
        if visited is None or not _take(host, lasts=settings.FEED_FETCH_SECONDS, is_awaited=False):
            return None
        visited.turns += 1
        visited.save(update_fields=["turns"])
        return visited


def take_host(host: WebHost, *, lasts: float) -> datetime | None:
    """Take the host for one page that somebody waits for; the request takes ``lasts`` seconds at most. None
    when it may leave, else when to come back: the turn after the one that is under way, or after the host's
    rest, is kept meanwhile. Not inside a transaction that the request would outlast."""
    with transaction.atomic():
        if _take(host, lasts=lasts, is_awaited=True):
            return None
        row = WebHost.objects.select_for_update(no_key=True).get(pk=host.pk)
        now = timezone.now()
        is_asked = row.asking_until is not None and row.asking_until > now
        # nobody knows when a request that is under way ends, so it is looked after at the host's pace
        again = max(settings.FEED_HOST_PAUSE_SECONDS, LEAST_WAIT) if is_asked else 0
        come_back = max(row.free_at, now + timedelta(seconds=again))
        row.kept_until = come_back + KEPT
        row.save(update_fields=["kept_until"])
        return come_back


def let_go(host: WebHost, *, rest: float | None, message: str) -> WebHost:
    """After the answer: the host's pause begins, or the rest that it asked for; its lane goes on. Returns the
    host as it is now. In transactions of its own, so that it holds whatever becomes of the answer."""
    with transaction.atomic():
        host.free_at = end_turn(host, rest=rest, message=message)
    host.refresh_from_db()
    ask_again(host)
    return host


def _take(host: WebHost, *, lasts: float, is_awaited: bool) -> bool:
    with connection.cursor() as cursor:
        pause = settings.FEED_HOST_PAUSE_SECONDS
        cursor.execute(TAKE, {"host": host.pk, "pause": pause, "lasts": lasts, "is_awaited": is_awaited})
        row = cursor.fetchone()
    if row is not None:
        host.asked_at = row[0]
    return row is not None


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
    asked_at = host.asked_at
    host = WebHost.objects.select_for_update(no_key=True).get(pk=host.pk)
    now = timezone.now()
    if host.asked_at == asked_at:  # else ours took so long that somebody asks by now
        host.asking_until = None
    if rest is None:
        host.refusals, host.message = 0, ""
        wait = timedelta(seconds=settings.FEED_HOST_PAUSE_SECONDS)
    else:
        base = settings.FEED_HOST_REST_SECONDS * 2 ** min(host.refusals, 10)
        wait = min(timedelta(seconds=max(rest, base if rest == 0 else 0)), LONGEST_WAIT)
        wait = max(wait, timedelta(seconds=settings.FEED_HOST_PAUSE_SECONDS))
        host.refusals, host.message = host.refusals + 1, message[:500]
    host.free_at = max(host.free_at, now + wait)
    host.save(update_fields=["refusals", "message", "free_at", "asking_until"])
    return host.free_at


def ask_again(host: WebHost) -> None:
    """Enqueue the host's lane for when something is due and it may be asked. Inside its own job."""
    host.refresh_from_db(fields=["free_at", "asking_until", "kept_until"])
    due = [
        rows.order_by("next_visit_at").values_list("next_visit_at", flat=True).first()
        for rows in (
            host.feeds.filter(next_visit_at__isnull=False),
            host.feeditems.filter(next_visit_at__isnull=False, feed__state=states.WATCHED),
        )
    ]
    moments = [moment for moment in due if moment is not None]
    if moments:
        held = [moment for moment in (host.asking_until, host.kept_until) if moment is not None]
        jobs.enqueue(VISIT, host.pk, due_at=max(min(moments), host.free_at, *held))


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
        WebHost.objects.open_to_lanes(now)
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
