"""Jobs for tests of the machinery, run by real workers (settings/test.py gives each its queue)."""

from __future__ import annotations

import os
import signal
import time

from celery.exceptions import SoftTimeLimitExceeded

from claimtracker.celery import QUEUES
from claimtracker.jobs.registry import job
from claimtracker.jobs.runner import Run

from .models import Mark


def mark(run: Run, note: str = "", *, final: bool = True) -> None:
    Mark.objects.create(kind=run.kind, object_id=run.object_id, note=note, final=final, pid=os.getpid())


def leave_mark(run: Run) -> None:
    with run.commit():
        mark(run)


for queue in QUEUES:
    job(f"tests.mark_{queue}")(leave_mark)


@job("tests.slow")
def work_slowly(run: Run) -> None:
    """``object_id`` is NAME:SECONDS; says when it begins, so that a test knows it is in the middle."""
    mark(run, "began", final=False)
    time.sleep(float(run.object_id.partition(":")[2]))
    with run.commit():
        mark(run)


@job("tests.poison")
def kill_the_worker(run: Run) -> None:
    mark(run, "began", final=False)
    os.kill(os.getpid(), signal.SIGKILL)


@job("tests.fail")
def fail(run: Run) -> None:
    mark(run, "began", final=False)
    raise ConnectionError("this never works")


@job("tests.hang")
def hang(run: Run) -> None:
    """``object_id`` "politely:N" gives in when it is told to stop; any other holds out until it is killed."""
    mark(run, "began", final=False)
    while True:
        try:
            time.sleep(60)
        except SoftTimeLimitExceeded:
            if run.object_id.startswith("politely"):
                raise
