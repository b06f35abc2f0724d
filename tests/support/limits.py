"""The limits of the partner API start anew."""

from __future__ import annotations

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
