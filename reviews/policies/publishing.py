"""Who answers to the standards, who publishes and who takes back."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from claims.models import Claim
from claims.states import SET_ASIDE
from claimtracker.accounts.access import APPROVING, CHECKING, has_role, sees_everything
from claimtracker.accounts.models import Desk, Role
from claimtracker.kernel.decisions import Allowed, Decision, Denied

from .. import states
from ..models import Publication, Verdict
from .restrictions import nothing_keeps_from_publishing
from .verdicts import still_stands

LEADING = frozenset({Role.LEAD})


def can_publish_verdict(user: Any, verdict: Verdict, *, desk: Desk | int) -> Decision:
    if not has_role(user, APPROVING, desk=desk):
        return Denied(_("Only editors and leads of the claim's desk publish."))
    if verdict.state != states.APPROVED:
        return Denied(_("Only an approved verdict can be published."), "not_approved")
    if Publication.objects.filter(verdict=verdict).exists():
        return Allowed()  # the action says that it is public already
    allowed = nothing_keeps_from_publishing(verdict.claim_id)
    return still_stands(verdict) if allowed else allowed


def can_see_receipts(user: Any, claim: Claim) -> Decision:
    """Who has which version of the check, outside."""
    if sees_everything(user) or has_role(user, APPROVING, desk=claim.desk_id):
        return Allowed()
    return Denied(
        _("Only editors and leads of the %(name)s desk see which partners have a check.")
        % {"name": claim.desk.name}
    )


def can_explain_finding(user: Any, claim: Claim) -> Decision:
    if not has_role(user, CHECKING, desk=claim.desk_id):
        return Denied(
            _("Only checkers, editors and leads of the %(name)s desk explain findings.")
            % {"name": claim.desk.name}
        )
    if claim.state in SET_ASIDE:
        return Denied(
            _("This claim was %(state)s. Restore it first.") % {"state": claim.state}, f"claim_{claim.state}"
        )
    return Allowed()


def can_override_standards(user: Any, claim: Claim, *, author_id: int | None) -> Decision:
    """``author_id`` is who proposed the verdict that would go out next."""
    if not has_role(user, LEADING, desk=claim.desk_id):
        return Denied(
            _("Only a lead of the %(name)s desk overrides the standards.") % {"name": claim.desk.name}
        )
    if author_id is not None and author_id == user.pk:
        return Denied(_("You proposed this verdict. Another lead must override for it."), "own_verdict")
    if claim.state in SET_ASIDE:
        return Denied(
            _("This claim was %(state)s. Restore it first.") % {"state": claim.state}, f"claim_{claim.state}"
        )
    return Allowed()


def can_retract(user: Any, claim: Claim, *, publication: Publication | None) -> Decision:
    """``publication`` is the claim's newest version."""
    if not has_role(user, LEADING, desk=claim.desk_id):
        return Denied(_("Only a lead of the %(name)s desk retracts a check.") % {"name": claim.desk.name})
    if publication is None:
        return Denied(_("Nothing of this claim is published."), "not_published")
    if publication.is_retraction:
        return Denied(_("This check is retracted already."), "already_retracted")
    return nothing_keeps_from_publishing(claim.pk)
