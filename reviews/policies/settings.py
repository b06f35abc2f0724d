"""Who sets how a newsroom works: its desks, who does what there, what is reviewed blind."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from claimtracker.accounts.access import has_role, sees_everything
from claimtracker.accounts.models import Desk, Membership, Role
from claimtracker.kernel.decisions import Allowed, Decision, Denied

LEADS = frozenset({Role.LEAD})
# what a lead may grant at a desk of theirs: never more than they are
GRANTED_BY_LEADS = (Role.REPORTER, Role.CHECKER, Role.EDITOR, Role.LEAD)


def can_see_settings(user: Any) -> Decision:
    if has_role(user, LEADS) or sees_everything(user):
        return Allowed()
    return Denied(_("Only leads of a desk, and moderators, open the settings."))


def can_set_sampling(user: Any, desk: Desk) -> Decision:
    if not _leads(user, desk):
        return Denied(
            _("Only leads of the %(desk)s desk, and moderators, set what it reviews blind.")
            % {"desk": desk.name}
        )
    return Allowed()


def _leads(user: Any, desk: Desk) -> bool:
    return has_role(user, LEADS, desk=desk) or sees_everything(user)


def can_make_desk(user: Any) -> Decision:
    if has_role(user, LEADS) or sees_everything(user):
        return Allowed()
    return Denied(_("Only leads of a desk, and moderators, make desks."))


def can_change_desk(user: Any, desk: Desk) -> Decision:
    """Rename or close it."""
    if not _leads(user, desk):
        return Denied(
            _("Only leads of the %(desk)s desk, and moderators, change or close it.") % {"desk": desk.name}
        )
    if desk.closed_at is not None:
        return Denied(_("The %(desk)s desk is closed.") % {"desk": desk.name}, "closed")
    return Allowed()


def can_grant(user: Any, desk: Desk, role: str) -> Decision:
    """Give somebody this role at the desk. Moderators see all desks, so only the administration makes one."""
    if not _leads(user, desk):
        return Denied(
            _("Only leads of the %(desk)s desk, and moderators, say who does what there.")
            % {"desk": desk.name}
        )
    if desk.closed_at is not None:
        return Denied(_("The %(desk)s desk is closed.") % {"desk": desk.name}, "closed")
    if role not in GRANTED_BY_LEADS:
        return Denied(_("A moderator is made in the administration, by moderators."), "not_grantable")
    return Allowed()


def can_change_member(user: Any, membership: Membership) -> Decision:
    """Change or end what somebody does at the desk."""
    decision = can_grant(user, membership.desk, Role.REPORTER)
    if decision and membership.role not in GRANTED_BY_LEADS and not sees_everything(user):
        return Denied(
            _("What a moderator may do is changed in the administration, by moderators."), "more_than_you"
        )
    return decision
