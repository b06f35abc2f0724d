"""Holding a job while a worker works on it, and letting it go at once when the worker dies.

Before a row says "running", its worker holds an advisory lock in a session of its own, and a thread renews
the lease in the same session. A killed worker loses its session, so that the sweep sees at once which
running rows nobody works on. Where sessions are hidden (a pooler in transaction mode) the lease alone
decides.
"""

from __future__ import annotations

import os
import threading
import time

import psycopg
import structlog
from django.conf import settings

from .sessions import Session, open_session

log = structlog.get_logger(__name__)

LOCK_SPACE = 0x636C  # upper 16 bits of every advisory key of ours
LOOK_SECONDS = 1.0  # how often the session is looked after while a job is at work


def lock_key(job_id: int) -> int:
    """The advisory key of a job: positive, and unlike any key that others may choose."""
    return (LOCK_SPACE << 48) | job_id


class LeaseKeeper:
    """One per worker process, one job at a time: ``lock``, then ``renew`` once leased, then ``release``."""

    def __init__(self) -> None:
        self.process_id = os.getpid()
        self._session: Session | None = None
        self._session_mutex = threading.Lock()
        self._changed = threading.Condition()
        self._held: tuple[int, int] | None = None
        self._until = float("inf")
        self._locked: int | None = None
        self._thread: threading.Thread | None = None

    def lock(self, job_id: int) -> None:
        """Take the job's advisory lock, without waiting. Raises psycopg.Error when the database is away.

        A lock that somebody still holds (a worker that froze and lost its lease) does not stop us: the row
        decides.
        """
        with self._session_mutex:
            try:
                self._take_lock(job_id)
            except psycopg.Error:  # the session may have died while idle, so try once with a new one
                self._drop_session()
                self._take_lock(job_id)

    def renew(self, job_id: int, fence: int, *, seconds: float = float("inf")) -> None:
        """From now on keep the lease of the job alive, but for no more than ``seconds``: a job that hangs
        in a process that nobody ends is another worker's then."""
        with self._changed:
            self._held, self._until = (job_id, fence), time.monotonic() + seconds
            if self._thread is None:
                self._thread = threading.Thread(target=self._keep, name="lease-keeper", daemon=True)
                self._thread.start()
            self._changed.notify()

    def release(self) -> None:
        """Stop renewing and give the lock back. Never fails: a session out of reach holds no lock."""
        with self._changed:
            self._held = None
            self._changed.notify()
        with self._session_mutex:
            if self._locked is None or self._session is None:
                return
            try:
                self._session.execute("SELECT pg_advisory_unlock(%s)", [lock_key(self._locked)])
                self._locked = None
            except psycopg.Error:
                self._drop_session()

    def _keep(self) -> None:
        while True:
            with self._changed:
                while self._held is None:
                    self._changed.wait()
                held = self._held
            self._tend(*held)
            with self._changed:
                if self._held == held:
                    self._changed.wait(timeout=LOOK_SECONDS)

    def _tend(self, job_id: int, fence: int) -> None:
        """See that the session lives and holds the lock; renew the lease after a third of it."""
        with self._session_mutex:
            if self._held != (job_id, fence):
                return
            if time.monotonic() > self._until:
                log.error("job given up, it hangs", job=job_id)
                self._held = None
                self._drop_session()
                return
            try:
                if self._locked is None:
                    self._take_lock(job_id)
                # SKIP LOCKED: our own commit may hold the row, and waiting for it would keep the mutex
                self._connected().execute(
                    "UPDATE jobs_job SET lease_until = now() + make_interval(secs => %(lease)s) WHERE id = "
                    "(SELECT id FROM jobs_job WHERE id = %(id)s AND fence = %(fence)s AND state = 'running' "
                    "AND lease_until < now() + make_interval(secs => %(lease)s * 2 / 3.0) "
                    "FOR UPDATE SKIP LOCKED)",
                    {"lease": settings.JOB_LEASE_SECONDS, "id": job_id, "fence": fence},
                )
            except psycopg.Error as error:
                log.warning("lease not renewed", job=job_id, error=str(error))
                self._drop_session()

    def _take_lock(self, job_id: int) -> None:
        row = self._connected().execute("SELECT pg_try_advisory_lock(%s)", [lock_key(job_id)]).fetchone()
        self._locked = job_id if row and row[0] else None

    def _connected(self) -> Session:
        if self._session is None:
            self._session = open_session("lease keeper")
        return self._session

    def _drop_session(self) -> None:
        if self._session is not None:
            self._session.close()
        self._session = self._locked = None


_keeper: LeaseKeeper | None = None


def keeper() -> LeaseKeeper:
    """This process's keeper; a forked child gets its own."""
    global _keeper
    if _keeper is None or _keeper.process_id != os.getpid():
        _keeper = LeaseKeeper()
    return _keeper
