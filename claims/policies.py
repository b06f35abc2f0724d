"""Who may do what to articles and claims, each with the sentence that explains a refusal."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.utils.translation import gettext as _

from claimtracker.accounts.access import APPROVING, CHECKING, has_role, roles_by_desk, sees_everything
from claimtracker.accounts.models import Desk, Role
from claimtracker.kernel.decisions import Allowed, Decision, Denied

from .models import Claim, ClaimMatch, RestrictedClaim
from .states import SET_ASIDE


def can_add_article(user: Any, desk: Desk) -> Decision:
    if desk.closed_at is not None:
        return Denied(_("The %(desk)s desk is closed.") % {"desk": desk.name}, "closed")
    if desk.pk in roles_by_desk(user) or sees_everything(user):
        return Allowed()
    return Denied(_("Only members of the %(name)s desk can add articles to it.") % {"name": desk.name})


def can_decide_submission(user: Any) -> Decision:
    if sees_everything(user):
        return Allowed()
    return Denied(_("Only moderators accept or reject what partners send."))


def can_mark_claim(user: Any, desk: Desk) -> Decision:
    if desk.pk in roles_by_desk(user):
        return Allowed()
    return Denied(
        _("Only members of the %(name)s desk can mark claims in its articles.") % {"name": desk.name}
    )


def can_curate_claim(user: Any, claim: Claim) -> Decision:
    if has_role(user, CHECKING, desk=claim.desk_id):
        return Allowed()
    return Denied(
        _("Only checkers, editors and leads of the %(name)s desk can do this.") % {"name": claim.desk.name}
    )


def nothing_forbids(claim_id: int) -> Decision:
    """Whether what there is of the claim may be changed: no legal hold is in force. Actions ask it beside
    their own policy, so that lists of claims need not."""
    if RestrictedClaim.objects.held().filter(claim=claim_id).exists():
        return Denied(
            _("This claim is under legal hold: nothing of it is changed until two people lift the hold."),
            "legal_hold",
        )
    return Allowed()


def can_decide_match(user: Any, match: ClaimMatch, *, seen: Collection[int] | None = None) -> Decision:
    """Confirm, reject or reconsider it: as one may curate its claim, and sees what it is compared with.
    ``seen`` are the ids of those of our claims that the person sees, where the caller knows them."""
    decision = can_curate_claim(user, match.claim)
    if not decision:
        return decision
    known = match.known_claim
    other = match.other_claim_id if known is None else known.claim_id
    return Allowed() if other is None else _sees(user, other, seen)


def can_merge_families(user: Any, claim: Claim, *, into: Claim) -> Decision:
    decision = can_curate_claim(user, claim)
    return _sees(user, into.pk) if decision else decision


def can_part_families(user: Any, claims: Iterable[Claim]) -> Decision:
    """Detach, split or undo: people of the desk of one of these, those that leave and their canonical."""
    desks = {claim.desk_id: claim.desk.name for claim in claims}
    if any(has_role(user, CHECKING, desk=desk) for desk in desks):
        return Allowed()
    names = " or ".join(sorted(desks.values()))
    return Denied(_("Only checkers, editors and leads of the %(names)s desk can do this.") % {"names": names})


def _sees(user: Any, claim_id: int, seen: Collection[int] | None = None) -> Decision:
    is_seen = (
        Claim.objects.visible_to(user).filter(pk=claim_id).exists() if seen is None else claim_id in seen
    )
    if is_seen:
        return Allowed()
    return Denied(_("The other claim belongs to a desk whose work you do not see."), "not_visible")


def can_watch_claim(user: Any, claim: Claim, *, desk: Desk) -> Decision:
    """Let ``desk`` hear when the claim appears again. Everybody there who reads the alert sees the claim."""
    if not has_role(user, CHECKING, desk=desk):
        return Denied(
            _("Only checkers, editors and leads of the %(name)s desk watch claims for it.")
            % {"name": desk.name}
        )
    if claim.state in SET_ASIDE:
        return Denied(
            _("This claim was %(state)s. Restore it before you watch it.") % {"state": claim.state},
            "set_aside",
        )
    if not Claim.objects.seen_by([desk.pk]).filter(pk=claim.pk).exists():
        return Denied(_("The %(name)s desk does not see this claim.") % {"name": desk.name}, "not_visible")
    return Allowed()


def can_see_alerts(user: Any, desk: Desk) -> Decision:
    """Say that the desk has seen its alerts, or that it need not hear of a claim any more."""
    if has_role(user, CHECKING, desk=desk):
        return Allowed()
    return Denied(
        _("Only checkers, editors and leads of the %(name)s desk decide on its watches and alerts.")
        % {"name": desk.name}
    )


def can_see_acceptance(user: Any) -> Decision:
    if has_role(user, APPROVING) or sees_everything(user):
        return Allowed()
    return Denied(_("Only editors, leads and moderators see how often suggestions are confirmed."))


def can_group_claimants(user: Any) -> Decision:
    """One list of groups for all desks, since a claimant speaks to all of them."""
    if has_role(user, APPROVING) or sees_everything(user):
        return Allowed()
    return Denied(_("Only editors, leads and moderators say to which group a claimant belongs."))


def can_decide_request(user: Any) -> Decision:
    """Accept or decline what partners ask us to check."""
    if sees_everything(user):
        return Allowed()
    return Denied(_("Only moderators decide on what partners ask us to check."))


def can_import_known_claims(user: Any) -> Decision:
    if sees_everything(user):
        return Allowed()
    return Denied(_("Only moderators import what other publishers found."))


def can_withdraw_known_claim(user: Any) -> Decision:
    if sees_everything(user):
        return Allowed()
    return Denied(_("Only moderators withdraw or restore known claims."))


def can_keep_feeds(user: Any, desk: Desk) -> Decision:
    """Try, watch, pause, resume and end the sources of a desk."""
    if has_role(user, frozenset({Role.LEAD}), desk=desk) or sees_everything(user):
        return Allowed()
    return Denied(
        _("Only leads of the %(name)s desk and moderators keep its watched sources.") % {"name": desk.name}
    )


def keeps_feeds_somewhere(user: Any) -> bool:
    return has_role(user, frozenset({Role.LEAD})) or sees_everything(user)
