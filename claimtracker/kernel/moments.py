"""Moments as they leave the product: in feeds, files, webhooks and lists. Plain."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal


def rfc3339(at: datetime, *, to: Literal["auto", "seconds"] = "auto") -> str:
    """In UTC: ``2026-11-27T09:30:00.250000Z``, as the API writes it, where a whole second has no fraction;
    ``to="seconds"`` cuts every fraction off."""
    return at.astimezone(UTC).isoformat(timespec=to).removesuffix("+00:00") + "Z"
