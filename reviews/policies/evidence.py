"""Gathering evidence: open while the next version is being worked on."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from claims.models import Claim
from claims.states import DISMISSED, WITHDRAWN
from claimtracker.accounts.access import CHECKING, has_role
from claimtracker.kernel.decisions import Allowed, Decision, Denied

from .. import states
from ..models import Evidence, Source, Verdict
from .claims import is_being_rechecked


def can_add_evidence(user: Any, claim: Claim) -> Decision:
    if not has_role(user, CHECKING, desk=claim.desk_id):
        return Denied(
            _("Only checkers, editors and leads of the %(name)s desk add evidence.")
            % {"name": claim.desk.name}
        )
    if claim.state == DISMISSED:
        return Denied(_("This claim was dismissed. Restore it before you gather evidence."), "dismissed")
    if claim.state == WITHDRAWN:
        return Denied(_("This claim was withdrawn. Restore it first."), "withdrawn")
    verdict = Verdict.objects.filter(claim=claim).order_by("-id").first()
    if verdict and verdict.state in states.WAITING:
        return Denied(
            _("The verdict waits for approval, so its evidence is closed. It opens again if it is returned."),
            "closed",
        )
    if verdict and verdict.state == states.APPROVED and not is_being_rechecked(claim):
        return Denied(_("The verdict is approved, so its evidence is closed."), "closed")
    return Allowed()


def can_settle_change(user: Any, claim: Claim) -> Decision:
    """Say that one has looked at what changed on a cited page: also while the evidence is closed."""
    if not has_role(user, CHECKING, desk=claim.desk_id):
        return Denied(
            _("Only checkers, editors and leads of the %(name)s desk look at its evidence.")
            % {"name": claim.desk.name}
        )
    return Allowed()


def can_see_evidence(user: Any, evidence: Evidence) -> Decision:
    """The words and the source of a piece of evidence on a claim that the person sees."""
    source = evidence.source
    if source.is_confidential and not Source.objects.visible_to(user).filter(pk=source.pk).exists():
        return Denied(_("This source is confidential. Only who added it, editors and leads decide about it."))
    return Allowed()
