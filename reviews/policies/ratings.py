"""Who keeps the rating scales and the words with which verdicts are returned."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from claimtracker.accounts.access import APPROVING, has_role, roles_by_desk, sees_everything
from claimtracker.accounts.models import Role
from claimtracker.kernel.decisions import Allowed, Decision, Denied

LEADS = frozenset({Role.LEAD})


def can_read_ratings(user: Any) -> Decision:
    """Everybody who rates, or reads ratings, knows what they mean."""
    if roles_by_desk(user) or sees_everything(user):
        return Allowed()
    return Denied(_("Only members of a desk read the rating scales."))


def can_edit_ratings(user: Any) -> Decision:
    """One set of scales for all desks, so one right for all of it."""
    if has_role(user, LEADS) or sees_everything(user):
        return Allowed()
    return Denied(_("Only leads of a desk, and moderators, change the rating scales."))


def can_see_insight(user: Any) -> Decision:
    """How much comes in and goes out, how long it takes, what waits, whose claims are checked."""
    if has_role(user, APPROVING) or sees_everything(user):
        return Allowed()
    return Denied(_("Only editors, leads and moderators see the insight pages."))


def can_see_agreement(user: Any) -> Decision:
    if has_role(user, APPROVING) or sees_everything(user):
        return Allowed()
    return Denied(_("Only editors, leads and moderators see how well reviewers agree."))
