"""Signing in with the newsroom's own identity provider (OpenID Connect): for people who have an account or an
invitation, and for nobody else."""

from __future__ import annotations

from typing import Any

import structlog
from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, _build_apps_from_settings
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.base import AuthError
from django.http import HttpRequest

from .actions.identities import Stranger, person_of
from .devices import say_nothing_of_device
from .oidc_exchange import PatientSession, ProviderAway
from .oidc_pages import stopped
from .provider_mfa import mark_provider_asked
from .single_sign_on import Stop

log = structlog.get_logger(__name__)


class InvitedOnlySocialAdapter(DefaultSocialAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """Of the settings only: a row in a table is nobody's way to add a provider."""
        found = _build_apps_from_settings(provider=provider, client_id=client_id)
        return [app for apps in found.values() for app in apps]

    def get_requests_session(self) -> PatientSession:
        return PatientSession()

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Who this is among our people; whoever is none of them goes no further."""
        known = sociallogin.user if sociallogin.is_existing else None
        try:
            entry = person_of(sociallogin.said, issuer=sociallogin.account.provider, known=known)
        except Stranger as stranger:
            log.info("sso_refused", why=stranger.why.name.lower())
            raise ImmediateHttpResponse(stopped(request, stranger.why, sociallogin.state)) from stranger
        if request.user.is_authenticated:  # whose session this was ends first: nothing of it is taken along
            get_account_adapter(request).logout(request)
        sociallogin.account, sociallogin.user = entry.account, entry.account.user
        if entry.is_new_here:
            say_nothing_of_device(request)
        mark_provider_asked(request, sociallogin.user, sociallogin.said)

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, **more: Any
    ) -> None:
        """A page of ours instead of allauth's, whatever it was."""
        state = (more.get("extra_context") or {}).get("state")
        raise ImmediateHttpResponse(stopped(request, _why(error, exception, state), state))


def _why(error: Any, exception: Any, state: Any) -> Stop:
    if exception is not None:
        log.warning("sso_failed", why=str(exception)[:200])
        return Stop.AWAY if isinstance(exception, ProviderAway) else Stop.NOT_TRUSTED
    if error == AuthError.CANCELLED:
        return Stop.CANCELLED
    return Stop.OUT_OF_TURN if state is None else Stop.NOT_TRUSTED
