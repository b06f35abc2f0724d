"""How likely a single sentence is worth checking: a calibrated probability, from the encoder or from rules.

The encoder's classes are those of ClaimBuster (Arslan, Hassan, Li and Tremayne, ICWSM 2020): not factual,
unimportant, check-worthy. Its raw probability is bent onto the observed share of check-worthy sentences in
debates that it was not trained on (Platt 1999: a line in logit space).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from claims.extraction.attribution import inner_frame
from claims.extraction.encoder.runtime import MODEL_FOLDER, available, calibration, encode
from claims.extraction.parsing import load_pipeline
from claims.extraction.splitting import pieces_of
from claims.extraction.worthiness import judge

if TYPE_CHECKING:
    from spacy.tokens import Doc

RULES_THRESHOLD = 0.5


def score_sentences(sentences: Sequence[str]) -> list[float]:
    """For each sentence, read by itself, the probability (0 to 1) that the public would want it checked."""
    if available():
        return _by_encoder(sentences)
    return [_by_rules(doc) for doc in load_pipeline().pipe(sentences, batch_size=64)]


def threshold() -> float:
    """The probability from which a sentence counts as check-worthy: where F1 was best on held-out debates."""
    return float(calibration()["sentence"]["threshold"]) if available() else RULES_THRESHOLD


def calibrated(raw: float, slope: float, offset: float) -> float:
    """A raw probability bent by a line in logit space."""
    raw = min(max(raw, 1e-6), 1 - 1e-6)
    return 1.0 / (1.0 + math.exp(-(slope * math.log(raw / (1 - raw)) + offset)))


def _by_rules(doc: Doc) -> float:
    """The worth of the best piece of fact in the sentence."""
    best = 0.0
    for sentence in doc.sents:
        frames = [frame for token in sentence if (frame := inner_frame(token)) is not None]
        question = sentence.text.rstrip().endswith("?")
        for piece in pieces_of(sentence, frames, {}):
            best = max(best, judge(piece, quoted=True, claimant=None, question=question).score)
    return best


def _by_encoder(sentences: Sequence[str]) -> list[float]:
    curve = calibration()["sentence"]
    return [calibrated(raw, curve["slope"], curve["offset"]) for raw in raw_scores(sentences)]


def raw_scores(sentences: Sequence[str], *, folder: Path = MODEL_FOLDER) -> list[float]:
    """The encoder's own probability of "check-worthy" for each sentence, before calibration."""
    text = "\n".join(sentences)
    spans, at = [], 0
    for sentence in sentences:
        spans.append((at, at + len(sentence)))
        at += len(sentence) + 1
    return [float(row[2]) for row in encode(text, spans, alone=True, folder=folder).worth]
