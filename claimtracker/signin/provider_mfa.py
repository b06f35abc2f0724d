"""Whether the identity provider has asked for more than a password, by what it says in the ID token."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from claimtracker.accounts.models import User

MARK = "provider_asked_for_more_of"


def mark_provider_asked(request: HttpRequest, person: User, said: dict[str, Any]) -> None:
    """Remember it for the session of ``person`` that begins, and of nobody else who signs in with it later.
    Anything that is no list of words is no word of ours."""
    methods, context = said.get("amr"), said.get("acr")
    words = {one for one in methods if isinstance(one, str)} if isinstance(methods, list) else set()
    words |= {context} if isinstance(context, str) else set()
    if words & set(settings.OIDC_MFA_VALUES):
        request.session[MARK] = person.pk
    else:
        request.session.pop(MARK, None)


def provider_asked(request: HttpRequest) -> bool:
    """Of whoever is signed in now; asked anew each time, so that the setting can take it back."""
    return bool(settings.OIDC_MFA_VALUES) and request.session.get(MARK) == request.user.pk
