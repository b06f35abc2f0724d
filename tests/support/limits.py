"""The limits of the partner API start anew."""

from __future__ import annotations

import time

from django.core.cache import cache

from claimtracker.intake import pace
from claimtracker.kernel import valkey
from claimtracker.partners import limits


def forget_requests() -> None:
    """As if nobody had asked anything, and the store were there."""
    limits._store.away_until = 0.0
    store = valkey.quick()
    names = [
        name for pattern in ("limit:*", "usage:*") for name in store.scan_iter(match=valkey.key(pattern))
    ]
    if names:
        store.delete(*names)


def forget_pace(*names: str) -> None:
    """As if these public forms had not been sent within the hour."""
    hour = int(time.time()) // pace.HOUR
    cache.delete_many([f"{name}:{at}" for name in names for at in (hour, hour + 1)])
