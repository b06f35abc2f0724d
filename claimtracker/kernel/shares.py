"""Shares of a count, with how sure one can be of them: Wilson's interval, which holds for small counts and
never leaves 0 to 1."""

from __future__ import annotations

import math
from dataclasses import dataclass

_Z = 1.959964  # of a 95 % interval
ENOUGH = 30  # with fewer the interval is too wide to compare anything by


@dataclass(frozen=True, slots=True)
class Share:
    """``count`` of ``total``. ``low`` and ``high`` are the 95 % interval; all three None of nothing."""

    count: int
    total: int
    value: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def is_enough(self) -> bool:
        return self.total >= ENOUGH


def share_of(count: int, total: int) -> Share:
    if not 0 <= count <= total:
        raise ValueError(f"{count} of {total} is no share")
    if not total:
        return Share(count, total)
    found = count / total
    square = _Z**2
    middle = (found + square / (2 * total)) / (1 + square / total)
    spread = _Z * math.sqrt(found * (1 - found) / total + square / (4 * total**2)) / (1 + square / total)
    low = 0.0 if count == 0 else max(0.0, middle - spread)
    high = 1.0 if count == total else min(1.0, middle + spread)
    return Share(count, total, found, low, high)
