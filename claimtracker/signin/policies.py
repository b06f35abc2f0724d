"""Who may do what to whose account."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from claimtracker.accounts.access import sees_everything
from claimtracker.accounts.models import User
from claimtracker.kernel.decisions import Allowed, Decision, Denied


def can_end_sessions_of(user: Any, person: User) -> Decision:
    """Sign somebody out everywhere: moderators; a superuser's sessions, superusers."""
    return _over(user, person)


def can_reset_second_factor(user: Any, person: User) -> Decision:
    """Take a lost second factor off an account. Never off one's own: that would make it worth nothing."""
    if user.pk == person.pk:
        return Denied(_("Another moderator must reset your own second step."), "own_account")
    return _over(user, person)


def can_forget_identity(user: Any, person: User) -> Decision:
    """Take back whom the identity provider's identifier stands for. As their sessions, which it ends."""
    return _over(user, person)


def can_lift_lock(user: Any) -> Decision:
    """Open sign-in again that was closed for wrong tries."""
    return Allowed() if sees_everything(user) else Denied(_("Only moderators open sign-in again."))


def _over(user: Any, person: User) -> Decision:
    if not sees_everything(user):
        return Denied(_("Only moderators do this to other people's accounts."))
    if person.is_superuser and not user.is_superuser:
        return Denied(_("Only a superuser does this to a superuser's account."), "superuser")
    return Allowed()
