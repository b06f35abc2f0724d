"""What stands before pages and not before the partner API: a request with a key has no session, no signed-in
person and no clock of its own, so nothing is looked for that it cannot have."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest
from django_htmx.middleware import HtmxMiddleware

from claimtracker.signin.middleware import SecondFactorFirst, SessionsSeen

from .clock import OwnClockMiddleware
from .middleware import RefusalMiddleware

API = "/api/v1/"


class _PagesOnly:
    """Steps aside for the API. The class after it must keep the next in line as ``get_response``."""

    def __call__(self, request: HttpRequest) -> Any:
        if request.path_info.startswith(API):
            return self.get_response(request)  # type: ignore[attr-defined]  # of the class after it
        return super().__call__(request)  # type: ignore[misc]  # the same


class PageSessions(_PagesOnly, SessionMiddleware):
    pass


class PagePeople(_PagesOnly, AuthenticationMiddleware):
    pass


class PageClock(_PagesOnly, OwnClockMiddleware):
    pass


class PageMessages(_PagesOnly, MessageMiddleware):
    pass


class PageSessionsSeen(_PagesOnly, SessionsSeen):
    pass


class PageSecondFactor(_PagesOnly, SecondFactorFirst):
    def process_view(self, request: HttpRequest, *view: Any) -> Any:
        return None if request.path_info.startswith(API) else super().process_view(request, *view)


class PageHtmx(_PagesOnly, HtmxMiddleware):
    pass


class PageRefusals(_PagesOnly, RefusalMiddleware):
    pass
