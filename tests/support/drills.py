"""Drills have a short form for ``make test`` and a long one for ``make test-full``, which runs every file
that imports this with LONG_DRILLS=1. Both check the same; the long one has more rounds or rows."""

from __future__ import annotations

import os


def drill_size(short: int, *, long: int) -> int:
    return long if os.environ.get("LONG_DRILLS") == "1" else short
