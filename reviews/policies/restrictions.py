"""Who hides a check, has it taken down or held, and who is the second person."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from claims.models import Claim
from claims.policies import nothing_forbids
from claimtracker.accounts.access import has_role, sees_everything
from claimtracker.accounts.models import Role
from claimtracker.kernel.decisions import Allowed, Decision, Denied

from .. import states
from ..models.restriction import Restriction, RestrictionKind

LEADING = frozenset({Role.LEAD})


def can_restrict(user: Any) -> Decision:
    """Hide a check, order a takedown, place a legal hold."""
    if sees_everything(user):
        return Allowed()
    return Denied(_("Only moderators hide checks, take them down or hold claims."))


def can_see_restrictions(user: Any, claim: Claim) -> Decision:
    """Everybody who may open the claim sees that one is in force, and why; the record with its notes is for
    who decides on it."""
    if is_second_person(user, claim):
        return Allowed()
    return Denied(
        _("Only moderators and leads of the %(name)s desk read the record of restrictions.")
        % {"name": claim.desk.name}
    )


def is_second_person(user: Any, claim: Claim) -> bool:
    return sees_everything(user) or has_role(user, LEADING, desk=claim.desk_id)


def can_decide_order(user: Any, restriction: Restriction, *, claim: Claim) -> Decision:
    """Confirm or refuse a takedown that was ordered."""
    decision = _decides(user, claim)
    if not decision:
        return decision
    if restriction.state != states.ORDERED:
        return Denied(_("This order was decided on already."), "decided")
    return Allowed()


def can_confirm_order(user: Any, restriction: Restriction, *, claim: Claim) -> Decision:
    decision = can_decide_order(user, restriction, claim=claim)
    if decision and restriction.ordered_by_id == user.pk:
        return Denied(_("You ordered this takedown. Another moderator or lead confirms it."), "own_order")
    return decision


def can_lift(user: Any, restriction: Restriction, *, claim: Claim) -> Decision:
    """Show what is hidden again, or ask that a takedown or a hold be lifted."""
    is_asked = restriction.kind == RestrictionKind.HIDDEN and restriction.escalated_to_id == user.pk
    if not (sees_everything(user) or (is_asked and is_second_person(user, claim))):
        return Denied(_("Only moderators lift restrictions, and leads whom a moderator asked to decide."))
    if restriction.state != states.IN_FORCE:
        return Denied(_("This restriction is not in force, or its lifting was asked for."), "not_in_force")
    return Allowed()


def can_decide_lifting(user: Any, restriction: Restriction, *, claim: Claim) -> Decision:
    """Keep in force what somebody wants lifted; :func:`can_confirm_lifting` to lift it."""
    decision = _decides(user, claim)
    if not decision:
        return decision
    if restriction.state != states.LIFTING:
        return Denied(_("Nobody asks for this restriction to be lifted."), "not_lifting")
    return Allowed()


def can_confirm_lifting(user: Any, restriction: Restriction, *, claim: Claim) -> Decision:
    decision = can_decide_lifting(user, restriction, claim=claim)
    if decision and restriction.lift_asked_by_id == user.pk:
        return Denied(_("You asked for it to be lifted. Another moderator or lead decides."), "own_lifting")
    return decision


def can_escalate(user: Any, restriction: Restriction, *, claim: Claim) -> Decision:
    decision = _decides(user, claim)
    if decision and not restriction.is_open:
        return Denied(_("This restriction is over."), "over")
    return decision


def nothing_keeps_from_publishing(claim_id: int) -> Decision:
    """Whether a version may go out or be taken back: no takedown and no hold is ordered or in force. What is
    only hidden may be corrected, out of readers' sight."""
    held = nothing_forbids(claim_id)
    if not held:
        return held
    if Restriction.objects.open().filter(claim=claim_id, kind=RestrictionKind.TAKEDOWN).exists():
        return Denied(
            _("A takedown of it is ordered or in force: nothing is published or retracted meanwhile."),
            "taken_down",
        )
    return Allowed()


def _decides(user: Any, claim: Claim) -> Decision:
    if is_second_person(user, claim):
        return Allowed()
    return Denied(
        _("Only moderators and leads of the %(name)s desk decide on this.") % {"name": claim.desk.name}
    )
