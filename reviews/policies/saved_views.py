"""Who keeps the queue's saved views."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from claimtracker.accounts.access import has_role
from claimtracker.accounts.models import Desk, Role
from claimtracker.kernel.decisions import Allowed, Decision, Denied

from ..models import SavedView

LEADS = frozenset({Role.LEAD})


def can_share_view(user: Any, desk: Desk) -> Decision:
    if has_role(user, LEADS, desk=desk):
        return Allowed()
    return Denied(_("Only leads of the %(name)s desk share views with it.") % {"name": desk.name})


def can_keep_view(user: Any, view: SavedView) -> Decision:
    """Rename or remove it."""
    if view.desk is not None:
        if has_role(user, LEADS, desk=view.desk):
            return Allowed()
        return Denied(
            _("This view is shared with the %(name)s desk. Its leads keep it.") % {"name": view.desk.name}
        )
    if view.owner_id == user.pk:
        return Allowed()
    return Denied(_("This is somebody else's view."))
