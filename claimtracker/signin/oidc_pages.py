"""What somebody sees who does not come in by the identity provider."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from reviews.views.public_words import private

from .single_sign_on import Stop, provider_name

WORDS: dict[Stop, tuple[Any, Any]] = {
    Stop.AWAY: (
        _("%(provider)s does not answer"),
        _("Nothing is lost. Try again in a moment, or sign in with your password or passkey."),
    ),
    Stop.NOT_TRUSTED: (
        _("%(provider)s could not say who you are"),
        _("Its answer does not hold, so nobody was signed in. Try again, or tell a moderator."),
    ),
    Stop.CANCELLED: (
        _("You did not sign in"),
        _("You stopped at %(provider)s, or it did not let you on."),
    ),
    Stop.OUT_OF_TURN: (
        _("This sign-in does not go on here"),
        _("It has run out, was used, or was begun in another browser. Begin again."),
    ),
    Stop.UNVERIFIED: (
        _("Your e-mail address is not confirmed there"),
        _("%(provider)s does not say that it has verified your address. Have it do so, then try again."),
    ),
    Stop.UNKNOWN: (
        _("You have no account here"),
        _("%(provider)s knows you, but no account or invitation here opens to you. Ask a moderator."),
    ),
}  # fmt: skip


def stopped(request: HttpRequest, why: Stop, state: dict[str, Any] | None = None) -> HttpResponse:
    """A page that says it, and leads back to signing in and from there to where somebody was going."""
    title, text = (str(words) % {"provider": provider_name()} for words in WORDS[why])
    context = {"title": title, "text": text, "again": _again(request, (state or {}).get("next"))}
    return private(render(request, "signin/sso_stopped.html", context, status=why.value))


def _again(request: HttpRequest, aim: Any) -> str:
    address = reverse("account_login")
    if isinstance(aim, str) and url_has_allowed_host_and_scheme(aim, {request.get_host()}):
        return f"{address}?{urlencode({'next': aim})}"
    return address
