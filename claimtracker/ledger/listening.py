"""What rooms below this one did, told by their signals: they cannot call the ledger themselves."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from claimtracker.jobs.actions import requeued
from claimtracker.jobs.models import Job

from . import audit


@receiver(requeued, dispatch_uid="claimtracker.ledger.records_requeued_jobs")
def record_requeued(*, job: Job, by: Any, cause: str, attempts: int, **_kwargs: Any) -> None:
    """Inside the transaction of the change."""
    details = {"kind": job.kind, "object": job.object_id, "cause": cause, "attempts": attempts}
    audit.record("job.requeued", by=by, subject=job, details=details)
