"""What a moderator may do with a job."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone

from claimtracker.kernel.errors import ActionRefused

from . import states
from .models import Job
from .queueing import send


@transaction.atomic
def run_again(job: Job) -> Job:
    """Give a dead letter its attempts back, and send it.

    Locks the row. Raises ActionRefused: ``not_dead``, or ``already_queued`` when the same work was asked
    for anew since.
    """
    row = Job.objects.select_for_update().get(pk=job.pk)
    if row.state != states.DEAD:
        raise ActionRefused(f"Only a dead letter can be run again; this job is {row.state}.", code="not_dead")
    row.state, row.attempt, row.due_at = states.QUEUED, 0, timezone.now()
    row.finished_at, row.sent_at, row.sends, row.rerun = None, None, 0, False
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:  # one_open_job_per_kind_and_object
        raise ActionRefused("The same work is already queued again.", code="already_queued") from error
    transaction.on_commit(lambda: send(row.pk, row.kind), robust=True)
    return row
