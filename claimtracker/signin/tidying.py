"""What is forgotten after a while: sessions that ended, devices that nobody uses, what people were told."""

from __future__ import annotations

from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef
from django.utils import timezone

from .devices import DAYS
from .models import AccountLetter, KnownDevice, SignInFailure

LETTER_DAYS = 30
FAILURE_DAYS = 1


def tidy() -> dict[str, int]:
    """Forget what is old. Safe to run twice. Returns how much of each."""
    now = timezone.now()
    Session.objects.filter(expire_date__lt=now).delete()
    alive = Session.objects.filter(session_key=OuterRef("session_key"))
    old_letters = AccountLetter.objects.filter(created_at__lt=now - timedelta(days=LETTER_DAYS))
    old_devices = KnownDevice.objects.filter(last_seen_at__lt=now - timedelta(days=DAYS))
    old_failures = SignInFailure.objects.filter(last_at__lt=now - timedelta(days=FAILURE_DAYS))
    return {
        "sessions": UserSession.objects.filter(~Exists(alive)).delete()[0],
        "letters": old_letters.delete()[0],
        "failures": old_failures.delete()[0],
        "devices": old_devices.delete()[0],
    }
