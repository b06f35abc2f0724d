"""The sweep: what is due and unsent is sent, what nobody works on is freed, and it reads indexes only."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import redis
from django.db import connection
from django.utils import timezone

from claimtracker.jobs import enqueue, leases, queueing, states, sweep
from claimtracker.jobs.models import Job
from claimtracker.jobs.runner import lease
from tests.support.owner import owner_connection
from tests.support.worker import wait_until

pytestmark = pytest.mark.django_db(transaction=True)
KIND = "tests.mark_default"
QUEUE = "claimtracker-test:default"


@pytest.fixture
def sent(broker: redis.Redis) -> Callable[[], list[int]]:
    """Ids of the jobs whose messages came since the last look."""

    def look() -> list[int]:
        found = []
        while raw := broker.rpop(QUEUE):
            import base64

            found.append(json.loads(base64.b64decode(json.loads(raw)["body"]))[0][0])
        return found

    return look


@pytest.fixture
def long_running_server() -> None:
    """The lock rule waits a little after the database's start; a test must not depend on when that was."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXTRACT(EPOCH FROM now() - pg_postmaster_start_time())")
        age = float(cursor.fetchone()[0])
    if age < sweep.RESTART_SECONDS:
        import time

        time.sleep(sweep.RESTART_SECONDS - age)


def test_a_message_that_was_never_sent_is_sent_once(sent: Callable[[], list[int]]) -> None:
    sweep.sweep()
    enqueue(KIND, 1)
    job = Job.objects.get()
    sent()
    Job.objects.update(sent_at=None)
    assert sweep.sweep() == {"freed": 0, "sent": 1}
    assert sent() == [job.pk]
    assert sweep.sweep() == {"freed": 0, "sent": 0}


def test_repeats_come_at_growing_distances(sent: Callable[[], list[int]]) -> None:
    sweep.sweep()
    enqueue(KIND, 1)
    sent()
    for sends, pause in enumerate((10, 20, 40, 80, 160, 300, 300, 300)):
        Job.objects.update(sent_at=timezone.now() - timedelta(seconds=pause - 1))
        assert sweep.resend_due() == 0, f"too early after {sends} repeats"
        Job.objects.update(sent_at=timezone.now() - timedelta(seconds=pause + 1))
        assert sweep.resend_due() == 1
        assert Job.objects.get().sends == sends + 1


def test_what_is_not_due_or_not_queued_is_not_sent(sent: Callable[[], list[int]]) -> None:
    enqueue(KIND, 1, due_at=timezone.now() + timedelta(hours=1))
    enqueue(KIND, 2)
    assert lease(Job.objects.get(object_id="2").pk) is not None
    Job.objects.update(sent_at=None)
    assert sweep.resend_due(everything=True) == 0


def test_a_broker_that_forgot_gets_every_message_again_and_once(sent: Callable[[], list[int]]) -> None:
    sweep.sweep()
    for number in range(3):
        enqueue(KIND, number)
    Job.objects.update(sends=6)
    jobs = set(Job.objects.values_list("pk", flat=True))
    assert len(sent()) == 3
    assert sweep.sweep()["sent"] == 0
    with sweep._broker() as client:
        client.delete("claimtracker-test:remembers")
    assert sweep.sweep()["sent"] == 3
    assert set(sent()) == jobs
    assert sweep.sweep()["sent"] == 0


