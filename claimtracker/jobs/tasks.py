"""The beat's sweep."""

from celery import shared_task

from .sweep import sweep


@shared_task(name="jobs.sweep", ignore_result=True)
def sweep_jobs() -> None:
    sweep()
