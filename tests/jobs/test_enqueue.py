"""Asking for work: once while open, again while running, later when said, never without the commit."""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from typing import Any

import pytest
import redis
from django.db import connection, transaction
from django.utils import timezone

from claimtracker.jobs import enqueue, enqueue_all, queueing, registry, states
from claimtracker.jobs.models import Job
from claimtracker.jobs.runner import Run, lease, run
from claimtracker.jobs.sweep import resend_due, sweep

pytestmark = pytest.mark.django_db(transaction=True)
KIND = "tests.mark_default"


def messages(broker: redis.Redis) -> int:
    return int(broker.llen("claimtracker-test:default"))


def test_the_same_work_is_queued_once(broker: redis.Redis) -> None:
    for _ in range(3):
        enqueue(KIND, 1)
    enqueue(KIND, 2)
    assert Job.objects.count() == 2


def test_work_may_be_asked_for_again_when_it_is_done() -> None:
    enqueue(KIND, 1)
    run(Job.objects.get().pk)
    enqueue(KIND, 1)
    assert sorted(Job.objects.values_list("state", flat=True)) == [states.DONE, states.QUEUED]


def test_an_unknown_kind_says_where_to_add_it() -> None:
    with pytest.raises(ValueError, match=r"No such job: nonsense\. Add it to settings\.JOB_QUEUES"):
        enqueue("nonsense", 1)


def test_work_asked_for_while_it_runs_runs_once_more(monkeypatch: pytest.MonkeyPatch) -> None:
    runs: list[int] = []

    def work(run: Run) -> None:
        runs.append(run.fence)
        if len(runs) == 1:
            enqueue(KIND, 1)
            enqueue(KIND, 1)

    monkeypatch.setitem(registry.WORK, KIND, work)
    enqueue(KIND, 1)
    row = Job.objects.get()
    run(row.pk)
    row.refresh_from_db()
    assert (row.state, row.rerun, row.attempt) == (states.QUEUED, False, 0)
    run(row.pk)
    row.refresh_from_db()
    assert row.state == states.DONE
    assert len(runs) == 2
    assert Job.objects.count() == 1


def test_work_that_asks_for_itself_in_its_commit_runs_once_more(monkeypatch: pytest.MonkeyPatch) -> None:
    later = timezone.now() + timedelta(hours=1)

    def work(run: Run) -> None:
        with run.commit():
            enqueue(KIND, 1, due_at=later)

    monkeypatch.setitem(registry.WORK, KIND, work)
    enqueue(KIND, 1)
    run(Job.objects.get().pk)
    row = Job.objects.get()
    assert (row.state, row.due_at) == (states.QUEUED, later)


def test_later_means_later(broker: redis.Redis) -> None:
    enqueue(KIND, 1, due_at=timezone.now() + timedelta(seconds=1))
    row = Job.objects.get()
    assert messages(broker) == 0
    assert lease(row.pk) is None
    time.sleep(1.1)
    assert lease(row.pk) is not None


def test_queued_work_becomes_due_earlier_never_later(broker: redis.Redis) -> None:
    enqueue(KIND, 1, due_at=timezone.now() + timedelta(hours=1))
    enqueue(KIND, 1)
    assert Job.objects.due().count() == 1
    assert messages(broker) == 1
    enqueue(KIND, 1, due_at=timezone.now() + timedelta(hours=1))
    assert Job.objects.due().count() == 1


def test_a_rollback_leaves_neither_row_nor_message(broker: redis.Redis) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        enqueue(KIND, 1)
        assert Job.objects.count() == 1
        raise RuntimeError
    assert Job.objects.count() == 0
    assert messages(broker) == 0


def test_the_message_waits_for_the_commit(broker: redis.Redis) -> None:
    with transaction.atomic():
        enqueue(KIND, 1)
        assert messages(broker) == 0
    assert messages(broker) == 1
    assert Job.objects.get().sent_at is not None


