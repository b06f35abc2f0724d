"""Who keeps a desk's hours, days off and capacities, and who sees its people."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from claimtracker.accounts.access import has_role, roles_by_desk, sees_everything
from claimtracker.accounts.models import Desk, Role
from claimtracker.kernel.decisions import Allowed, Decision, Denied

LEADS = frozenset({Role.LEAD})


def can_keep_desk(user: Any, desk: Desk) -> Decision:
    """Change its hours and its people's capacity."""
    if has_role(user, LEADS, desk=desk):
        return Allowed()
    return Denied(
        _("Only leads of the %(name)s desk change its hours and its people's limits.") % {"name": desk.name}
    )


def can_see_people(user: Any, desk: Desk) -> Decision:
    """Its people with their load, leave and declared conflicts of interest: leads, and moderators."""
    if sees_everything(user) or has_role(user, LEADS, desk=desk):
        return Allowed()
    return Denied(_("Only leads of the %(name)s desk see this.") % {"name": desk.name})


def leads_a_desk(user: Any) -> bool:
    return Role.LEAD in roles_by_desk(user).values() or sees_everything(user)
