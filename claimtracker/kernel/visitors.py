"""Where a request comes from."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """The visitor's address as the outermost of our TRUSTED_PROXIES saw it; without proxies the other end of
    the line. What visitors write into X-Forwarded-For themselves stands further left and is not believed."""
    direct = str(request.META.get("REMOTE_ADDR", ""))
    if not settings.TRUSTED_PROXIES:
        return direct
    seen = [each.strip() for each in str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",")]
    return seen[-settings.TRUSTED_PROXIES] if len(seen) >= settings.TRUSTED_PROXIES and seen[-1] else direct
