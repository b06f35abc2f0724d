"""The encoders that make vectors, from the module that the settings name: the product's own, or a test's.

The module offers ``newest_embedder()`` and ``embedder_for(version)``; both keep what they have loaded.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Protocol

from django.conf import settings

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Embedder(Protocol):
    """One encoder. Vectors of two versions must never meet in one slot."""

    @property
    def version(self) -> str: ...

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """A row of length 1 for each text."""
        ...


def newest_embedder() -> Embedder:
    """The encoder that new vectors should come from."""
    found: Embedder = import_module(settings.MATCHING_ENCODER_MODULE).newest_embedder()
    return found


def embedder_for(version: str) -> Embedder | None:
    """The encoder of this version, or None when it is not there any more."""
    found: Embedder | None = import_module(settings.MATCHING_ENCODER_MODULE).embedder_for(version)
    return found
