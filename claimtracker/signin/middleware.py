"""Before every page: whoever lacks a second factor that their role asks for can do nothing but set it up. And
after it: when, where and with what a session was last used."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from .provider_mfa import provider_asked
from .second_factor import Lack, lack_of
from .seen import note_seen

# Where a second factor is set up, and the way out. To prove who one is (reauthenticate) belongs to it.
SETTING_UP = frozenset(
    {
        "mfa_index",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "account_reauthenticate",
        "account_set_password",
        "account_logout",
        "admin:logout",
    }
)
SEEING_CODES = frozenset({"mfa_view_recovery_codes", "mfa_generate_recovery_codes"})
LEADS_TO = {Lack.FACTOR: "mfa_index", Lack.CODES_UNSEEN: "mfa_view_recovery_codes"}


class SecondFactorFirst:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        # who sends no cookie is signed out, and their pages must not vary by it
        if not settings.MFA_ROLES or settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return None
        if not request.user.is_authenticated or provider_asked(request):
            return None
        if (lack := lack_of(request.user)) is None:
            return None
        match = request.resolver_match
        name = match.view_name if match else ""
        if name in SETTING_UP or (lack is Lack.CODES_UNSEEN and name in SEEING_CODES):
            return None
        target = reverse(LEADS_TO[lack])
        if request.headers.get("HX-Request") == "true":
            return HttpResponseClientRedirect(target)
        return HttpResponseRedirect(target)


class SessionsSeen:
    """Only where the page looked at the session itself: others must not vary by its cookie."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.session.accessed:
            note_seen(request)
        return response
