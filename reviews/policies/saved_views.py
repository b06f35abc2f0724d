"""Who keeps the queue's saved views."""

from __future__ import annotations

from typing import Any

from claimtracker.accounts.access import has_role
from claimtracker.accounts.models import Desk, Role
from claimtracker.kernel.decisions import Allowed, Decision, Denied

from ..models import SavedView

LEADS = frozenset({Role.LEAD})


def can_share_view(user: Any, desk: Desk) -> Decision:
    if has_role(user, LEADS, desk=desk):
        return Allowed()
    return Denied(f"Only leads of the {desk.name} desk share views with it.")


def can_keep_view(user: Any, view: SavedView) -> Decision:
    """Rename or remove it."""
    if view.desk is not None:
        if has_role(user, LEADS, desk=view.desk):
            return Allowed()
        return Denied(f"This view is shared with the {view.desk.name} desk. Its leads keep it.")
    if view.owner_id == user.pk:
        return Allowed()
    return Denied("This is somebody else's view.")
