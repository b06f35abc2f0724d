"""Running one job row: lease it, work, and write the results only while the lease is still ours."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from claimtracker.kernel.errors import ActionRefused, LeaseLost

from . import states
from .leases import keeper
from .models import Job
from .queueing import send
from .registry import WORK

log = structlog.get_logger(__name__)


@dataclass
class Run:
    """What a job's function gets. Slow work first; then ``with run.commit():`` around the writes, once."""

    job_id: int
    kind: str
    object_id: str
    attempt: int
    fence: int
    closed: bool = field(default=False, init=False)

    @contextmanager
    def commit(self, *, again_at: datetime | None = None) -> Iterator[None]:
        """One transaction for the results and the job's end: both happen or neither does.

        ``again_at`` puts the job back for a later run instead of ending it (a delivery's next try).
        Raises LeaseLost, and writes nothing, when somebody else holds the job by now.
        """
        with transaction.atomic():
            row = (
                Job.objects.select_for_update()
                .filter(pk=self.job_id, fence=self.fence, state=states.RUNNING)
                .first()
            )
            if row is None:
                raise LeaseLost(f"job {self.job_id} is no longer held with fence {self.fence}")
            yield
            _end(row, again_at=again_at)
        self.closed = True


def run(job_id: int) -> None:
    """Do the work of one row if it is due and free; otherwise return quietly (a message is only a hint)."""
    held = lease(job_id)
    if held is None:
        return
    keeper().hold(held.job_id, held.fence)
    try:
        WORK[held.kind](held)
        if not held.closed:
            with held.commit():
                pass
    except LeaseLost:
        log.info("job taken over", job=held.job_id, kind=held.kind)
    except ActionRefused as refusal:
        _record_refusal(held, refusal)
    except DatabaseError as error:
        # The database may be away, so that nothing can be written: then the lease runs out and the sweep retries.
        log.warning("job met a database error", job=held.job_id, kind=held.kind, error=str(error))
        connection.close()
        record_failure(held, error)
    except Exception as error:
        log.exception("job failed", job=held.job_id, kind=held.kind)
        record_failure(held, error)
    finally:
        keeper().release()


def lease(job_id: int) -> Run | None:
    """Take a due row that nobody holds. None when there is nothing to do."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE jobs_job
               SET state = 'running', attempt = attempt + 1, fence = fence + 1, rerun = false,
                   leased_at = now(), lease_until = now() + make_interval(secs => %s)
             WHERE id = %s AND state = 'queued' AND due_at <= now()
            RETURNING kind, object_id, attempt, fence
            """,
            [settings.JOB_LEASE_SECONDS, job_id],
        )
        row = cursor.fetchone()
    return Run(job_id, *row) if row else None


def record_failure(held: Run, error: Exception) -> None:
    """Put the job back with a growing, jittered delay; after the last attempt it is a dead letter."""
    message = f"{type(error).__name__}: {error}"[:2000]
    with transaction.atomic():
        row = Job.objects.select_for_update().filter(pk=held.job_id, fence=held.fence, state=states.RUNNING).first()
        if row is None:
            return
        row.last_error = message
        if row.attempt >= settings.JOB_MAX_ATTEMPTS:
            row.state, row.finished_at = states.DEAD, timezone.now()
        else:
            delay = min(2**row.attempt, 60) * random.uniform(0.5, 1.0)  # noqa: S311 - jitter, not a secret
            row.state, row.due_at = states.QUEUED, timezone.now() + timedelta(seconds=delay)
        row.lease_until = None
        row.sent_at, row.sends = None, 0
        row.save()


def _record_refusal(held: Run, refusal: ActionRefused) -> None:
    """The world moved on (the object was withdrawn, somebody was faster): an ordinary end, with its reason kept."""
    log.info("job refused", job=held.job_id, kind=held.kind, reason=refusal.reason)
    try:
        with held.commit():
            Job.objects.filter(pk=held.job_id).update(last_error=refusal.reason)
    except LeaseLost:
        pass


def _end(row: Job, *, again_at: datetime | None) -> None:
    row.refresh_from_db(fields=["rerun", "last_error"])
    row.lease_until = None
    if again_at is not None or row.rerun:
        row.state, row.due_at, row.rerun = states.QUEUED, again_at or timezone.now(), False
        row.attempt, row.sent_at, row.sends = 0, None, 0
        if again_at is None:
            transaction.on_commit(lambda: send(row.pk, row.kind), robust=True)
    else:
        row.state, row.finished_at = states.DONE, timezone.now()
    row.save()
