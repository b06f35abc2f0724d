"""Which function does which kind of job. ``@job`` in an app's tasks.py registers it and its Celery task."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from celery import shared_task
from django.conf import settings

if TYPE_CHECKING:
    from .runner import Run

Work = Callable[["Run"], None]
WORK: dict[str, Work] = {}
PASSING: dict[str, tuple[type[Exception], ...]] = {}


def queue_of(kind: str) -> str:
    """The queue of a kind. Raises ValueError for a kind that settings.JOB_QUEUES does not name."""
    try:
        return str(settings.JOB_QUEUES[kind])
    except KeyError:
        raise ValueError(f"No such job: {kind}. Add it to settings.JOB_QUEUES.") from None


def limits_of(kind: str) -> tuple[int, int]:
    """After how many seconds a job is told to stop, and after how many its process is ended."""
    soft, hard = settings.JOB_LIMITS.get(kind, settings.JOB_LIMIT)
    return int(soft), int(hard)


def job(kind: str, *, passing: tuple[type[Exception], ...] = ()) -> Callable[[Work], Work]:
    """Register ``work(run)`` as the job ``kind``. Its Celery task takes the id of a Job row.

    ``passing`` names exceptions of its own that may not come again at the next try; jobs/causes.py has those
    that every kind shares.
    """

    def register(work: Work) -> Work:
        queue_of(kind)
        WORK[kind], PASSING[kind] = work, passing
        soft, hard = limits_of(kind)

        @shared_task(name=kind, ignore_result=True, soft_time_limit=soft, time_limit=hard)
        def run_job_row(job_id: int) -> None:
            from .runner import run

            run(job_id)

        return work

    return register
