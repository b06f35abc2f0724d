"""Whose word a stretch of an article is by the encoder: the author's own, or somebody's in it."""

from __future__ import annotations

from bisect import bisect_left
from itertools import accumulate

from claims.extraction.encoder.runtime import Encoded

UNDECIDED = 0.5


class Voices:
    """What the encoder says of any span; built once, each question costs two look-ups."""

    def __init__(self, encoded: Encoded) -> None:
        self._starts = [start for start, _ in encoded.pieces]
        self._sums = [0.0, *accumulate(encoded.voices.tolist())]

    def others(self, start: int, end: int) -> float:
        """The chance that a claim in [start, end) is somebody else's word, the mean over its word pieces."""
        low, high = bisect_left(self._starts, start), bisect_left(self._starts, end)
        return (self._sums[high] - self._sums[low]) / (high - low) if high > low else UNDECIDED
