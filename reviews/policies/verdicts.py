"""A verdict from proposal to publication."""

from __future__ import annotations

from typing import Any

from claims.models import Claim
from claimtracker.accounts.access import APPROVING, has_role
from claimtracker.accounts.models import Desk
from claimtracker.kernel.decisions import Allowed, Decision, Denied

from .. import states
from ..models import Publication, ReviewTask, Verdict
from ..models.review_task import TaskKind
from .conflicts import conflict_of
from .evidence import can_add_evidence
from .reviewers import is_asked_to_approve
from .tasks import OWN_VERDICT


def can_submit_verdict(user: Any, task: ReviewTask) -> Decision:
    if task.kind != TaskKind.RESEARCH:
        return Denied("Verdicts are proposed from a research task.", "wrong_kind")
    if task.state != states.TAKEN or task.assignee_id != user.pk:
        return Denied("Take the task first: a verdict is proposed by the person who has it.", "not_yours")
    return Allowed()


def can_carry_over_verdict(
    user: Any,
    claim: Claim,
    *,
    task: ReviewTask | None,
    verdict: Verdict | None,
    publication: Publication | None,
) -> Decision:
    """Begin a verdict with the words of ``publication``, what another claim of the family says in public.
    ``task`` is the claim's newest research task, ``verdict`` its newest verdict."""
    if publication is None:
        return Denied("No other claim of this family has a published verdict.", "nothing_to_carry")
    if task is None:
        return Denied("Take the claim's research task first: a verdict is carried over into it.", "not_yours")
    decision = can_submit_verdict(user, task)
    if not decision:
        return decision
    if not (decision := can_add_evidence(user, claim)):
        return decision
    if verdict is not None and verdict.state == states.APPROVED:
        return Denied("This claim has a verdict of its own.", "has_verdict")
    if verdict is not None and not is_as_carried(verdict):
        return Denied(
            "Somebody wrote a draft on this claim already, and nothing of it is overwritten. Empty it first.",
            "draft_has_text",
        )
    return Allowed()


def is_as_carried(verdict: Verdict) -> bool:
    """An undecided verdict in which nobody wrote anything: empty, or exactly what was carried over."""
    if verdict.state != states.DRAFT:
        return False
    if verdict.rating_id is None and not verdict.summary and not verdict.rationale:
        return True
    origin = verdict.carried_from.verdict if verdict.carried_from else None
    return origin is not None and (verdict.rating_id, verdict.summary, verdict.rationale) == (
        origin.rating_id,
        origin.summary,
        origin.rationale,
    )


def can_approve_verdict(user: Any, verdict: Verdict, *, desk: Desk | int) -> Decision:
    if verdict.author_id == user.pk:
        return Denied(OWN_VERDICT, "own_verdict")
    if not has_role(user, APPROVING, desk=desk):
        return Denied("Only editors and leads of the claim's desk approve or return verdicts.")
    if not (asked := is_asked_to_approve(user, verdict.claim, desk=desk)):
        return asked
    if (conflict := conflict_of(user, verdict.claim)) is not None:
        return conflict
    if verdict.state != states.SUBMITTED:
        return Denied(f"This verdict is {verdict.state}, not waiting for approval.", "not_submitted")
    return Allowed()
