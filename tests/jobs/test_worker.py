"""Jobs in a real worker, the same for all tests here."""

from __future__ import annotations

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


def test_nothing_is_stored_that_nobody_reads(worker: Worker) -> None:
    enqueue("tests.mark_default", 1)
    wait_until(all_done)
    assert app.conf.result_backend is None
    assert all(task.ignore_result for name, task in app.tasks.items() if not name.startswith("celery."))
    with _broker() as client:
        assert not list(client.scan_iter(match="*celery-task-meta*"))
