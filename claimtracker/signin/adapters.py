"""How allauth behaves here."""

from __future__ import annotations

import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.app_settings import REAUTHENTICATION_TIMEOUT
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest

from claimtracker.accounts.models import User
from claimtracker.accounts.second_factors import EncryptedSecondFactors
from claimtracker.kernel.errors import ActionRefused
from claimtracker.kernel.visitors import address_of

from .actions.failures import is_closed, note_failure
from .devices import is_known
from .second_factor import check_may_remove


class InvitedOnlyAdapter(DefaultAccountAdapter):
    """Accounts are made by moderators and by invitation, never by signing up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """By which failed sign-ins are counted, beside the account that they were for."""
        return address_of(request)

    def is_reauthentication_required(self, *, app: str, **options: Any) -> bool:
        """Whoever has just signed in is not asked again for the password on the way to a second factor."""
        request = context.request
        records = get_authentication_records(request, request.user)
        if any(time.time() - record["at"] < REAUTHENTICATION_TIMEOUT for record in records):
            return False
        return bool(super().is_reauthentication_required(app=app, **options))

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Before a password is looked at: as allauth's limits, and ours, which hold without a cache."""
        email = str(credentials.get("email") or "")
        if email and is_closed(email, device_is_known=_device_is_known(request, email)):
            raise self.validation_error("too_many_login_attempts")
        super().pre_authenticate(request, **credentials)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        if email := str(credentials.get("email") or ""):
            note_failure(email, address=address_of(request))

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Its own count for a device that is known: whoever guesses elsewhere does not keep the owner out."""
        key = str(super()._get_login_attempts_cache_key(request, **credentials))
        email = str(credentials.get("email") or "")
        return f"{key}:known" if email and _device_is_known(request, email) else key


class SecondFactors(EncryptedSecondFactors):
    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Asked before the page that switches the authenticator app off is shown."""
        try:
            with transaction.atomic():
                check_may_remove(authenticator)
        except ActionRefused:
            return False
        return True

    def _get_site_name(self) -> str:
        """What an app and a browser call us: not the host, which a demo shares with everything local."""
        return str(settings.SITE_NAME)


def _device_is_known(request: HttpRequest, email: str) -> bool:
    person = User.objects.filter(email=email.strip().lower()).first()
    return person is not None and is_known(request, person)