def test_more_than_one_batch_is_sent_after_a_loss(
    sent: Callable[[], list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(7):
        enqueue(KIND, number)
    sent()
    monkeypatch.setattr(sweep, "BATCH", 3)
    assert sweep.sweep()["sent"] == 7


def test_a_broker_that_is_away_leaves_all_rows_unsent(
    sent: Callable[[], list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        enqueue(KIND, number)
    sent()
    Job.objects.update(sent_at=None)
    taken = iter([True, False])
    asked: list[int] = []

    def publish(job_id: int, kind: str, **_options: Any) -> bool:
        asked.append(job_id)
        return next(taken)

    with monkeypatch.context() as away:
        away.setattr(queueing, "publish", publish)
        assert sweep.resend_due() == 1
    assert len(asked) == 2, "after the first refusal it stops knocking"
    assert Job.objects.filter(sent_at=None).count() == 2
    assert sweep.resend_due() == 2


@pytest.fixture
def other_worker() -> Iterator[leases.LeaseKeeper]:
    keeper = leases.LeaseKeeper()
    yield keeper
    keeper.release()
    keeper._drop_session()


@pytest.mark.usefixtures("long_running_server", "broker")
def test_a_dead_workers_job_is_freed_long_before_its_lease_ends(other_worker: leases.LeaseKeeper) -> None:
    enqueue(KIND, 1)
    job = Job.objects.get()
    other_worker.lock(job.pk)
    held = lease(job.pk)
    assert held is not None
    Job.objects.update(leased_at=timezone.now() - timedelta(seconds=2))
    assert sweep.free_lost_leases() == 0, "it is alive"
    other_worker._drop_session()  # what the operating system does for a killed process
    wait_until(lambda: sweep.free_lost_leases() == 1, seconds=10, what="the server to see that it is gone")
    job.refresh_from_db()
    assert (job.state, job.fence, job.sent_at) == (states.QUEUED, held.fence + 1, None)
    assert job.last_error == "The worker stopped in the middle of attempt 1."


@pytest.mark.usefixtures("broker")
def test_a_frozen_workers_job_is_freed_when_its_lease_ends(other_worker: leases.LeaseKeeper) -> None:
    enqueue(KIND, 1)
    job = Job.objects.get()
    other_worker.lock(job.pk)
    assert lease(job.pk) is not None
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert sweep.free_lost_leases() == 1


@pytest.mark.usefixtures("broker")
def test_the_fifth_lost_worker_makes_a_dead_letter() -> None:
    enqueue(KIND, 1)
    job = Job.objects.get()
    waits = []
    for attempt in range(1, 6):
        Job.objects.update(due_at=timezone.now())
        assert lease(job.pk) is not None
        Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        assert sweep.free_lost_leases() == 1
        job.refresh_from_db()
        assert job.attempt == attempt
        waits.append((job.due_at - timezone.now()).total_seconds())
    assert waits[0] <= 0, "the first loss is made up for at once"
    for wait, most in zip(waits[1:4], (2, 4, 8), strict=True):
        assert most / 2 - 0.5 < wait <= most
    assert (job.state, job.finished_at is not None, job.cause) == (states.DEAD, True, "worker_lost")
    assert sweep.sweep(resend_all=True) == {"freed": 0, "sent": 0}


@pytest.mark.usefixtures("broker")
def test_a_job_that_was_ended_at_its_limit_is_told_from_a_lost_worker() -> None:
    for number, seconds in enumerate((400, 4)):
        enqueue(KIND, number)
        job = Job.objects.get(object_id=str(number))
        assert lease(job.pk) is not None
        before = timezone.now() - timedelta(seconds=seconds)
        Job.objects.filter(pk=job.pk).update(
            leased_at=before, lease_until=timezone.now() - timedelta(seconds=1)
        )
    assert sweep.free_lost_leases() == 2
    overran, lost = Job.objects.order_by("object_id")
    assert (overran.cause, lost.cause) == ("time_limit", "worker_lost")
    assert overran.last_error == (
        "Attempt 1 was ended after 330 s, the most that a job of this kind may take."
    )


@pytest.fixture
def many_rows() -> None:
    """20,000 rows as a busy year leaves them: nearly all done, some dead, a few open."""
    with owner_connection() as owner:
        owner.execute("SET session_replication_role = replica")
        owner.execute(
            """
            INSERT INTO jobs_job (kind, object_id, state, due_at, attempt, fence, leased_at, lease_until,
                                  rerun, sends, cause, last_error, created_at)
            SELECT 'claims.extract_article', n, state, now() - interval '1 hour', 1, 1, now(),
                   CASE WHEN state = 'running' THEN now() + interval '20 s' END, false, 0,
                   CASE WHEN state = 'dead' THEN 'fault' ELSE '' END, '', now()
              FROM (SELECT n, CASE WHEN n % 400 = 0 THEN 'queued' WHEN n % 1000 = 1 THEN 'running'
                                   WHEN n % 500 = 2 THEN 'dead' ELSE 'done' END AS state
                      FROM generate_series(1, 20000) n) AS rows
            """
        )
        owner.execute("ANALYZE jobs_job")


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for inner in plan.get("Plans", ()):
        yield from nodes(inner)


def job_reads(statement: str, parameters: dict[str, Any]) -> set[tuple[str, str]]:
    """How PostgreSQL reads jobs_job: (node type, index)."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}", parameters)
        plan = cursor.fetchone()[0][0]["Plan"]
    return {
        (node["Node Type"], node.get("Index Name", ""))
        for node in nodes(plan)
        if node["Node Type"].endswith("Scan")
        and (node.get("Relation Name") == "jobs_job" or "Index Name" in node)
    }


@pytest.mark.usefixtures("many_rows")
def test_the_sweep_reads_partial_indexes_only() -> None:
    common = {**sweep.parameters_of_freeing(), "everything": False, "pause": 10}
    due = job_reads(sweep.RESEND_DUE, common)
    lost = job_reads(sweep.FREE_LOST_LEASES, common)
    assert "job_due" in {index for _, index in due}
    assert "job_leased" in {index for _, index in lost}
    for node, index in due | lost:
        assert node != "Seq Scan"
        assert index in {"job_due", "job_leased", "jobs_job_pkey", ""}


@pytest.mark.usefixtures("many_rows")
def test_dead_letters_and_due_rows_are_found_by_index() -> None:
    for rows, index in ((Job.objects.dead(), "job_dead"), (Job.objects.due(), "job_due")):
        plan = json.loads(rows.order_by("-id")[:25].explain(format="json"))[0]["Plan"]
        assert index in {node.get("Index Name") for node in nodes(plan)}
