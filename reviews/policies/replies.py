"""Who asks the claimant, and who decides whether the answer is shown."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from claims.models import Claim
from claims.states import SET_ASIDE
from claimtracker.accounts.access import APPROVING, CHECKING, has_role
from claimtracker.kernel.decisions import Allowed, Decision, Denied

from ..models.reply import Reply


def can_ask_claimant(user: Any, claim: Claim) -> Decision:
    if not has_role(user, CHECKING, desk=claim.desk_id):
        return Denied(
            _("Only checkers, editors and leads of the %(name)s desk ask for a reply.")
            % {"name": claim.desk.name}
        )
    if claim.state in SET_ASIDE:
        return Denied(
            _("This claim was %(state)s. Restore it first.") % {"state": claim.state}, f"claim_{claim.state}"
        )
    if claim.claimant_id is None:
        return Denied(
            _("The reporter says this in their own voice, so there is nobody to ask."), "nobody_to_ask"
        )
    return Allowed()


def can_decide_reply(user: Any, reply: Reply, *, claim: Claim) -> Decision:
    if not has_role(user, APPROVING, desk=claim.desk_id):
        return Denied(
            _("Only editors and leads of the %(name)s desk decide on replies.") % {"name": claim.desk.name}
        )
    if reply.entered_by_id is not None and reply.entered_by_id == user.pk:
        return Denied(_("You wrote this reply down. A second person decides on it."), "own_entry")
    return Allowed()
