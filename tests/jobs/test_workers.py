"""Jobs in workers that are killed, stopped or frozen, in two at once, and with a beat."""

from __future__ import annotations

import os
import signal
import time

import pytest

from claimtracker.jobs import enqueue, states
from claimtracker.jobs.models import Job
from claimtracker.jobs.sweep import sweep
from tests.support.models import Mark
from tests.support.worker import Worker, wait_until

pytestmark = pytest.mark.django_db(transaction=True)


def all_done() -> bool:
    return not Job.objects.open().exists()


def began(object_id: str) -> bool:
    return Mark.objects.filter(object_id=object_id, final=False).exists()


def test_two_workers_never_run_the_same_row() -> None:
    """Every message comes three times, to two workers with two children each."""
    with Worker(["default", "nlp"]) as first, Worker(["default", "nlp"], forget=False) as second:
        for number in range(60):
            enqueue("tests.mark_default", number)
        for _ in range(2):
            Job.objects.update(sent_at=None)
            sweep()
        for number in range(4):
            enqueue("tests.slow", f"{number}:0.5")
        wait_until(all_done)
        pids = set(Mark.objects.values_list("pid", flat=True))
        assert all(any(_is_child(pid, of) for pid in pids) for of in (first.pid, second.pid)), (
            "both took part"
        )
    assert Mark.objects.filter(kind="tests.mark_default").count() == 60
    assert Mark.objects.filter(kind="tests.slow").count() == 8  # began and ended, each once
    assert set(Job.objects.values_list("attempt", flat=True)) == {1}


def _is_child(pid: int, parent: int) -> bool:
    import psutil

    try:
        return psutil.Process(pid).ppid() == parent
    except psutil.NoSuchProcess:
        return False


def test_a_killed_workers_job_is_done_by_the_next_one() -> None:
    with Worker(["nlp"]) as worker:
        enqueue("tests.slow", "a:3")
        wait_until(lambda: began("a:3"))
        worker.kill_group()
        job = Job.objects.get()
        assert job.state == states.RUNNING
        worker.start()  # sweeps as it starts; the grace of a fresh lease may outlast that
        time.sleep(1)
        sweep()
        took = wait_until(all_done)
        assert took < 8
    job.refresh_from_db()
    assert (job.state, job.attempt) == (states.DONE, 2)
    assert Mark.objects.filter(final=True).count() == 1


def test_a_polite_stop_lets_the_work_end() -> None:
    with Worker(["nlp"]) as worker:
        enqueue("tests.slow", "a:2")
        wait_until(lambda: began("a:2"))
        worker.stop()
        assert Job.objects.get().state == states.DONE


def test_a_frozen_worker_that_wakes_up_writes_nothing() -> None:
    with Worker(["nlp"], concurrency=1, env={"JOB_LEASE_SECONDS": "2"}) as frozen:
        enqueue("tests.slow", "a:1")
        wait_until(lambda: began("a:1"))
        child = Mark.objects.get().pid
        os.kill(child, signal.SIGSTOP)
        wait_until(lambda: sweep()["freed"], seconds=10, pause=0.3)
        with Worker(["nlp"], concurrency=1, forget=False):
            sweep(resend_all=True)
            wait_until(all_done)
            os.kill(child, signal.SIGCONT)
            wait_until(lambda: "job taken over" in frozen.log_text(), seconds=10)
    final = Mark.objects.get(final=True)
    assert final.pid != child
    assert Job.objects.get().attempt == 2


def test_beat_sends_the_sweep_and_the_seal() -> None:
    from claimtracker.ledger.models import LedgerSeal
    from tests.ledger.conftest import record_something

    with Worker(["default"], beat=True):
        enqueue("tests.mark_default", 1)
        wait_until(all_done)
        record_something()
        enqueue("tests.mark_default", 2)
        Job.objects.filter(object_id="2", state=states.QUEUED).update(sent_at=None)
        wait_until(lambda: LedgerSeal.objects.exists() and all_done(), seconds=60)
