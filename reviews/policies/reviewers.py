"""Who has to be the second person, where the rule that routed the claim asks for somebody."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from claims.models import Claim
from claimtracker.accounts.access import has_role
from claimtracker.accounts.models import Desk, Role
from claimtracker.kernel.decisions import Allowed, Decision, Denied

from ..models.routing import Approval, ClaimRoute

LEADS = frozenset({Role.LEAD})


def is_asked_to_approve(user: Any, claim: Claim, *, desk: Desk | int) -> Decision:
    """A lead of the desk always is, so that nothing gets stuck when the people named are away. Asks nothing
    of the database when the claim came with its route."""
    route: ClaimRoute | None = getattr(claim, "route", None)
    if route is None or route.approval == Approval.ANYONE or has_role(user, LEADS, desk=desk):
        return Allowed()
    if route.approval == Approval.NAMED:
        if user.pk in route.reviewer_ids:
            return Allowed()
        return Denied(
            _("Rule “%(rule_name)s” names who approves this, or else a lead of the desk does.")
            % {"rule_name": route.rule_name},
            "not_asked",
        )
    return Denied(
        _("Rule “%(rule_name)s” asks for a lead of the desk to approve this.")
        % {"rule_name": route.rule_name},
        "not_asked",
    )
