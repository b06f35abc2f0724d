"""Who asks, and how often they may: with a key of ours as often as it allows, without one less often."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from claimtracker.kernel.visitors import address_of
from claimtracker.partners import keys, limits
from claimtracker.partners.auth import usable_key
from claimtracker.partners.models import Partner, Scope

from .errors import SearchError, because
from .finding import our_site


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose key was sent, None without one, and the headers that say how often it may still ask."""

    partner: Partner | None = None
    limits: dict[str, str] = field(default_factory=dict)


class PerAddressThrottle(SimpleRateThrottle):
    """Of who asks without a key."""

    scope = "factcheck"

    def get_rate(self) -> str | None:
        return str(settings.FACTCHECK_SEARCH_RATE)

    def get_cache_key(self, request: Any, view: Any) -> str:
        return f"throttle:factcheck:{hashlib.sha256(address_of(request).encode()).hexdigest()[:32]}"


def admit(request: HttpRequest) -> Caller:
    """Counts the request. Raises SearchError for a key that opens nothing, and for who asks too often."""
    plain = _sent(request)
    if not plain:
        throttle = PerAddressThrottle()
        if not throttle.allow_request(cast(Request, request), cast(APIView, None)):
            mend = "A key of ours allows more: send it as “key”."
            raise _too_often(max(1, int(throttle.wait() or 1)), mend, {})
        return Caller()
    try:
        key = usable_key(plain)
    except AuthenticationFailed as failure:
        raise because(
            400, "INVALID_ARGUMENT", "API_KEY_INVALID", str(failure.detail), host=our_site()
        ) from failure
    admission = limits.admit(key, group="factcheck")
    headers = admission.headers() if admission else {}
    if admission and not admission.is_allowed:
        raise _too_often(admission.retry_after, "RateLimit says which limit of this key is used up.", headers)
    if Scope.READ not in key.scopes:
        raise because(
            403,
            "PERMISSION_DENIED",
            "API_KEY_SERVICE_BLOCKED",
            f"This key lacks the scope “{Scope.READ.value}”. Ask the newsroom for a key that has it.",
            host=our_site(),
            headers=headers,
        )
    keys.mark_used(key)
    return Caller(key.partner, headers)


def _sent(request: HttpRequest) -> str:
    """As ``key``, in Google's header, or in the one of our own API."""
    bearer = request.headers.get("Authorization", "")
    scheme, _space, token = bearer.strip().partition(" ")
    own = token.strip() if scheme.lower() == "bearer" else ""
    return request.GET.get("key", "").strip() or request.headers.get("X-Goog-Api-Key", "").strip() or own


def _too_often(wait: int, mend: str, headers: dict[str, str]) -> SearchError:
    return because(
        429,
        "RESOURCE_EXHAUSTED",
        "RATE_LIMIT_EXCEEDED",
        f"Too many requests for now. Try again in {wait} seconds. {mend}",
        host=our_site(),
        headers={**headers, "Retry-After": str(wait)},
    )
