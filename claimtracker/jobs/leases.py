"""Keeping a lease alive while a worker works, and letting it go at once when the worker dies.

A thread with a database connection of its own renews the lease every third of it. The same connection
holds an advisory lock on the job: when the worker is killed, PostgreSQL frees the lock immediately, so the
sweep need not wait for the lease to run out. Without the lock (a pooler that hides sessions) the lease alone decides.
"""

from __future__ import annotations

import os
import threading
import time

import psycopg
import structlog
from django.conf import settings
from django.db import connections

log = structlog.get_logger(__name__)

LOCK_SPACE = 0x636C  # upper 16 bits of every advisory key of ours


def lock_key(job_id: int) -> int:
    return (LOCK_SPACE << 48) | job_id


class LeaseKeeper:
    """One per worker process. ``hold`` and ``release`` bracket the work on one job."""

    def __init__(self) -> None:
        self._pid = os.getpid()
        self._wake = threading.Condition()
        self._held: tuple[int, int] | None = None
        self._locked: int | None = None
        self._connection: psycopg.Connection[tuple[object, ...]] | None = None
        self._thread: threading.Thread | None = None

    def hold(self, job_id: int, fence: int) -> None:
        with self._wake:
            self._held = (job_id, fence)
            if self._thread is None:
                self._thread = threading.Thread(target=self._keep, name="lease-keeper", daemon=True)
                self._thread.start()
            self._wake.notify()

    def release(self) -> None:
        with self._wake:
            self._held = None
            self._wake.notify()

    def _keep(self) -> None:
        while True:
            with self._wake:
                if self._held is None and self._locked is None:
                    self._wake.wait()
                held = self._held
            try:
                self._tend(held)
            except psycopg.Error as error:
                log.warning("lease not renewed", job=held, error=str(error))
                self._forget_connection()
                time.sleep(0.5)
                continue
            with self._wake:
                if self._held == held and held is not None:
                    self._wake.wait(timeout=settings.JOB_LEASE_SECONDS / 3)

    def _tend(self, held: tuple[int, int] | None) -> None:
        connection = self._connection or self._connect()
        if self._locked is not None and (held is None or held[0] != self._locked):
            connection.execute("SELECT pg_advisory_unlock(%s)", [lock_key(self._locked)])
            self._locked = None
        if held is None:
            return
        job_id, fence = held
        if self._locked is None:
            row = connection.execute("SELECT pg_try_advisory_lock(%s)", [lock_key(job_id)]).fetchone()
            self._locked = job_id if row and row[0] else None
        connection.execute(
            "UPDATE jobs_job SET lease_until = now() + make_interval(secs => %s) "
            "WHERE id = %s AND fence = %s AND state = 'running'",
            [settings.JOB_LEASE_SECONDS, job_id, fence],
        )

    def _connect(self) -> psycopg.Connection[tuple[object, ...]]:
        parameters = connections["default"].get_connection_params()
        wanted = ("dbname", "user", "password", "host", "port")
        self._connection = psycopg.connect(
            **{name: parameters[name] for name in wanted if parameters.get(name)},
            autocommit=True,
            connect_timeout=5,
            application_name="claimtracker lease keeper",
        )
        return self._connection

    def _forget_connection(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None
        self._locked = None


_keeper: LeaseKeeper | None = None


def keeper() -> LeaseKeeper:
    """This process's keeper; a forked child gets its own."""
    global _keeper
    if _keeper is None or _keeper._pid != os.getpid():
        _keeper = LeaseKeeper()
    return _keeper
