"""Asking for work. The row is written in the caller's transaction; the message follows the commit."""

from __future__ import annotations

from datetime import datetime

import structlog
from celery import current_app
from django.db import connection, transaction
from django.utils import timezone

from .models import Job
from .registry import queue_of

log = structlog.get_logger(__name__)


def enqueue(kind: str, object_id: int | str, *, due_at: datetime | None = None) -> None:
    """Make sure that ``kind`` will run for ``object_id``, once, at or after ``due_at`` (now when None).

    While such a job is queued it can only become due earlier; while it runs, it will run once more after.
    Locks the job's own row, nothing else. Raises ValueError for an unknown kind.
    """
    queue_of(kind)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO jobs_job
                (kind, object_id, state, due_at, attempt, fence, rerun, sends, cause, last_error, created_at)
            VALUES (%s, %s, 'queued', COALESCE(%s, now()), 0, 0, false, 0, '', '', now())
            ON CONFLICT (kind, object_id) WHERE state IN ('queued', 'running')
            DO UPDATE SET rerun = (jobs_job.state = 'running'),
                          due_at = CASE WHEN jobs_job.state = 'running' AND NOT jobs_job.rerun
                                        THEN EXCLUDED.due_at
                                        ELSE LEAST(jobs_job.due_at, EXCLUDED.due_at) END
            RETURNING id, state, due_at <= now()
            """,
            [kind, str(object_id), due_at],
        )
        job_id, state, is_due = cursor.fetchone()
        if state == "queued" and is_due:
            transaction.on_commit(lambda: send(job_id, kind), robust=True)


def send(job_id: int, kind: str) -> bool:
    """Send the message of a job and note when. False when the broker is away: the sweep sends it again."""
    Job.objects.filter(pk=job_id).update(sent_at=timezone.now())
    if publish(job_id, kind):
        return True
    Job.objects.filter(pk=job_id).update(sent_at=None)
    return False


def publish(job_id: int, kind: str) -> bool:
    """Give the broker the message of a job. False, within a few seconds, when it does not take it."""
    try:
        current_app.send_task(kind, args=[job_id], queue=queue_of(kind))
    except Exception as error:  # noqa: BLE001 - kombu raises many kinds, and none may reach the person who clicked
        log.warning("job message not sent", job=job_id, kind=kind, error=str(error))
        return False
    return True
