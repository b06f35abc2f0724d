"""Times on the pages of whoever is signed in go by their own clock; public pages keep the newsroom's."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.contrib.auth.middleware import get_user
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from reviews.models import MailTimes

SESSION_KEY = "time_zone"


@cache
def known_time_zones() -> frozenset[str]:
    """Read from hundreds of files: once, not at every request."""
    return frozenset(available_timezones())


class OwnClockMiddleware:
    """The first look at ``request.user`` sets the clock. Pages that never ask who reads them, which are the
    same for everybody and may be cached, are left alone. The session holds the name, so nothing is asked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        lazily: Any = SimpleLazyObject(lambda: _with_clock(request))
        request.user = lazily
        try:
            return self.get_response(request)
        finally:
            timezone.deactivate()


def _with_clock(request: HttpRequest) -> Any:
    user = get_user(request)
    name = request.session.get(SESSION_KEY, "") if user.is_authenticated else ""
    if name in known_time_zones():
        timezone.activate(ZoneInfo(name))
    return user


def keep_clock(request: HttpRequest, time_zone: str) -> None:
    """From now on this session goes by ``time_zone``."""
    request.session[SESSION_KEY] = time_zone
    timezone.activate(ZoneInfo(time_zone))


def set_clock(sender: Any, request: HttpRequest, user: Any, **_more: Any) -> None:
    """Somebody signed in."""
    if times := MailTimes.objects.filter(user=user).first():
        request.session[SESSION_KEY] = times.time_zone
