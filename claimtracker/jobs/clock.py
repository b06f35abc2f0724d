"""Exactly one beat keeps the time, however many run: it holds a lock in a database session of its own.

PostgreSQL frees the lock the moment that session ends, so that a beat which was killed is followed by one
that waits within a second, and no lock is left behind by the dead.
"""

from __future__ import annotations

import time
from typing import Any

import psycopg
import structlog
from celery.beat import Scheduler

from .sessions import Session, open_session

log = structlog.get_logger(__name__)

CLOCK_KEY = (0x6362 << 48) | 1  # an advisory key that no job's lock can have
LOOK_SECONDS = 1.0


class ClockLock:
    """``is_ours`` takes the lock when it is free, and sees that the session that holds it lives."""

    def __init__(self, *, look_seconds: float = LOOK_SECONDS) -> None:
        self._session: Session | None = None
        self._ours = False
        self._said = ""
        self._look_seconds = look_seconds
        self._looked_at = float("-inf")

    def is_ours(self) -> bool:
        if time.monotonic() - self._looked_at < self._look_seconds:
            return self._ours
        try:
            self._ours = self._look()
            self._say("this beat keeps the time" if self._ours else "another beat keeps the time, waiting")
        except psycopg.Error as error:
            self.release()
            self._say("database away, no beat keeps the time", error=str(error))
        self._looked_at = time.monotonic()
        return self._ours

    def release(self) -> None:
        """End the session, and with it the lock."""
        session, self._session, self._ours = self._session, None, False
        if session is not None:
            session.close()

    def _look(self) -> bool:
        if self._session is None:
            self._session = open_session("beat")
            self._ours = False
        if self._ours:
            self._session.execute("SELECT 1")
            return True
        row = self._session.execute("SELECT pg_try_advisory_lock(%s)", [CLOCK_KEY]).fetchone()
        return bool(row and row[0])

    def _say(self, what: str, **more: Any) -> None:
        if what != self._said:
            self._said = what
            log.info(what, **more)


class OneClock(Scheduler):
    """Celery's scheduler, which keeps its times in memory (every interval is short), while the lock is ours.

    One that takes over is late with everything, so it sends each entry once and at once.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._lock = ClockLock()
        super().__init__(*args, **kwargs)

    def tick(self, *args: Any, **kwargs: Any) -> float:
        if not self._lock.is_ours():
            return LOOK_SECONDS
        return min(super().tick(*args, **kwargs), LOOK_SECONDS)

    def close(self) -> None:
        super().close()
        self._lock.release()
