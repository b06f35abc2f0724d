"""Signing in with the newsroom's own identity provider (OpenID Connect): for people who have an account or an
invitation, and for nobody else."""

from __future__ import annotations

from typing import Any

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base.constants import AuthProcess
from django.db import transaction
from django.http import HttpRequest

from claimtracker.accounts.models import User
from claimtracker.ledger import audit

from .actions.invitations import accept_as_known
from .provider_mfa import mark_provider_asked


class InvitedOnlySocialAdapter(DefaultSocialAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Join what the provider says with an account of the same address, or with an invitation to it. Only
        an address that the provider says it verified counts: anybody may write another's into their profile.
        Who is joined once is found by the provider's own identifier from then on, whatever the address."""
        if sociallogin.state.get("process") == AuthProcess.CONNECT:
            return
        if not sociallogin.is_existing and (person := _person_of(sociallogin)):
            with transaction.atomic():
                sociallogin.connect(request, person)
                audit.record("identity.connected", by=person, subject=person)
        mark_provider_asked(request, sociallogin.account.extra_data)


def _person_of(sociallogin: SocialLogin) -> User | None:
    email = next((one.email for one in sociallogin.email_addresses if one.verified is True), "")
    if not email:
        return None
    person = User.objects.filter(email__iexact=email).first()
    if person is not None:
        return person if person.is_active else None
    return accept_as_known(email, name=str(_claims(sociallogin).get("name") or ""))


def _claims(sociallogin: SocialLogin) -> dict[str, Any]:
    said = sociallogin.account.extra_data
    return {**(said.get("id_token") or {}), **(said.get("userinfo") or {})}
