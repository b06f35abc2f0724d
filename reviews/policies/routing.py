"""Who keeps the rules by which claims come to desks."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from claimtracker.accounts.access import has_role, roles_by_desk, sees_everything
from claimtracker.accounts.models import Role
from claimtracker.kernel.decisions import Allowed, Decision, Denied


def can_read_rules(user: Any) -> Decision:
    """Everybody whose work comes by these rules reads them."""
    if roles_by_desk(user) or sees_everything(user):
        return Allowed()
    return Denied(_("Only members of a desk read the routing rules."))


def can_edit_rules(user: Any) -> Decision:
    """Rules, topics, order and what happens otherwise: one list for all desks, so one right for all of it."""
    if has_role(user, frozenset({Role.LEAD})) or sees_everything(user):
        return Allowed()
    return Denied(_("Only leads of a desk, and moderators, change the routing rules."))
