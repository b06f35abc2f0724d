"""What makes losing a message, a worker or the whole broker harmless: look at the rows and send again."""

from __future__ import annotations

import json

import redis
import structlog
from django.conf import settings
from django.db import connection, transaction

from claimtracker.kernel import valkey

from .leases import LOCK_SPACE
from .models import Job
from .queueing import publish_all

log = structlog.get_logger(__name__)

BATCH = 500
BATCHES = 20  # in one sweep, after the broker lost everything
GRACE_SECONDS = 1
RESTART_SECONDS = 5  # after its start the database knows no locks until living workers take theirs again
RESEND_SECONDS = 10  # first repeat of a message; doubles with every further one, up to 5 minutes

FREE_LOST_LEASES = """
    WITH lost AS (
        SELECT id, most, leased_at < now() - make_interval(secs => most) AS overran
          FROM jobs_job, COALESCE((%(limits)s::jsonb ->> kind)::int, %(limit)s) AS most
         WHERE state = 'running'
           AND (lease_until < now()
                OR (leased_at < now() - make_interval(secs => %(grace)s)
                    AND pg_postmaster_start_time() < now() - make_interval(secs => %(restart)s)
                    AND id <> ALL (ARRAY(
                        SELECT ((classid::bigint << 32) | objid::bigint) - (%(space)s::bigint << 48)
                          FROM pg_locks
                         WHERE locktype = 'advisory' AND objsubid = 1
                           AND database = (SELECT oid FROM pg_database WHERE datname = current_database())))))
         ORDER BY id LIMIT %(batch)s FOR UPDATE OF jobs_job SKIP LOCKED)
    UPDATE jobs_job
       SET state = CASE WHEN attempt < %(attempts)s OR rerun THEN 'queued' ELSE 'dead' END,
           finished_at = CASE WHEN attempt < %(attempts)s OR rerun THEN NULL ELSE now() END,
           attempt = CASE WHEN attempt >= %(attempts)s AND rerun THEN 0 ELSE attempt END,
           due_at = CASE WHEN attempt < 2 OR attempt >= %(attempts)s THEN due_at
                         ELSE now() + make_interval(secs => power(2, attempt - 1) * (0.5 + random() / 2)) END,
           cause = CASE WHEN lost.overran THEN 'time_limit' ELSE 'worker_lost' END,
           last_error = CASE WHEN lost.overran THEN 'Attempt ' || attempt || ' was ended after '
                                  || lost.most || ' s, the most that a job of this kind may take.'
                             ELSE 'The worker stopped in the middle of attempt ' || attempt || '.' END,
           fence = fence + 1, lease_until = NULL, sent_at = NULL, sends = 0
      FROM lost WHERE jobs_job.id = lost.id
"""

RESEND_DUE = """
    WITH unsent AS (
        SELECT id FROM jobs_job
         WHERE state = 'queued' AND due_at <= now()
           AND (%(everything)s OR sent_at IS NULL
                OR sent_at < now() - make_interval(secs => LEAST(%(pause)s * power(2, LEAST(sends, 6)), 300)))
         ORDER BY due_at LIMIT %(batch)s FOR UPDATE SKIP LOCKED)
    UPDATE jobs_job
       SET sends = CASE WHEN sent_at IS NULL THEN sends ELSE sends + 1 END, sent_at = now()
      FROM unsent WHERE jobs_job.id = unsent.id
    RETURNING jobs_job.id, kind
"""


def sweep(*, resend_all: bool = False) -> dict[str, int]:
    """Free jobs whose worker died, then send messages for due rows that may have none.

    ``resend_all`` repeats the oldest due messages now: a worker that starts asks for it, since one that was
    killed took the messages it had fetched with it. Safe to run at any time and side by side.
    Returns {"freed": n, "sent": n}.
    """
    freed = free_lost_leases()
    sent = resend_after_loss() if broker_forgot() else resend_due(everything=resend_all)
    if freed or sent:
        log.info("jobs swept", freed=freed, sent=sent)
    return {"freed": freed, "sent": sent}


def free_lost_leases() -> int:
    """Running rows without a living holder go back to the queue, or after the last attempt to the dead.

    The first loss is made up for at once; from the second on a row waits, longer each time.
    """
    with connection.cursor() as cursor:
        cursor.execute(FREE_LOST_LEASES, parameters_of_freeing())
        return int(cursor.rowcount)


def parameters_of_freeing() -> dict[str, int | str]:
    return {
        "grace": GRACE_SECONDS,
        "restart": RESTART_SECONDS,
        "space": LOCK_SPACE,
        "batch": BATCH,
        "attempts": settings.JOB_MAX_ATTEMPTS,
        "limits": json.dumps({kind: hard for kind, (_soft, hard) in settings.JOB_LIMITS.items()}),
        "limit": settings.JOB_LIMIT[1],
    }


def resend_due(*, everything: bool = False) -> int:
    """Send the messages of due rows that were never sent, or so long ago that they may be lost.

    Takes at most one batch and stops at the first that the broker does not take. Returns how many it took.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(RESEND_DUE, {"everything": everything, "pause": RESEND_SECONDS, "batch": BATCH})
        rows = cursor.fetchall()
    done = publish_all(rows)
    if done < len(rows):
        Job.objects.filter(pk__in=[job_id for job_id, _kind in rows[done:]]).update(sent_at=None)
    return done


def broker_forgot() -> bool:
    """True while the mark that we leave in the broker is not there: it lost its memory, or never met us."""
    try:
        with _broker() as client:
            return not client.exists(_mark())
    except redis.RedisError:
        return False


def resend_after_loss() -> int:
    """No message sent so far exists any more: send them all, and then leave the mark."""
    Job.objects.due().filter(sent_at__isnull=False).update(sent_at=None, sends=0)
    sent = 0
    for _ in range(BATCHES):
        batch = resend_due()
        sent += batch
        if batch < BATCH:
            break
    try:
        with _broker() as client:
            client.set(_mark(), "1")
    except redis.RedisError as error:
        log.warning("broker left again during the sweep", error=str(error))
    return sent


def _broker() -> redis.Redis:
    return valkey.connect(timeout=2)


def _mark() -> str:
    return valkey.key("remembers")
