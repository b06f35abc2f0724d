"""How well two people agree who rate the same claims without knowing of each other: Cohen's kappa."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

_Z = 1.96  # of a 95 % interval
ENOUGH = 30  # with fewer pairs the interval is too wide to say anything


@dataclass(frozen=True, slots=True)
class Agreement:
    """``kappa`` is None where chance alone explains everything: no pair, or one and the same rating always.
    ``low`` and ``high`` are its 95 % interval."""

    pairs: int
    same: int
    kappa: float | None
    low: float | None = None
    high: float | None = None

    @property
    def observed(self) -> float | None:
        return self.same / self.pairs if self.pairs else None

    @property
    def is_enough(self) -> bool:
        return self.pairs >= ENOUGH


def agreement_of(pairs: Sequence[tuple[Hashable, Hashable]]) -> Agreement:
    """Cohen's kappa of (first rating, second rating): 1 is full agreement, 0 what chance gives, less than 0
    less than chance gives."""
    count = len(pairs)
    same = sum(first == second for first, second in pairs)
    if not count:
        return Agreement(0, 0, None)
    firsts, seconds = Counter(first for first, _ in pairs), Counter(second for _, second in pairs)
    observed = same / count
    expected = sum(firsts[rating] * seconds[rating] for rating in firsts) / count**2
    if expected >= 1:
        return Agreement(count, same, None)
    kappa = (observed - expected) / (1 - expected)
    error = math.sqrt(observed * (1 - observed) / (count * (1 - expected) ** 2))
    return Agreement(count, same, kappa, max(-1.0, kappa - _Z * error), min(1.0, kappa + _Z * error))


def agreement_on(rating: Hashable, pairs: Sequence[tuple[Hashable, Hashable]]) -> Agreement:
    """The same for one rating against all others: how well both know it when they see it. ``pairs`` counts
    those in which one of the two gave it."""
    binary = [(first == rating, second == rating) for first, second in pairs]
    whole = agreement_of(binary)
    given = [pair for pair in binary if any(pair)]
    return Agreement(len(given), sum(all(pair) for pair in given), whole.kappa, whole.low, whole.high)
