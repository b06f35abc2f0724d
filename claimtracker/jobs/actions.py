"""What a moderator may do with a job."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from claimtracker.kernel.errors import ActionRefused

from . import states
from .models import Job
from .queueing import send


@transaction.atomic
def run_again(job: Job) -> Job:
    """Give a dead letter its attempts back. Locks the row. Raises ActionRefused when it is not dead or already open."""
    row = Job.objects.select_for_update().get(pk=job.pk)
    states.JOB.check(row.state, states.QUEUED)
    if Job.objects.open().filter(kind=row.kind, object_id=row.object_id).exists():
        raise ActionRefused("The same work is already queued again.", code="already_queued")
    row.state, row.attempt, row.due_at = states.QUEUED, 0, timezone.now()
    row.finished_at, row.sent_at, row.sends = None, None, 0
    row.save()
    transaction.on_commit(lambda: send(row.pk, row.kind), robust=True)
    return row
