"""The jobs of dumps: look up, call."""

from __future__ import annotations

from celery import shared_task

from claimtracker.jobs.registry import job
from claimtracker.jobs.runner import Run
from reviews.actions import dumps

from .dumps import making


@job(dumps.MAKE)
def make_dumps(run: Run) -> None:
    making.tidy()
    made = making.make_dump()
    with run.commit():
        making.release(made)  # or not, where something had to leave it: whoever saw to that asked for another
    making.tidy()


@shared_task(name="api.plan_dumps", ignore_result=True)
def plan_dumps() -> None:
    dumps.plan_dumps()
