"""The questions about roles that every policy asks. Memberships are read once per user object."""

from __future__ import annotations

from typing import Any

from .models import Desk, Membership, Role, User

CHECKING = frozenset({Role.CHECKER, Role.EDITOR, Role.LEAD})
APPROVING = frozenset({Role.EDITOR, Role.LEAD})
# Every role that the permission table has a column for. Membership alone opens a desk's work, so one that was
# added to Role and has no place in the table yet is read as none at all.
PLACED = frozenset({Role.REPORTER, Role.CHECKER, Role.EDITOR, Role.LEAD, Role.MODERATOR})


def roles_by_desk(user: Any) -> dict[int, str]:
    """Desk id → role of this person, if it is placed. Empty for the anonymous and the inactive."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return {}
    cached: dict[int, str] | None = getattr(user, "_roles_by_desk", None)
    if cached is None:
        held = Membership.objects.filter(user_id=user.pk, role__in=PLACED)
        cached = dict(held.values_list("desk_id", "role"))
        user._roles_by_desk = cached
    return cached


def has_role(user: Any, roles: frozenset[Role] | frozenset[str], *, desk: Desk | int | None = None) -> bool:
    """Does this person hold one of ``roles`` at ``desk`` (at any desk when it is None)?"""
    held = roles_by_desk(user)
    if desk is None:
        return any(role in roles for role in held.values())
    return held.get(desk if isinstance(desk, int) else desk.pk) in roles


def sees_everything(user: Any) -> bool:
    """Moderators and superusers look into every desk."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return False
    return user.is_superuser or has_role(user, frozenset({Role.MODERATOR}))


def visible_desk_ids(user: Any) -> list[int]:
    return list(roles_by_desk(user))


def default_desk() -> Desk:
    """The desk for what no rule places. Raises Desk.DoesNotExist when none is set up."""
    return Desk.objects.get(is_default=True)


__all__ = [
    "APPROVING",
    "CHECKING",
    "PLACED",
    "User",
    "default_desk",
    "has_role",
    "roles_by_desk",
    "sees_everything",
    "visible_desk_ids",
]
