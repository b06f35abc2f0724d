"""Who asks the claimant, and who decides whether the answer is shown."""

from __future__ import annotations

from typing import Any

from claims.models import Claim
from claims.states import SET_ASIDE
from claimtracker.accounts.access import APPROVING, CHECKING, has_role
from claimtracker.kernel.decisions import Allowed, Decision, Denied

from ..models.reply import Reply


def can_ask_claimant(user: Any, claim: Claim) -> Decision:
    if not has_role(user, CHECKING, desk=claim.desk_id):
        return Denied(f"Only checkers, editors and leads of the {claim.desk.name} desk ask for a reply.")
    if claim.state in SET_ASIDE:
        return Denied(f"This claim was {claim.state}. Restore it first.", f"claim_{claim.state}")
    if claim.claimant_id is None:
        return Denied(
            "The reporter says this in their own voice, so there is nobody to ask.", "nobody_to_ask"
        )
    return Allowed()


def can_decide_reply(user: Any, reply: Reply, *, claim: Claim) -> Decision:
    if not has_role(user, APPROVING, desk=claim.desk_id):
        return Denied(f"Only editors and leads of the {claim.desk.name} desk decide on replies.")
    if reply.entered_by_id is not None and reply.entered_by_id == user.pk:
        return Denied("You wrote this reply down. A second person decides on it.", "own_entry")
    return Allowed()
