"""Jobs of this room: look up, call an action."""

from celery import shared_task

from claimtracker.jobs.registry import job
from claimtracker.jobs.runner import Run

from .actions import assignment, deadlines, routing


@job("reviews.route_claim")
def route_claim(run: Run) -> None:
    with run.commit():
        routing.route_claim(int(run.object_id))


@shared_task(name="reviews.route_missing", ignore_result=True)
def route_missing() -> None:
    routing.route_missing()


@shared_task(name="reviews.expire_leases", ignore_result=True)
def expire_leases() -> None:
    assignment.expire_leases()


@shared_task(name="reviews.remind", ignore_result=True)
def remind() -> None:
    deadlines.remind()


@shared_task(name="reviews.escalate", ignore_result=True)
def escalate() -> None:
    deadlines.escalate()
