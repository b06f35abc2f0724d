"""The curve and the thresholds that belong to an encoder: a file beside its weights."""

from __future__ import annotations

import json
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from .embedders import embedder_for
from .encoder import MODEL_FOLDER
from .ranking import Calibration

FILE = "calibration.json"
METHOD = "hybrid-1"


def calibration_for(version: str) -> Calibration:
    """Of the encoder with this version; the shipped encoder's where a folder brings none."""
    return _read(_folder(version))[0]


def method_of(version: str, mode: str = "hybrid") -> str:
    """The name that every suggestion keeps: the rule, the encoder, and a digest of curve and thresholds."""
    if mode != "hybrid" or not version:
        return f"{METHOD}/{'words' if mode != 'semantic' else version}"
    return f"{METHOD}/{version}/{_read(_folder(version))[1]}"


def _folder(version: str) -> str:
    embedder = embedder_for(version)
    folder = Path(getattr(embedder, "folder", MODEL_FOLDER))
    return str(folder if (folder / FILE).is_file() else MODEL_FOLDER)


@lru_cache(maxsize=4)
def _read(folder: str) -> tuple[Calibration, str]:
    text = (Path(folder) / FILE).read_text(encoding="utf-8")
    return Calibration(**json.loads(text)), sha256(text.encode()).hexdigest()[:6]