def test_what_is_asked_for_is_written_and_marked_by_one_statement(
    broker: redis.Redis, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(3):  # the statement between the ends of its transaction
        enqueue(KIND, 1)
    first = Job.objects.get().sent_at
    assert first is not None
    with django_assert_num_queries(3):
        enqueue(KIND, 1)
    again = Job.objects.get().sent_at
    assert again is not None
    assert again > first
    assert messages(broker) == 2
    enqueue(KIND, 2, due_at=timezone.now() + timedelta(hours=1))
    assert Job.objects.get(object_id="2").sent_at is None


def test_whoever_dies_before_the_message_leaves_the_job_to_the_sweep(
    broker: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    sweep()
    with monkeypatch.context() as killed:
        killed.setattr(queueing, "publish_all", lambda jobs, **_options: len(jobs))
        enqueue(KIND, 1)
    assert messages(broker) == 0
    assert sweep()["sent"] == 0
    Job.objects.update(sent_at=timezone.now() - timedelta(seconds=11))
    assert sweep()["sent"] == 1
    assert messages(broker) == 1


def test_asking_while_the_results_are_written_waits_for_nobody_and_runs_it_again() -> None:
    """The commit takes the row last: whoever asks meanwhile, and holds other rows, never waits for it."""
    enqueue(KIND, 1)
    held = lease(Job.objects.get().pk)
    assert held is not None

    def ask() -> None:
        enqueue(KIND, 1)
        connection.close()

    asking = threading.Thread(target=ask)
    with held.commit():
        asking.start()
        asking.join(timeout=10)
        assert not asking.is_alive()
    again = Job.objects.get()
    assert (again.state, again.rerun, again.attempt) == (states.QUEUED, False, 0)


def test_without_a_broker_the_row_stays_and_the_sweep_sends_it(
    broker: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    from claimtracker.celery import app

    sweep()
    elsewhere = "redis+socket:///nowhere/valkey.sock?virtual_host=0"
    with app.pool.acquire(block=True) as pooled, monkeypatch.context() as away:
        assert pooled is not None
        away.setattr(app.amqp, "_producer_pool", None)
        away.setattr(app, "_pool", None)
        away.setattr(app.conf, "broker_write_url", elsewhere)
        away.setattr(app.conf, "broker_url", elsewhere)
        began = time.monotonic()
        enqueue(KIND, 1)
        assert time.monotonic() - began < 3
        row = Job.objects.get()
        assert (row.state, row.sent_at) == (states.QUEUED, None)
    assert messages(broker) == 0
    assert sweep() == {"freed": 0, "sent": 1}
    assert messages(broker) == 1


def test_many_are_asked_for_in_one_statement_and_sent_after_the_commit(
    broker: redis.Redis, django_assert_num_queries: Any
) -> None:
    with transaction.atomic():
        with django_assert_num_queries(1):
            enqueue_all([(KIND, 3), (KIND, 1), (KIND, "1"), (KIND, 2)])
        assert messages(broker) == 0
    assert sorted(Job.objects.values_list("object_id", flat=True)) == ["1", "2", "3"]
    assert messages(broker) == 3
    assert not Job.objects.filter(sent_at=None).exists()
    enqueue_all([])


def test_an_unknown_kind_among_many_asks_for_none_of_them() -> None:
    with pytest.raises(ValueError, match="No such job: nonsense"):
        enqueue_all([(KIND, 1), ("nonsense", 1)])
    assert not Job.objects.exists()


def test_messages_that_the_broker_does_not_take_are_left_to_the_sweep(
    broker: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish, asked = queueing.publish, []

    def once(job_id: int, kind: str, **options: Any) -> bool:
        asked.append(job_id)
        return len(asked) == 1 and publish(job_id, kind, **options)

    monkeypatch.setattr(queueing, "publish", once)
    enqueue_all([(KIND, number) for number in range(5)])
    assert len(asked) == 2, "whoever waits for it waits for one refusal only"
    assert Job.objects.filter(sent_at=None).count() == 4
    monkeypatch.undo()
    assert resend_due() == 4
    assert messages(broker) == 5
