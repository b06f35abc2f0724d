"""What is forgotten after a while: sessions that ended, devices that nobody uses, what people were told."""

from __future__ import annotations

from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef
from django.utils import timezone

from .devices import DAYS
from .models import AccountLetter, Invitation, KnownDevice, SignInFailure

LETTER_DAYS = 30
FAILURE_DAYS = SESSION_DAYS = 1
INVITATION_DAYS = 90  # after its end


def tidy() -> dict[str, int]:
    """Forget what is old. Safe to run twice. Returns how much of each."""
    now = timezone.now()
    Session.objects.filter(expire_date__lt=now - timedelta(days=SESSION_DAYS)).delete()
    alive = Session.objects.filter(session_key=OuterRef("session_key"))
    old_letters = AccountLetter.objects.filter(created_at__lt=now - timedelta(days=LETTER_DAYS))
    old_devices = KnownDevice.objects.filter(last_seen_at__lt=now - timedelta(days=DAYS))
    old_failures = SignInFailure.objects.filter(last_at__lt=now - timedelta(days=FAILURE_DAYS))
    old_invitations = Invitation.objects.filter(expires_at__lt=now - timedelta(days=INVITATION_DAYS))
    return {
        "sessions": UserSession.objects.filter(~Exists(alive)).delete()[0],
        "letters": old_letters.delete()[0],
        "invitations": old_invitations.delete()[0],
        "failures": old_failures.delete()[0],
        "devices": old_devices.delete()[0],
    }
