"""Jobs in real worker processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest
from django.db import transaction
from django.utils import timezone

from claimtracker.celery import QUEUES, app
from claimtracker.jobs import enqueue, states
from claimtracker.jobs.models import Job
from claimtracker.jobs.sweep import _broker, sweep
from tests.support.models import Mark
from tests.support.worker import ROOT, Worker, wait_until

pytestmark = pytest.mark.django_db(transaction=True)


def all_done() -> bool:
    return not Job.objects.open().exists()


def began(object_id: str) -> bool:
    return Mark.objects.filter(object_id=object_id, final=False).exists()


def test_every_queue_has_its_jobs_done(worker: Worker) -> None:
    for queue in QUEUES:
        enqueue(f"tests.mark_{queue}", 7)
    wait_until(all_done)
    assert set(Mark.objects.values_list("kind", "object_id")) == {(f"tests.mark_{q}", "7") for q in QUEUES}
    assert set(Job.objects.values_list("state", "attempt")) == {(states.DONE, 1)}
    assert worker.alive.stat().st_mtime > time.time() - 30
    with _broker() as client:
        assert client.client_list(_type="pubsub") == [], "it would wait there for ever after a broker's end"


def test_no_model_is_loaded_before_the_fork() -> None:
    """All that the worker's parent imports, in a process of its own."""
    code = (
        "import sys; from claimtracker.celery import app; app.loader.import_default_modules(); "
        "assert 'claims.extract_article' in app.tasks; "
        "heavy = ('spacy', 'en_core_web', 'onnxruntime', 'torch'); "
        "print([name for name in sys.modules if name.startswith(heavy)])"
    )
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_a_poison_job_becomes_a_dead_letter_and_others_go_on(worker: Worker) -> None:
    """It kills its process five times; the worker replaces the child, and no lease has to run out."""
    enqueue("tests.poison", 1)
    enqueue("tests.mark_default", 1)

    def dead() -> bool:
        sweep()
        return Job.objects.dead().exists()

    wait_until(dead, seconds=40, pause=0.3)
    poison = Job.objects.get(kind="tests.poison")
    assert (poison.attempt, poison.last_error) == (5, "The worker stopped in the middle of attempt 5.")
    assert Mark.objects.filter(kind="tests.poison").count() == 5
    assert Mark.objects.filter(kind="tests.mark_default").count() == 1
    enqueue("tests.mark_default", 2)
    wait_until(all_done)


def test_a_job_that_hangs_is_ended_tried_again_and_given_up(worker: Worker) -> None:
    """One gives in to the soft limit of 1 s, the other is killed with its process at 2 s."""
    with transaction.atomic():  # a quick worker takes none before it has had three tries
        for name in ("politely", "stubbornly"):
            enqueue("tests.hang", name)
        Job.objects.update(attempt=3)

    def both_dead() -> bool:
        sweep()
        Job.objects.filter(state=states.QUEUED).update(due_at=timezone.now())
        return Job.objects.dead().count() == 2

    wait_until(both_dead, seconds=40, pause=0.3)
    gave_in, was_killed = Job.objects.order_by("object_id")
    assert {gave_in.cause, was_killed.cause} == {"time_limit"}
    assert gave_in.last_error.startswith("SoftTimeLimitExceeded")
    assert was_killed.last_error == (
        "Attempt 5 was ended after 2 s, the most that a job of this kind may take."
    )
    assert Mark.objects.filter(kind="tests.hang").count() == 4, "two tries each"
    enqueue("tests.mark_default", 1)
    wait_until(all_done, what="the worker to go on")


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


def test_a_killed_workers_job_is_done_by_the_next_one(worker: Worker) -> None:
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


def test_a_polite_stop_lets_the_work_end(worker: Worker) -> None:
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


def test_nothing_is_stored_that_nobody_reads(worker: Worker) -> None:
    enqueue("tests.mark_default", 1)
    wait_until(all_done)
    assert app.conf.result_backend is None
    assert all(task.ignore_result for name, task in app.tasks.items() if not name.startswith("celery."))
    with _broker() as client:
        assert not list(client.scan_iter(match="*celery-task-meta*"))


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
