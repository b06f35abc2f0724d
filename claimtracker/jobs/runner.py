"""Running one job row: lease it, work, and write the results only while the lease is still ours."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from structlog.contextvars import bound_contextvars

from claimtracker.kernel.commits import after_commit
from claimtracker.kernel.errors import ActionRefused, LeaseLost

from . import states
from .causes import AWAY, Cause, cause_of
from .leases import keeper
from .models import Job
from .queueing import send
from .registry import PASSING, WORK, limits_of

log = structlog.get_logger(__name__)

DATABASE_PATIENCE_SECONDS = 30
SHORT_WAIT_SECONDS = 10  # that a worker counts off itself; what waits longer is left to the sweep
HANGS_AFTER = 5  # seconds over its hard limit, at which Celery should have ended the process


@dataclass
class Run:
    """What a job's function gets. Slow work first; then ``with run.commit():`` around the writes, once."""

    job_id: int
    kind: str
    object_id: str
    attempt: int
    fence: int
    closed: bool = field(default=False, init=False)

    def is_held(self) -> bool:
        """Whether the job is still ours: long work asks between two steps that each stand alone."""
        return Job.objects.filter(pk=self.job_id, fence=self.fence, state=states.RUNNING).exists()

    @contextmanager
    def commit(self, *, again_at: datetime | None = None) -> Iterator[None]:
        """One transaction for the results and the job's end: both happen or neither does.

        ``again_at`` puts the job back for a later run instead of ending it (a delivery's next try).
        Raises LeaseLost, and writes nothing, when somebody else holds the job by now.
        """
        if not connection.in_atomic_block and not connection.is_usable():
            connection.close()  # the database restarted during the slow part; the next query connects anew
        with transaction.atomic():
            if not self.is_held():
                raise self._lost()
            yield
            # Locked last: who holds what the results are about, and asks for this very job meanwhile, would
            # else wait for us while we wait for them.
            row = _held_row(self)
            if row is None:
                raise self._lost()
            _end(row, again_at=again_at)
        self.closed = True

    def _lost(self) -> LeaseLost:
        return LeaseLost(f"job {self.job_id} is no longer held with fence {self.fence}")


def run(job_id: int) -> None:
    """Do the work of one row if it is due and free; otherwise return quietly (a message is only a hint)."""
    watch = keeper()
    try:
        _wait_for_database(lambda: watch.lock(job_id))
        held = lease(job_id)
        if held is None:
            return
        watch.renew(held.job_id, held.fence, seconds=limits_of(held.kind)[1] + HANGS_AFTER)
        _work(held)
    except AWAY as error:
        log.warning("database away, the sweep will send the job again", job=job_id, error=str(error))
        connection.close()
    finally:
        watch.release()


def _wait_for_database(attempt: Callable[[], None]) -> None:
    """Better to wait a little than to use up the broker's messages while nothing can be leased."""
    deadline = time.monotonic() + DATABASE_PATIENCE_SECONDS
    while True:
        try:
            return attempt()
        except AWAY:
            if time.monotonic() > deadline:
                raise
            time.sleep(1)


def _work(held: Run) -> None:
    began = time.monotonic()
    try:
        with bound_contextvars(job=held.job_id, kind=held.kind, attempt=held.attempt):
            WORK[held.kind](held)
            if not held.closed:
                with held.commit():
                    pass
            log.info("job done", object=held.object_id, seconds=round(time.monotonic() - began, 3))
    except LeaseLost:
        log.info("job taken over", job=held.job_id, kind=held.kind)
    except ActionRefused as refusal:
        _record_refusal(held, refusal)
    except Exception as error:
        log.exception("job failed", job=held.job_id, kind=held.kind, attempt=held.attempt)
        if isinstance(error, (*AWAY, SoftTimeLimitExceeded)):
            connection.close()  # it is lost, or was left in the middle of a query
        record_failure(held, error)


def lease(job_id: int) -> Run | None:
    """Take a due row that nobody holds. None when there is nothing to do."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE jobs_job
               SET state = 'running', attempt = attempt + 1, fence = fence + 1, rerun = false,
                   leased_at = now(), lease_until = now() + make_interval(secs => %s)
             WHERE id = %s AND state = 'queued' AND due_at <= clock_timestamp()
            RETURNING kind, object_id, attempt, fence
            """,
            [settings.JOB_LEASE_SECONDS, job_id],
        )
        row = cursor.fetchone()
    return Run(job_id, *row) if row else None


def record_failure(held: Run, error: Exception) -> None:
    """For a cause that may pass put the job back with a growing, jittered delay; for any other, and after the
    last attempt, it is a dead letter that names the cause.

    Writes nothing when somebody else holds the job by now.
    """
    cause = cause_of(error, passing=PASSING.get(held.kind, ()))
    with transaction.atomic():
        row = _held_row(held)
        if row is None:
            return
        row.last_error = f"{type(error).__name__}: {error}"[:2000].replace("\0", "")
        row.cause = cause
        row.lease_until, row.sent_at, row.sends = None, None, 0
        if cause != Cause.FAULT and row.attempt < settings.JOB_MAX_ATTEMPTS:
            delay = min(2**row.attempt, 60) * random.uniform(0.5, 1.0)  # noqa: S311 - jitter, not a secret
            row.state, row.due_at = states.QUEUED, timezone.now() + timedelta(seconds=delay)
        elif row.rerun:  # it was asked for anew in the meantime, and that request has its own attempts
            row.state, row.attempt = states.QUEUED, 0
        else:
            row.state, row.finished_at = states.DEAD, timezone.now()
        row.save()


def _held_row(held: Run) -> Job | None:
    """The row, locked, while the lease is still ours."""
    rows = Job.objects.select_for_update()
    return rows.filter(pk=held.job_id, fence=held.fence, state=states.RUNNING).first()


def _record_refusal(held: Run, refusal: ActionRefused) -> None:
    """The world moved on (the object was withdrawn, somebody was faster): an ordinary end that keeps why."""
    log.info("job refused", job=held.job_id, kind=held.kind, reason=refusal.reason)
    try:
        with held.commit():
            Job.objects.filter(pk=held.job_id).update(last_error=refusal.reason)
    except LeaseLost:
        log.info("job taken over", job=held.job_id, kind=held.kind)


def _end(row: Job, *, again_at: datetime | None) -> None:
    row.refresh_from_db(fields=["rerun", "due_at", "last_error"])  # the work itself may have asked again
    wanted = [moment for moment in (again_at, row.due_at if row.rerun else None) if moment]
    row.lease_until = None
    if wanted:
        row.state, row.due_at, row.rerun = states.QUEUED, min(wanted), False
        row.attempt, row.sent_at, row.sends = 0, None, 0
        wait = (row.due_at - timezone.now()).total_seconds()
        if wait <= SHORT_WAIT_SECONDS:
            after_commit(send, row.pk, row.kind, wait)
    else:
        row.state, row.finished_at = states.DONE, timezone.now()
    row.save()
