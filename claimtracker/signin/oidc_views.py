"""The way to the identity provider, and back."""

from __future__ import annotations

import secrets
from typing import Any, cast

import structlog
from allauth.account.utils import get_next_redirect_url
from allauth.core import ratelimit
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from reviews.views.public_words import private

from .oidc_exchange import Exchange
from .oidc_pages import stopped
from .single_sign_on import PROVIDER, Stop, provider_name

log = structlog.get_logger(__name__)


@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Off to the provider. A page that leads on, and no redirect: the content policy lets our forms lead to
    ourselves only, and providers send people on to others."""
    if not provider_name():
        raise Http404
    if refusal := ratelimit.consume_or_429(request, action="login"):
        return cast(HttpResponse, refusal)
    aim = get_next_redirect_url(request)
    provider = get_adapter(request).get_provider(request, PROVIDER)
    provider.oauth2_adapter_class = Exchange
    nonce = secrets.token_urlsafe(32)
    try:
        there = provider.redirect(
            request, AuthProcess.LOGIN, next_url=aim, auth_params={"nonce": nonce}, nonce=nonce
        )["Location"]
    except OAuth2Error as error:
        return _failed(request, error, {"next": aim})
    page = render(request, "signin/sso_leaving.html", {"there": there, "name": provider_name()})
    return private(page)


@require_GET
def callback(request: HttpRequest) -> HttpResponse:
    """Where the provider sends people back to."""
    if not provider_name():
        raise Http404
    view = ComingBack()
    view.request, view.adapter = request, Exchange(request, PROVIDER)
    try:
        return cast(HttpResponse, view.dispatch(request))
    except ImmediateHttpResponse as answer:
        return cast(HttpResponse, answer.response)
    except OAuth2Error as error:
        return _failed(request, error, view.remembered)


class ComingBack(OAuth2CallbackView):
    """Keeps what was remembered of the way there: the nonce, and where somebody was going."""

    remembered: dict[str, Any] | None = None

    def _get_state(self, request: HttpRequest, provider: Any) -> tuple[dict[str, Any] | None, Any]:
        self.remembered, answer = super()._get_state(request, provider)
        self.adapter.nonce = (self.remembered or {}).get("nonce", "")
        return self.remembered, answer


def _failed(request: HttpRequest, error: OAuth2Error, state: dict[str, Any] | None) -> HttpResponse:
    """Outside of what allauth catches."""
    try:
        get_adapter(request).on_authentication_error(
            request, PROVIDER, exception=error, extra_context={"state": state}
        )
    except ImmediateHttpResponse as answer:
        return cast(HttpResponse, answer.response)
    return stopped(request, Stop.NOT_TRUSTED, state)
