"""A published check is looked at again: the way to a correction, which is the next version."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from claims.actions.curation import lock_claim
from claims.models import Claim
from claimtracker.accounts.models import User
from claimtracker.kernel.errors import ActionRefused
from claimtracker.ledger import audit

from .. import policies
from ..models import ReviewTask, Verdict
from ..models.review_task import TaskKind


@transaction.atomic
def open_recheck(claim: Claim, *, by: User, reason: str) -> ReviewTask:
    """Open a research task on a claim whose verdict is public. What is published stays until two people
    have decided on the next version. Editors and leads. Locks the claim. Audits review_task.reopened."""
    claim = lock_claim(claim.pk)
    verdict = Verdict.objects.filter(claim=claim).order_by("-id").first()
    policies.can_open_recheck(by, claim, verdict=verdict).enforce()
    if not reason.strip():
        raise ActionRefused("Say what has to be looked at again.", code="reason_missing", field="reason")
    task = ReviewTask.objects.create(
        claim=claim,
        kind=TaskKind.RESEARCH,
        desk=claim.desk,
        priority=100,
        why=f"{by} asks for a correction: {reason.strip()}"[:500],
        due_at=timezone.now() + timedelta(hours=settings.REVIEW_DEADLINE_HOURS / 2),
    )
    audit.record(
        "review_task.reopened", by=by, subject=task, details={"claim": claim.pk}, note=reason.strip()
    )
    return task
