"""How often one key may ask."""

from __future__ import annotations

import math
from typing import Any

import structlog
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.settings import api_settings
from rest_framework.throttling import SimpleRateThrottle

log = structlog.get_logger(__name__)

RATE_LIMIT = "rate_limit"  # the attribute of a request that holds its headers


class PerKeyThrottle(SimpleRateThrottle):
    """A sliding window for each API key. Leaves the figures of the RateLimit headers on the request."""

    scope = "key"

    def get_rate(self) -> str | None:
        return str(api_settings.DEFAULT_THROTTLE_RATES[self.scope])

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        key = getattr(request.user, "pk", None)
        return None if key is None else f"throttle:key:{key}"

    def allow_request(self, request: Request, view: Any) -> bool:
        """Without its cache the API stays open: a limit is not worth an outage."""
        try:
            allowed = bool(super().allow_request(request, view))
        except RedisError as error:
            log.warning("requests are not counted", error=str(error))
            return True
        if self.key is not None:
            setattr(request, RATE_LIMIT, self._headers())
        return allowed

    def _headers(self) -> dict[str, str]:
        quota, window = self.parse_rate(self.rate)
        if quota is None or window is None:
            return {}
        remaining = max(0, quota - len(self.history))
        reset = math.ceil(window - (self.now - self.history[-1])) if self.history else window
        return {
            "RateLimit-Policy": f'"key";q={quota};w={window}',
            "RateLimit": f'"key";r={remaining};t={reset}',
        }
