"""Asking for work. The rows are written in the caller's transaction; their messages follow the commit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from datetime import datetime
from typing import Any

import structlog
from celery import current_app
from django.db import connection, transaction
from django.utils import timezone

from claimtracker.kernel.commits import after_commit

from .models import Job
from .registry import queue_of

log = structlog.get_logger(__name__)

MARGIN_SECONDS = 0.05  # a message that comes a moment before its job is due is lost on it


def enqueue(kind: str, object_id: int | str, *, due_at: datetime | None = None) -> None:
    """Make sure that ``kind`` will run for ``object_id``, once, at or after ``due_at`` (now when None).

    While such a job is queued it can only become due earlier; while it runs, it will run once more after.
    Locks the job's own row, nothing else. Raises ValueError for an unknown kind.
    """
    enqueue_all([(kind, object_id)], due_at=due_at)


def enqueue_all(wanted: Iterable[tuple[str, int | str]], *, due_at: datetime | None = None) -> None:
    """``enqueue`` for many (kind, object_id) in one statement. Locks their rows in the order of both."""
    pairs = sorted({(kind, str(object_id)) for kind, object_id in wanted})
    for kind in {kind for kind, _object_id in pairs}:
        queue_of(kind)
    if not pairs:
        return
    # without a savepoint of its own: what fails here undoes the caller's work as well
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO jobs_job
                (kind, object_id, state, due_at, sent_at,
                 attempt, fence, rerun, sends, cause, last_error, created_at)
            SELECT kind, object_id, 'queued', at, CASE WHEN at <= now() THEN clock_timestamp() END,
                   0, 0, false, 0, '', '', now()
              FROM unnest(%s::text[], %s::text[]) AS wanted (kind, object_id), COALESCE(%s, now()) AS at
            ON CONFLICT (kind, object_id) WHERE state IN ('queued', 'running')
            DO UPDATE SET rerun = (jobs_job.state = 'running'),
                          due_at = CASE WHEN jobs_job.state = 'running' AND NOT jobs_job.rerun
                                        THEN EXCLUDED.due_at
                                        ELSE LEAST(jobs_job.due_at, EXCLUDED.due_at) END,
                          sent_at = CASE WHEN jobs_job.state = 'queued'
                                          AND LEAST(jobs_job.due_at, EXCLUDED.due_at) <= now()
                                         THEN clock_timestamp() ELSE jobs_job.sent_at END
            RETURNING id, kind, state = 'queued' AND due_at <= now()
            """,
            [[kind for kind, _object_id in pairs], [object_id for _kind, object_id in pairs], due_at],
        )
        due = [(job_id, kind) for job_id, kind, is_due in cursor.fetchall() if is_due]
    if due:
        # they are written as sent: a second commit for each would say no more. Whoever dies in between leaves
        # them to the sweep, which repeats what nobody took up
        after_commit(_send_marked, due)


def send(job_id: int, kind: str, wait: float = 0) -> bool:
    """Send the message of a job, to be looked at in ``wait`` seconds, and note when. False when the broker is
    away: the sweep sends it again."""
    return send_all([(job_id, kind)], wait=wait) == 1


def send_all(jobs: Sequence[tuple[int, str]], *, wait: float = 0) -> int:
    """Send the messages of (job id, kind) and note when. Returns how many the broker took: it stops at the
    first one that it does not take, and the sweep sends the rest again."""
    Job.objects.filter(pk__in=[job_id for job_id, _kind in jobs]).update(sent_at=timezone.now())
    return _send_marked(jobs, wait=wait)


def _send_marked(jobs: Sequence[tuple[int, str]], *, wait: float = 0) -> int:
    done = publish_all(jobs, wait=wait)
    if done < len(jobs):
        Job.objects.filter(pk__in=[job_id for job_id, _kind in jobs[done:]]).update(sent_at=None)
    return done


def publish_all(jobs: Sequence[tuple[int, str]], *, wait: float = 0) -> int:
    """Give the broker the messages of (job id, kind). Returns how many it took, within a few seconds."""
    done = 0
    with _one_connection(len(jobs)) as producer:
        for job_id, kind in jobs:
            if not publish(job_id, kind, producer=producer, wait=wait):
                break
            done += 1
    return done


def _one_connection(messages: int) -> Any:
    """A producer for several messages; a single one gets its own as ever. Taking one does not connect."""
    return current_app.producer_or_acquire() if messages > 1 else nullcontext()


def publish(job_id: int, kind: str, *, producer: Any = None, wait: float = 0) -> bool:
    """Give the broker the message of a job. False, within a few seconds, when it does not take it."""
    try:
        later = {"countdown": wait + MARGIN_SECONDS} if wait > 0 else {}
        current_app.send_task(kind, args=[job_id], queue=queue_of(kind), producer=producer, **later)
    except Exception as error:  # noqa: BLE001 - kombu raises many kinds, and none may reach the person who clicked
        log.warning("job message not sent", job=job_id, kind=kind, error=str(error))
        return False
    return True
