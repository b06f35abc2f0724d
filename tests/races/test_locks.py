"""A lock that had to wait gives the row as it is now, with what hangs on it now."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from claims.actions.curation import lock_claim
from claims.actions.family_moves import lock_families
from reviews.actions.assignment import lock_task
from tests import factories
from tests.support.owner import owner_connection

pytestmark = pytest.mark.django_db(transaction=True)


def locked_while(change: str, parameters: list[Any], look: Callable[[], Any]) -> Any:
    """What ``look`` gives, begun while another transaction has made ``change`` and not yet ended."""
    found: dict[str, Any] = {}

    def run() -> None:
        try:
            with transaction.atomic():
                found["backend"] = backend_pid()
                found["value"] = look()
        except Exception as error:  # noqa: BLE001 - raised again below, in the test's own thread
            found["error"] = error
        finally:
            connection.close()

    thread = threading.Thread(target=run, daemon=True)
    with owner_connection() as other, owner_connection() as watcher:
        with other.transaction():
            assert other.execute(change, parameters).rowcount == 1
            thread.start()
            deadline = time.monotonic() + 20
            waits = "SELECT FROM pg_locks WHERE pid = %s AND NOT granted"
            while not ("backend" in found and watcher.execute(waits, [found["backend"]]).rowcount):
                assert time.monotonic() < deadline and "value" not in found, "it never waited"
                time.sleep(0.01)
        thread.join(timeout=20)
    if "error" in found:
        raise found["error"]
    return found["value"]


def backend_pid() -> int:
    connection.ensure_connection()
    return int(connection.connection.info.backend_pid)


def test_a_claim_that_moves_to_another_desk_meanwhile_is_locked_all_the_same() -> None:
    """The chaos run found it: a lookup that waited for routing was told that there is no such claim."""
    news, health = factories.make_desk("news"), factories.make_desk("health")
    claim = factories.make_claim(article=factories.make_article(desk=news))
    move = "UPDATE claims_claim SET desk_id = %s WHERE id = %s"
    assert locked_while(move, [health.pk, claim.pk], lambda: lock_claim(claim.pk).desk) == health
    family = locked_while(move, [news.pk, claim.pk], lambda: lock_families([claim.pk]).claims)
    assert family[claim.pk].desk == news


def test_a_task_that_is_taken_or_moved_meanwhile_shows_by_whom_and_where_to() -> None:
    health = factories.make_desk("health")
    ana = factories.make_user(desk=health)
    task = factories.make_task()
    take = (
        "UPDATE reviews_reviewtask SET state = 'taken', assignee_id = %s, taken_at = now(), "
        "lease_until = now() + interval '1 hour', desk_id = %s WHERE id = %s"
    )
    seen = locked_while(take, [ana.pk, health.pk, task.pk], lambda: lock_task(task.pk))
    assert (seen.state, seen.assignee, seen.desk) == ("taken", ana, health)
