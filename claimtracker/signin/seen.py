"""When a session was last used. Every five minutes is enough to know it by, and spares each page a write."""

from __future__ import annotations

import time

from allauth.usersessions.models import UserSession
from django.contrib.auth import SESSION_KEY
from django.db import transaction
from django.http import HttpRequest

MARK = "seen_at"
EVERY_SECONDS = 300


def mark_seen(request: HttpRequest) -> None:
    request.session[MARK] = int(time.time())


def note_seen(request: HttpRequest) -> None:
    """Keep when, from where and with what this session is used, if that was not kept lately."""
    session = request.session
    if SESSION_KEY not in session or time.time() - session.get(MARK, 0) < EVERY_SECONDS:
        return
    if not request.user.is_authenticated:
        return
    mark_seen(request)
    with transaction.atomic():
        UserSession.objects.create_from_request(request)
