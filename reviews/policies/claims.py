"""A claim under review: its wording, its recheck, a look of its own beside its family."""

from __future__ import annotations

from typing import Any

from claims.models import Claim
from claims.policies import can_curate_claim
from claims.states import SET_ASIDE, WITHDRAWN
from claimtracker.accounts.access import APPROVING, CHECKING, has_role
from claimtracker.kernel.decisions import Allowed, Decision, Denied

from .. import states
from ..models import ReviewTask, Verdict
from ..models.review_task import PROPOSING
from .conflicts import conflict_of


def is_being_rechecked(claim: Claim) -> bool:
    """Somebody works, or is asked to work, on the next version."""
    return ReviewTask.objects.filter(claim=claim, kind__in=PROPOSING).open().exists()


def can_open_recheck(user: Any, claim: Claim, *, verdict: Verdict | None) -> Decision:
    """``verdict`` is the newest one on the claim."""
    if not has_role(user, APPROVING, desk=claim.desk_id):
        return Denied("Only editors and leads of the claim's desk ask for a correction.")
    if verdict is None or verdict.state != states.APPROVED:
        return Denied("Only a decided check is looked at again; this one is still open.", "not_decided")
    if is_being_rechecked(claim):
        return Denied("This check is being looked at again already.", "already_open")
    return Allowed()


def can_reword_claim(user: Any, claim: Claim, *, verdict: Verdict | None) -> Decision:
    """``verdict`` is the newest one on the claim: an approval is of words that do not change under it."""
    decision = can_curate_claim(user, claim)
    if not decision:
        return decision
    if claim.state == WITHDRAWN:
        return Denied("A newer reading withdrew this claim. Restore it first.", "withdrawn")
    if verdict and verdict.state in states.WAITING:
        return Denied("The verdict waits for approval, so the claim's wording is closed.", "closed")
    if verdict and verdict.state == states.APPROVED and not is_being_rechecked(claim):
        return Denied("The verdict is approved, so the claim's wording is closed.", "closed")
    return Allowed()


def can_research_member(user: Any, claim: Claim, *, is_checked_elsewhere: bool) -> Decision:
    """Look all the same at a claim that is checked elsewhere in its family."""
    if not has_role(user, CHECKING, desk=claim.desk_id):
        return Denied(f"Only checkers, editors and leads of the {claim.desk.name} desk take its tasks.")
    if (conflict := conflict_of(user, claim)) is not None:
        return conflict
    if claim.state in SET_ASIDE:
        return Denied(f"This claim was {claim.state}. Restore it first.", f"claim_{claim.state}")
    if not is_checked_elsewhere:
        return Denied("No other claim of its family is checked, so it has its own task.", "not_elsewhere")
    if ReviewTask.objects.filter(claim=claim).open().exists():
        return Denied("This claim has an open task already.", "already_open")
    if Verdict.objects.filter(claim=claim).exists():
        return Denied("This claim has a verdict of its own.", "has_verdict")
    return Allowed()
