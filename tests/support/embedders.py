"""Encoders without a model: a text's vector comes from its words alone, so that like texts are near.

``VERSIONS`` names them, newest last; for a worker they stand in STAND_IN_EMBEDDERS, with commas between.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from claims.models import DIMENSIONS

VERSIONS = os.environ.get("STAND_IN_EMBEDDERS", "stand-in 1").split(",")
SECONDS = float(os.environ.get("STAND_IN_SECONDS", "0"))  # for each text, so that there is time to kill


class StandIn:
    """Adds up one direction for each word, drawn from the word and the version."""

    def __init__(self, version: str) -> None:
        self.version = version
        self._directions: dict[str, NDArray[np.float32]] = {}

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        time.sleep(SECONDS * len(texts))
        rows = np.stack([self._row(text) for text in texts])
        return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)

    def _row(self, text: str) -> NDArray[np.float32]:
        words = [word.strip(".,;:!?") for word in text.lower().split()] or [""]
        return np.sum([self._direction(word) for word in words], axis=0, dtype=np.float32)

    def _direction(self, word: str) -> NDArray[np.float32]:
        if word not in self._directions:
            seed = hashlib.sha256(f"{self.version}\n{word}".encode()).digest()[:8]
            drawn = np.random.default_rng(int.from_bytes(seed, "big")).standard_normal(DIMENSIONS)
            self._directions[word] = drawn.astype(np.float32)
        return self._directions[word]


_made: dict[str, StandIn] = {}


def newest_embedder() -> StandIn:
    return _made.setdefault(VERSIONS[-1], StandIn(VERSIONS[-1]))


def embedder_for(version: str) -> StandIn | None:
    return _made.setdefault(version, StandIn(version)) if version in VERSIONS else None
