"""A claim under review: its wording, its recheck, a look of its own beside its family."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

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
        return Denied(_("Only editors and leads of the claim's desk ask for a correction."))
    if verdict is None or verdict.state != states.APPROVED:
        return Denied(_("Only a decided check is looked at again; this one is still open."), "not_decided")
    if is_being_rechecked(claim):
        return Denied(_("This check is being looked at again already."), "already_open")
    return Allowed()


def can_reword_claim(user: Any, claim: Claim, *, verdict: Verdict | None) -> Decision:
    """``verdict`` is the newest one on the claim: an approval is of words that do not change under it."""
    decision = can_curate_claim(user, claim)
    if not decision:
        return decision
    if claim.state == WITHDRAWN:
        return Denied(_("This claim was withdrawn. Restore it first."), "withdrawn")
    if verdict and verdict.state in states.WAITING:
        return Denied(_("The verdict waits for approval, so the claim's wording is closed."), "closed")
    if verdict and verdict.state == states.APPROVED and not is_being_rechecked(claim):
        return Denied(_("The verdict is approved, so the claim's wording is closed."), "closed")
    return Allowed()


def can_research_member(user: Any, claim: Claim, *, is_checked_elsewhere: bool) -> Decision:
    """Look all the same at a claim that is checked elsewhere in its family."""
    if not has_role(user, CHECKING, desk=claim.desk_id):
        return Denied(
            _("Only checkers, editors and leads of the %(name)s desk take its tasks.")
            % {"name": claim.desk.name}
        )
    if (conflict := conflict_of(user, claim)) is not None:
        return conflict
    if claim.state in SET_ASIDE:
        return Denied(
            _("This claim was %(state)s. Restore it first.") % {"state": claim.state}, f"claim_{claim.state}"
        )
    if not is_checked_elsewhere:
        return Denied(_("No other claim of its family is checked, so it has its own task."), "not_elsewhere")
    if ReviewTask.objects.filter(claim=claim).open().exists():
        return Denied(_("This claim has an open task already."), "already_open")
    if Verdict.objects.filter(claim=claim).exists():
        return Denied(_("This claim has a verdict of its own."), "has_verdict")
    return Allowed()
