"""However many beats run, one keeps the time; when it is killed, another takes over."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator

import pytest
from django.db import connection

from claimtracker.jobs.clock import CLOCK_KEY, ClockLock
from claimtracker.jobs.leases import lock_key
from claimtracker.jobs.sweep import _broker
from tests.support.owner import owner_connection
from tests.support.worker import Worker, wait_until

pytestmark = pytest.mark.django_db(transaction=True)

KEEPS, WAITS = "this beat keeps the time", "another beat keeps the time"


@pytest.fixture
def locks() -> Iterator[tuple[ClockLock, ClockLock]]:
    wait_until(is_free, what="the lock to be free of earlier tests' sessions")
    both = ClockLock(look_seconds=0), ClockLock(look_seconds=0)
    yield both
    for lock in both:
        lock.release()


def is_free() -> bool:
    """A server process ends, and frees its locks, a moment after its client has hung up."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT NOT EXISTS (SELECT FROM pg_locks JOIN pg_database d ON d.oid = pg_locks.database "
            "WHERE datname = current_database() AND locktype = 'advisory' "
            "AND classid::bigint = %s AND objid::bigint = %s)",
            [CLOCK_KEY >> 32, CLOCK_KEY & 0xFFFFFFFF],
        )
        return bool(cursor.fetchone()[0])


def test_one_of_two_holds_it_and_goes_on_holding_it(locks: tuple[ClockLock, ClockLock]) -> None:
    first, second = locks
    assert [first.is_ours(), second.is_ours(), first.is_ours(), second.is_ours()] == [True, False] * 2
    assert not is_free()
    first.release()
    wait_until(is_free)
    assert second.is_ours()
    assert not first.is_ours()


def test_whoever_loses_the_session_must_win_the_lock_anew(locks: tuple[ClockLock, ClockLock]) -> None:
    first, second = locks
    assert first.is_ours()
    assert first._session is not None
    cut(first._session.info.backend_pid)
    assert second.is_ours(), "it is free at once"
    assert not first.is_ours(), "it finds its session gone"
    assert not first.is_ours(), "and the lock with another"


def cut(pid: int) -> None:
    with owner_connection() as owner:
        found = owner.execute("SELECT usename FROM pg_stat_activity WHERE pid = %s", [pid]).fetchone()
    assert found is not None
    with owner_connection(user=found[0]) as same_role:
        same_role.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])


def test_its_key_is_no_jobs_key() -> None:
    assert lock_key(1) >> 48 != CLOCK_KEY >> 48
    assert CLOCK_KEY < 2**63


def test_a_second_beat_waits_and_takes_over_from_one_that_is_killed() -> None:
    with Worker([], beat=True, workers=False) as first:
        wait_until(lambda: sent_by(first.beat_pid), seconds=40, what="the first to keep the time")
        with Worker([], beat=True, workers=False, forget=False) as second:
            wait_until(lambda: WAITS in second.log_text(), seconds=40)
            count = sent_by(first.beat_pid)
            wait_until(lambda: sent_by(first.beat_pid) > count, what="the first to go on")
            assert sent_by(second.beat_pid) == 0
            os.killpg(first.beat_pid, signal.SIGKILL)
            wait_until(lambda: KEEPS in second.log_text(), seconds=10, what="the second to take over")
            wait_until(lambda: sent_by(second.beat_pid) > 0, what="the time to go on")


def sent_by(pid: int) -> int:
    """How many of the messages that wait for a worker this process sent."""
    with _broker() as client:
        waiting = client.lrange("claimtracker-test:default", 0, -1)
    return sum(json.loads(message)["headers"]["origin"].startswith(f"gen{pid}@") for message in waiting)
