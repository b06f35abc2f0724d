"""What makes losing a message, a worker or the whole broker harmless: look at the rows and send again."""

from __future__ import annotations

import redis
import structlog
from django.conf import settings
from django.db import connection, transaction

from .leases import LOCK_SPACE
from .queueing import send

log = structlog.get_logger(__name__)

BATCH = 500
GRACE_SECONDS = 3  # a fresh lease may not have its advisory lock yet
RESEND_SECONDS = 10  # first repeat of a message; doubles with every further one, up to 5 minutes


def sweep(*, resend_all: bool = False) -> dict[str, int]:
    """Free jobs whose worker died, then send messages for due rows that may have none.

    ``resend_all`` repeats every due message now (a worker that starts asks for it). Safe to run at any
    time and side by side. Returns {"freed": n, "sent": n}.
    """
    freed = free_lost_leases()
    sent = resend_due(everything=resend_all or broker_forgot())
    if freed or sent:
        log.info("jobs swept", freed=freed, sent=sent)
    return {"freed": freed, "sent": sent}


def free_lost_leases() -> int:
    """Running rows without a living holder go back to the queue, or become dead letters after the last attempt."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT id FROM jobs_job
             WHERE state = 'running'
               AND (lease_until < now()
                    OR (leased_at < now() - make_interval(secs => %s)
                        AND NOT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1
                                         AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
                                         AND ((classid::bigint << 32) | objid::bigint) = ((%s::bigint << 48) | jobs_job.id))))
             ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
            """,
            [GRACE_SECONDS, LOCK_SPACE, BATCH],
        )
        ids = [row[0] for row in cursor.fetchall()]
        if not ids:
            return 0
        cursor.execute(
            """
            UPDATE jobs_job
               SET state = CASE WHEN attempt >= %(limit)s THEN 'dead' ELSE 'queued' END,
                   finished_at = CASE WHEN attempt >= %(limit)s THEN now() END,
                   last_error = 'The worker stopped in the middle of attempt ' || attempt || '.',
                   fence = fence + 1, lease_until = NULL, sent_at = NULL, sends = 0
             WHERE id = ANY(%(ids)s)
            """,
            {"limit": settings.JOB_MAX_ATTEMPTS, "ids": ids},
        )
        return len(ids)


def resend_due(*, everything: bool = False) -> int:
    """Send the messages of due rows that were never sent, or so long ago that they may be lost."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE jobs_job SET sent_at = now(), sends = sends + 1
             WHERE id IN (
                SELECT id FROM jobs_job
                 WHERE state = 'queued' AND due_at <= now()
                   AND (%s OR sent_at IS NULL
                        OR sent_at < now() - make_interval(secs => LEAST(%s * power(2, LEAST(sends, 6)), 300)))
                 ORDER BY due_at LIMIT %s FOR UPDATE SKIP LOCKED)
            RETURNING id, kind
            """,
            [everything, RESEND_SECONDS, BATCH],
        )
        rows = cursor.fetchall()
    return sum(send(job_id, kind) for job_id, kind in rows)


def broker_forgot() -> bool:
    """True once after the broker lost its memory: the mark that we left in it is gone."""
    url = settings.CELERY_BROKER_URL
    if url.startswith("redis+socket://"):
        path, _, query = url.removeprefix("redis+socket://").partition("?")
        url = f"unix://{path}?db={query.removeprefix('virtual_host=') or 0}"
    prefix = settings.CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"]
    try:
        with redis.Redis.from_url(url, socket_timeout=2, socket_connect_timeout=2) as client:
            return bool(client.set(f"{prefix}remembers", "1", nx=True))
    except redis.RedisError:
        return False
