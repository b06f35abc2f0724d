"""How often a public form may be sent: counted in the cache, by the hour."""

from __future__ import annotations

import time
from collections.abc import Mapping

from django.core.cache import cache

HOUR = 3600


def is_too_often(limits: Mapping[str, int]) -> bool:
    """Count one more for each name, and say whether one is over its limit. Without its cache a door stays
    open."""
    hour = int(time.time()) // HOUR
    over = [_count(f"{name}:{hour}") > limit for name, limit in limits.items()]
    return any(over)


def _count(key: str) -> int:
    cache.add(key, 0, timeout=HOUR)
    try:
        return int(cache.incr(key))
    except ValueError:  # it ran out between the two calls
        return 0
