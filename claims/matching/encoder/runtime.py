"""The encoder at work: ONNX on one thread, one text at a time, so that a text has one vector wherever it is
embedded (8-bit activations are scaled over everything that is read together)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cached_property, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

MODEL_FOLDER = Path(__file__).parent / "model"
MODEL_FILE, WORD_PIECES, FACTS = "claim_matcher.onnx", "tokenizer.json", "facts.json"
LONGEST = 96  # word pieces, as in training; the rest is not read


class Embedder:
    """The model of one folder. Loading waits for the first text; ``version`` only reads the files' digest."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @cached_property
    def version(self) -> str:
        """The model's name with a digest of its weights: other weights are another model."""
        facts = json.loads((self.folder / FACTS).read_text(encoding="utf-8"))
        digest = sha256((self.folder / MODEL_FILE).read_bytes()).hexdigest()[:8]
        return f"{facts['name']}-{digest}"

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Vectors of length 1, float32, shape (texts, 384). An empty text gets the vector of nothing."""
        import numpy as np

        found = np.zeros((len(texts), 384), np.float32)
        for row, encoding in enumerate(self._pieces.encode_batch(list(texts))):
            ids = np.array([encoding.ids], np.int64)
            found[row] = self._session.run(None, {"ids": ids, "mask": np.ones_like(ids)})[0][0]
        return found

    @cached_property
    def _pieces(self) -> Any:
        from tokenizers import Tokenizer

        pieces = Tokenizer.from_file(str(self.folder / WORD_PIECES))
        pieces.no_padding()
        pieces.enable_truncation(LONGEST)
        return pieces

    @cached_property
    def _session(self) -> Any:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        return onnxruntime.InferenceSession(
            str(self.folder / MODEL_FILE), options, providers=["CPUExecutionProvider"]
        )


def newest_embedder() -> Embedder:
    """The encoder that new vectors are made by: the last folder of settings.MATCHING_ENCODERS."""
    return _embedder(_folders()[-1])


def embedder_for(version: str) -> Embedder | None:
    """The encoder whose vectors fill a slot, or None when this installation no longer has it."""
    found = (_embedder(folder) for folder in reversed(_folders()))
    return next((one for one in found if one.version == version), None)


def _folders() -> list[str]:
    from django.conf import settings  # here, so that training reads this module without Django

    return [str(folder) for folder in settings.MATCHING_ENCODERS] or [str(MODEL_FOLDER)]


@lru_cache(maxsize=4)
def _embedder(folder: str) -> Embedder:
    return Embedder(Path(folder))
