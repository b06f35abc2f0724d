"""Who says whether a claim is checked, dismissed or merged, and why it was chosen."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from claims.models import Claim
from claims.policies import can_curate_claim
from claims.states import SET_ASIDE
from claimtracker.accounts.access import CHECKING, has_role
from claimtracker.kernel.decisions import Allowed, Decision, Denied

from .. import states
from ..models import ReviewTask
from ..models.review_task import TaskKind
from .conflicts import conflict_of


def can_triage(user: Any, task: ReviewTask) -> Decision:
    """Decide at once, also without having taken the task: it is one look. Not while somebody else has it."""
    if task.kind != TaskKind.TRIAGE:
        return Denied(_("This is no triage task."), "wrong_kind")
    if not has_role(user, CHECKING, desk=task.desk_id):
        return Denied(
            _("Only checkers, editors and leads of the %(name)s desk decide on its triage.")
            % {"name": task.desk.name}
        )
    if (conflict := conflict_of(user, task.claim)) is not None:
        return conflict
    if task.state == states.TAKEN and task.assignee_id != user.pk:
        name = task.assignee.get_short_name() if task.assignee else "Somebody"
        return Denied(_("%(name)s has this task already.") % {"name": name}, "already_taken")
    if task.state not in states.OPEN:
        return Denied(_("This task is %(state)s.") % {"state": task.state}, "not_open")
    return Allowed()


def can_explain_selection(user: Any, claim: Claim) -> Decision:
    """Say to readers why the claim is checked."""
    decision = can_curate_claim(user, claim)
    if not decision:
        return decision
    if claim.state in SET_ASIDE:
        return Denied(_("This claim was %(state)s. Restore it first.") % {"state": claim.state}, "set_aside")
    return Allowed()
