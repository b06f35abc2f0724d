"""Who asks, and how often they may: with a key of ours as often as it allows, without one less often."""

from __future__ import annotations

import hashlib
from types import SimpleNamespace
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from claimtracker.partners import keys
from claimtracker.partners.auth import PartnerPrincipal
from claimtracker.partners.models import ApiKey, Scope

from ..v1.throttles import PerKeyThrottle
from .errors import SearchError, because
from .finding import our_site


class PerAddressThrottle(SimpleRateThrottle):
    """Of who asks without a key."""

    scope = "factcheck"

    def get_rate(self) -> str | None:
        return str(settings.FACTCHECK_SEARCH_RATE)

    def get_cache_key(self, request: Any, view: Any) -> str:
        return f"throttle:factcheck:{hashlib.sha256(address_of(request).encode()).hexdigest()[:32]}"


def admit(request: HttpRequest) -> bool:
    """Whether a key was sent. Raises SearchError for one that opens nothing, and for who asks too often."""
    plain = _sent(request)
    if not plain:
        _count(PerAddressThrottle(), request)
        return False
    key = keys.find_key(plain)
    if key is None:
        raise _invalid("API key not valid. Please pass a valid API key.")
    if reason := keys.unusable_because(key):
        raise _invalid(reason)
    if Scope.READ not in key.scopes:
        raise because(
            403,
            "PERMISSION_DENIED",
            "API_KEY_SERVICE_BLOCKED",
            f"This key lacks the scope “{Scope.READ.value}”. Ask the newsroom for a key that has it.",
            host=our_site(),
        )
    keys.mark_used(key)
    _count(PerKeyThrottle(), _asking(request, key))
    return True


def address_of(request: Any) -> str:
    """The one that our own proxy saw last, or the other end of the line."""
    forwarded = str(request.META.get("HTTP_X_FORWARDED_FOR", ""))
    return forwarded.rpartition(",")[2].strip() or str(request.META.get("REMOTE_ADDR", ""))


def _sent(request: HttpRequest) -> str:
    """As ``key``, in Google's header, or in the one of our own API."""
    bearer = request.headers.get("Authorization", "")
    scheme, _space, token = bearer.strip().partition(" ")
    own = token.strip() if scheme.lower() == "bearer" else ""
    return request.GET.get("key", "").strip() or request.headers.get("X-Goog-Api-Key", "").strip() or own


def _asking(request: HttpRequest, key: ApiKey) -> Request:
    return cast(Request, SimpleNamespace(user=PartnerPrincipal(key), META=request.META))


def _count(throttle: SimpleRateThrottle, request: Any) -> None:
    if throttle.allow_request(request, cast(Any, None)):
        return
    wait = str(max(1, int(throttle.wait() or 1)))
    raise because(
        429,
        "RESOURCE_EXHAUSTED",
        "RATE_LIMIT_EXCEEDED",
        f"Too many requests for now. Try again in {wait} seconds; a key of ours allows more.",
        host=our_site(),
        headers={"Retry-After": wait},
    )


def _invalid(message: str) -> SearchError:
    return because(400, "INVALID_ARGUMENT", "API_KEY_INVALID", message, host=our_site())
