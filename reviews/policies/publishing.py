"""Who answers to the standards, who publishes and who takes back."""

from __future__ import annotations

from typing import Any

from claims.models import Claim
from claims.states import SET_ASIDE
from claimtracker.accounts.access import APPROVING, CHECKING, has_role
from claimtracker.accounts.models import Desk, Role
from claimtracker.kernel.decisions import Allowed, Decision, Denied

from .. import states
from ..models import Publication, Verdict
from .verdicts import still_stands

LEADING = frozenset({Role.LEAD})


def can_publish_verdict(user: Any, verdict: Verdict, *, desk: Desk | int) -> Decision:
    if not has_role(user, APPROVING, desk=desk):
        return Denied("Only editors and leads of the claim's desk publish.")
    if verdict.state != states.APPROVED:
        return Denied("Only an approved verdict can be published.", "not_approved")
    if Publication.objects.filter(verdict=verdict).exists():
        return Allowed()  # the action says that it is public already
    return still_stands(verdict)


def can_explain_finding(user: Any, claim: Claim) -> Decision:
    if not has_role(user, CHECKING, desk=claim.desk_id):
        return Denied(f"Only checkers, editors and leads of the {claim.desk.name} desk explain findings.")
    if claim.state in SET_ASIDE:
        return Denied(f"This claim was {claim.state}. Restore it first.", f"claim_{claim.state}")
    return Allowed()


def can_override_standards(user: Any, claim: Claim, *, author_id: int | None) -> Decision:
    """``author_id`` is who proposed the verdict that would go out next."""
    if not has_role(user, LEADING, desk=claim.desk_id):
        return Denied(f"Only a lead of the {claim.desk.name} desk overrides the standards.")
    if author_id is not None and author_id == user.pk:
        return Denied("You proposed this verdict. Another lead must override for it.", "own_verdict")
    if claim.state in SET_ASIDE:
        return Denied(f"This claim was {claim.state}. Restore it first.", f"claim_{claim.state}")
    return Allowed()


def can_retract(user: Any, claim: Claim, *, publication: Publication | None) -> Decision:
    """``publication`` is the claim's newest version."""
    if not has_role(user, LEADING, desk=claim.desk_id):
        return Denied(f"Only a lead of the {claim.desk.name} desk retracts a check.")
    if publication is None:
        return Denied("Nothing of this claim is published.", "not_published")
    if publication.is_retraction:
        return Denied("This check is retracted already.", "already_retracted")
    return Allowed()
