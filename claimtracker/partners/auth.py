"""Who asks the API: a partner, by the key in ``Authorization: Bearer ct_…``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from claimtracker.ledger import audit
from claimtracker.ledger.models import AuditActor

from . import keys
from .key_format import read_key
from .models import ApiKey, Partner


@dataclass(frozen=True, slots=True)
class PartnerPrincipal:
    """``request.user`` of the API."""

    key: ApiKey
    is_authenticated: bool = True

    @property
    def partner(self) -> Partner:
        return self.key.partner

    @property
    def scopes(self) -> frozenset[str]:
        return frozenset(self.key.scopes)

    @property
    def pk(self) -> int:
        """The key's id: what throttles count by."""
        return self.key.pk

    def audit_actor(self) -> AuditActor:
        """Who the ledger says it was."""
        return audit.partner_actor(f"partner:{self.partner.pk}", self.partner.name)


def usable_key(plain: str) -> ApiKey:
    """The key of this text, with its partner, by one query. Raises AuthenticationFailed, with the mend."""
    text = read_key(plain)
    if text is None:
        raise AuthenticationFailed(
            gettext("This is no API key of ours: it was mistyped or cut off. Copy it whole, from ct_ on."),
            "malformed_key",
        )
    key = keys.find_key(text)
    if key is None:
        raise AuthenticationFailed(
            gettext("This API key is unknown. Ask the newsroom whether it was issued here."), "unknown_key"
        )
    code, reason = keys.why_unusable(key)
    if reason:
        raise AuthenticationFailed(reason, code)
    return key


class ApiKeyAuthentication(BaseAuthentication):
    """Answers 401, with the mend, for a key that is unknown, expired, revoked or of an inactive partner.

    Only whoever holds the whole secret learns that a key was revoked or has expired.
    """

    scheme = "Bearer"

    def authenticate(self, request: Request) -> tuple[PartnerPrincipal, ApiKey] | None:
        header = request.headers.get("Authorization", "")
        if not header:
            return None
        scheme, _, plain = header.strip().partition(" ")
        if scheme.lower() != self.scheme.lower() or not plain.strip():
            raise AuthenticationFailed(gettext("Send the key as “Authorization: Bearer ct_…”."))
        key = usable_key(plain.strip())
        keys.mark_used(key)
        return PartnerPrincipal(key), key

    def authenticate_header(self, request: Request) -> Any:
        return gettext('Bearer realm="Claimtracker API"')
