"""Sessions are ended: by their person, by a moderator, and where a password or an account changed."""

from __future__ import annotations

from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claimtracker.accounts.models import User
from claimtracker.kernel.errors import ActionRefused
from claimtracker.ledger import audit

from ..policies import can_end_sessions_of


@transaction.atomic
def end_session(session: UserSession, *, by: User) -> None:
    """One of one's own. Ended already is no error. Audits session.ended."""
    if session.user_id != by.pk:
        raise ActionRefused(_("This session is somebody else's."), code="not_yours")
    Session.objects.filter(session_key=session.session_key).delete()
    if UserSession.objects.filter(pk=session.pk).delete()[0]:
        audit.record("session.ended", by=by, subject=by)


@transaction.atomic
def end_other_sessions(person: User, *, keep: str) -> int:
    """All of one's own but the one with the key ``keep``. Returns how many. Audits sessions.ended."""
    return _end(person, keep=keep, by=person, because="others")


@transaction.atomic
def end_all_sessions(person: User, *, by: User) -> int:
    """A moderator signs somebody out everywhere. Raises NotPermitted. Returns how many sessions there were.
    Audits sessions.ended."""
    can_end_sessions_of(by, person).enforce()
    return _end(person, keep="", by=by, because="moderator")


def end_sessions_with(person: User, *, keep: str, by: Any, because: str) -> int:
    """Inside the transaction of the change (a new password, an account that was switched off) that ends them.
    As end_all_sessions, without asking who may."""
    return _end(person, keep=keep, by=by, because=because)


def _end(person: User, *, keep: str, by: Any, because: str) -> int:
    keys = [key for key in _keys_of(person) if key != keep]
    Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(user=person).exclude(session_key=keep).delete()
    audit.record("sessions.ended", by=by, subject=person, details={"because": because, "count": len(keys)})
    return len(keys)


def _keys_of(person: User) -> list[str]:
    """Read from the sessions themselves: one that was begun before its list was kept must end as well. A
    newsroom has hundreds at most."""
    open_now = Session.objects.filter(expire_date__gt=timezone.now()).only("session_key", "session_data")
    mine = str(person.pk)
    return [one.session_key for one in open_now.iterator() if one.get_decoded().get(SESSION_KEY) == mine]
