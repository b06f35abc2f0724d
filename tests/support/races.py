"""Two transactions that meet over one row, every time.

    def test_one_of_two_takes_the_task() -> None:          # @pytest.mark.django_db(transaction=True)
        for _ in range(50):
            task = ...
            outcomes = forced_interleaving(
                lambda: take_task(task, by=ana), lambda: take_task(task, by=boris), over=task
            )
            assert sorted(outcome.won for outcome in outcomes) == [False, True]

A third connection holds the row until both wait for it, and only then lets go. Whoever looks before it locks
has looked by then, and both win: that is the mistake this finds, not by chance but each time.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, models
from psycopg import sql

from .owner import owner_connection

PATIENCE_SECONDS = 20


@dataclass
class Outcome:
    """What one side got: a value, or the exception that it raised."""

    value: Any = None
    error: Exception | None = None
    backend: int | None = field(default=None, repr=False)
    ended: bool = field(default=False, repr=False)

    @property
    def won(self) -> bool:
        return self.error is None


def forced_interleaving(
    first: Callable[[], Any], second: Callable[[], Any], *, over: models.Model
) -> tuple[Outcome, Outcome]:
    """Run both, each in a thread and transaction of its own, so that both have looked before either writes.

    ``over`` is the row that both lock or change first; it must be committed (transaction=True). Returns both
    outcomes in the order given. Raises AssertionError when one of them never comes to wait for the row.
    """
    outcomes = Outcome(), Outcome()
    threads = [
        threading.Thread(target=_run, args=[call, outcome], daemon=True)
        for call, outcome in zip((first, second), outcomes, strict=True)
    ]
    with owner_connection() as holder:
        with holder.transaction():
            _hold(holder, over)
            for thread in threads:
                thread.start()
            _wait_until_both_wait(outcomes)
        for thread in threads:
            thread.join(timeout=PATIENCE_SECONDS)
    assert not any(thread.is_alive() for thread in threads), f"a deadlock? {outcomes}"
    return outcomes


def _run(call: Callable[[], Any], outcome: Outcome) -> None:
    try:
        connection.ensure_connection()
        outcome.backend = connection.connection.info.backend_pid
        outcome.value = call()
    except Exception as error:  # noqa: BLE001 - it is the outcome
        outcome.error = error
    finally:
        outcome.ended = True
        connection.close()


def _hold(holder: Any, row: models.Model) -> None:
    table, key = sql.Identifier(row._meta.db_table), sql.Identifier(row._meta.pk.column)
    found = holder.execute(sql.SQL("SELECT FROM {} WHERE {} = %s FOR UPDATE").format(table, key), [row.pk])
    assert found.rowcount == 1, f"{row!r} is not in the database: commit it first"


def _wait_until_both_wait(outcomes: tuple[Outcome, Outcome]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    waiting = "SELECT count(DISTINCT pid) FROM pg_locks WHERE pid = ANY(%s) AND NOT granted"
    with owner_connection() as watcher:
        while True:
            backends = [outcome.backend for outcome in outcomes if outcome.backend]
            found = watcher.execute(waiting, [backends]).fetchone()
            if found and found[0] == len(outcomes):
                return
            assert not any(outcome.ended for outcome in outcomes), f"one never waited for the row: {outcomes}"
            assert time.monotonic() < deadline, "they did not both come to wait for the row"
            time.sleep(0.005)
