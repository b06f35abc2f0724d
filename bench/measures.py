"""How good a ranking is: the measures of the retrieval field, over names or numbers alike."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence


def average_precision_at(depth: int, ranked: Sequence[Hashable], right: Collection[Hashable]) -> float:
    """Precision at each right answer among the first ``depth``, averaged over those that could stand there.

    The mean over questions is MAP@depth, as trec_eval's ``map_cut`` counts it up to that depth.
    """
    found, total = 0, 0.0
    for place, name in enumerate(ranked[:depth], 1):
        if name in right:
            found += 1
            total += found / place
    return total / min(len(right), depth) if right else 0.0


def reciprocal_rank(ranked: Sequence[Hashable], right: Collection[Hashable]) -> float:
    """One over the place of the first right answer; 0 when there is none."""
    return next((1 / place for place, name in enumerate(ranked, 1) if name in right), 0.0)


def recall_at(depth: int, ranked: Sequence[Hashable], right: Collection[Hashable]) -> float:
    """The share of the right answers that stands among the first ``depth``."""
    return len(set(ranked[:depth]) & set(right)) / len(right) if right else 0.0
