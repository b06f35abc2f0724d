"""Tasks follow families: what is the same is researched once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions.curation import lock_claim
from claims.models import Claim
from claimtracker.accounts.models import User
from claimtracker.ledger import audit
from claimtracker.ledger.models import OutboxEvent

from .. import policies, states
from ..models import ReviewTask, Verdict
from ..models.review_task import TaskKind
from ..selectors.families import is_checked_elsewhere
from ..working_time import due_after
from .assignment import put_in_hands
from .priority import priority_fields
from .routing import FIRST_KINDS, route_claim


def concerned_by(event: OutboxEvent) -> list[int]:
    """Ids of the claims whose family an event (family.changed) concerns."""
    return [int(claim_id) for claim_id in event.payload["claims"]]


@transaction.atomic
def follow_family(claim_ids: Iterable[int]) -> Mapping[str, list[int]]:
    """Bring the tasks of these claims in line with their families. A queued first task that nobody began is
    cancelled when another claim of the family is checked or in hand; a claim that is left without a task
    and a verdict gets one. Tasks that somebody has, that hold a verdict or that correct one stay.

    Safe to repeat. Locks the claims in the order of ids, then their tasks. Returns the ids of the claims
    whose task was ``cancelled`` and ``opened``. Audits review_task.cancelled and review_task.routed.
    """
    rows = Claim.objects.select_for_update(no_key=True)  # as locked_rows does
    claims = list(rows.filter(pk__in=set(claim_ids)).standing().order_by("pk"))
    # a task is taken under its own lock, not the claim's: look at it only once nobody can take it
    list(
        ReviewTask.objects.select_for_update()
        .filter(claim__in=claims)
        .open()
        .order_by("pk")
        .values_list("pk")
    )
    did: dict[str, list[int]] = {"cancelled": [], "opened": []}
    for claim in sorted(
        claims, key=lambda one: (one.canonical_id is not None, one.pk)
    ):  # canonical ones first
        if is_checked_elsewhere(claim):
            did["cancelled"] += _cancel_unbegun(claim)
        elif route_claim(claim.pk) is not None:
            did["opened"].append(claim.pk)
    return did


@transaction.atomic
def research_member(claim: Claim, *, by: User) -> ReviewTask:
    """Open a research task on a claim that has none because its family is checked elsewhere, in the hands
    of ``by`` at once: somebody looks at it all the same, or carries the verdict over. Checkers, editors and
    leads of its desk. Locks the claim. Raises NotPermitted. Audits review_task.routed and review_task.taken.
    """
    claim = lock_claim(claim.pk)
    policies.can_research_member(by, claim, is_checked_elsewhere=is_checked_elsewhere(claim)).enforce()
    now = timezone.now()
    task = ReviewTask.objects.create(
        claim=claim,
        kind=TaskKind.RESEARCH,
        desk=claim.desk,
        why=(_("%(by)s checks it beside its family.") % {"by": by})[:500],
        **priority_fields(claim),
        due_at=due_after(claim.desk, now, settings.REVIEW_DEADLINE_HOURS),
    )
    details: dict[str, Any] = {"claim": claim.pk, "desk": claim.desk.slug}
    audit.record("review_task.routed", by=by, subject=task, details=details)
    put_in_hands(task, by)
    audit.record("review_task.taken", by=by, subject=task, details={"claim": claim.pk})
    return task


def _cancel_unbegun(claim: Claim) -> list[int]:
    if Verdict.objects.filter(claim=claim).exists():
        return []  # a draft of somebody, or a correction that an editor asked for
    for task in ReviewTask.objects.filter(claim=claim, kind__in=FIRST_KINDS).queued():
        states.REVIEW_TASK.check(task.state, states.CANCELLED)
        task.state, task.finished_at = states.CANCELLED, timezone.now()
        task.save()
        details = {"claim": claim.pk, "because": "family", "canonical": claim.canonical_id or claim.pk}
        audit.record("review_task.cancelled", by=audit.SYSTEM, subject=task, details=details)
        return [claim.pk]
    return []
