"""Whether the identity provider has asked for more than a password, by what it says in the ID token."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

MARK = "provider_asked_for_more"


def mark_provider_asked(request: HttpRequest, said: dict[str, Any]) -> None:
    """Remember it for the session that begins. Anything that is no list of words is no word of ours."""
    token = said.get("id_token") or {}
    methods = token.get("amr")
    words = {str(one) for one in methods} if isinstance(methods, list) else set()
    words |= {str(token["acr"])} if token.get("acr") else set()
    request.session[MARK] = bool(words & set(settings.OIDC_MFA_VALUES))


def provider_asked(request: HttpRequest) -> bool:
    return bool(request.session.get(MARK))
