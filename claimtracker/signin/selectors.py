"""What pages of this room list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from claimtracker.accounts.access import roles_by_desk, sees_everything
from claimtracker.accounts.models import Desk, Role

from .devices import name_of
from .models import Invitation

MOST = 100


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A line of the list of one's sessions. ``address``: from where it was last used."""

    pk: int
    device: str
    address: str
    began_at: datetime
    last_seen_at: datetime
    is_this: bool


def open_sessions(user: Any, *, current: str) -> list[OpenSession]:
    """This one first, then by when they were last used."""
    alive = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=timezone.now())
    rows = UserSession.objects.filter(Exists(alive), user=user).order_by("-last_seen_at", "-pk")[:MOST]
    lines = [
        OpenSession(
            pk=row.pk,
            device=name_of(row.user_agent),
            address=row.ip,
            began_at=row.created_at,
            last_seen_at=row.last_seen_at,
            is_this=row.session_key == current,
        )
        for row in rows
    ]
    return sorted(lines, key=lambda line: not line.is_this)


def desks_to_invite_to(user: Any) -> QuerySet[Desk]:
    """Open desks whose roles this person gives: those that they lead, and all for moderators."""
    open_ones = Desk.objects.filter(closed_at__isnull=True)
    if sees_everything(user):
        return open_ones
    led = [desk for desk, role in roles_by_desk(user).items() if role == Role.LEAD]
    return open_ones.filter(pk__in=led)


def pending_invitations(user: Any) -> QuerySet[Invitation]:
    """Of those desks, the newest first; also what has run out, which may be sent again."""
    rows = Invitation.objects.pending().filter(desk__in=desks_to_invite_to(user))
    return rows.select_related("desk", "invited_by").order_by("-pk")
