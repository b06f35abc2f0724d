"""What a moderator may do with a job."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext as _

from claimtracker.kernel.commits import after_commit
from claimtracker.kernel.errors import ActionRefused

from . import states
from .models import Job
from .queueing import send

# Sent inside the transaction: ``job``, ``by``, and ``cause`` and ``attempts``, as they were when it was given
# up. The ledger, a room above this one, listens and audits job.requeued.
requeued = Signal()


@transaction.atomic
def run_again(job: Job, *, by: Any) -> Job:
    """Give a dead letter its attempts back, and send it.

    Locks the row. Raises ActionRefused: ``not_dead``, or ``already_queued`` when the same work was asked
    for anew since. Audits job.requeued.
    """
    row = Job.objects.select_for_update().get(pk=job.pk)
    if row.state != states.DEAD:
        raise ActionRefused(
            _("Only a dead letter can be run again; this job is %(state)s.") % {"state": row.state},
            code="not_dead",
        )
    before = {"cause": row.cause, "attempts": row.attempt}
    row.state, row.attempt, row.due_at = states.QUEUED, 0, timezone.now()
    row.finished_at, row.sent_at, row.sends, row.rerun = None, None, 0, False
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:  # one_open_job_per_kind_and_object
        raise ActionRefused(_("The same work is already queued again."), code="already_queued") from error
    requeued.send(sender=Job, job=row, by=by, **before)
    after_commit(send, row.pk, row.kind)
    return row
