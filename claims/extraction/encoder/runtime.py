"""Runs the shipped encoder: an int8 ONNX file on the CPU, loaded once a process, never before a fork."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from claims.extraction.encoder.passages import Passage, pack
from claims.extraction.sentences import Span

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float32]

MODEL_FOLDER = Path(__file__).resolve().parent / "model"
MODEL_FILE = "claim_reader.onnx"
BATCH_TOKENS = 2_048  # word pieces in one run with the padding counted; memory grows with it
_THREADS = 2
_lock = threading.Lock()


class EncoderUnavailable(RuntimeError):
    """The model's files are not there; the rules read alone."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """What the encoder says of a text.

    Rows of `worth` (ClaimBuster's three classes) and `news` (eight) are sentences, rows of `tags` (seven)
    and `spans` (three) word pieces; all are probabilities. `pieces` are the word pieces' characters in the
    text and `owner` their sentences; `voices` has for each the chance that a claim there is not the author's
    own word but somebody's in the article. `links` holds for each passage its first word piece and a
    square of logits: how well the cue at the second word piece governs the first.
    """

    sentences: tuple[Span, ...]
    worth: Numbers
    news: Numbers
    pieces: tuple[Span, ...]
    owner: tuple[int, ...]
    tags: Numbers
    spans: Numbers
    links: tuple[tuple[int, Numbers], ...]
    voices: Numbers


def available(folder: Path = MODEL_FOLDER) -> bool:
    """Whether the model's files are there and nobody has switched them off (CLAIMTRACKER_ENCODER=off)."""
    if os.environ.get("CLAIMTRACKER_ENCODER", "on") == "off":
        return False
    return all((folder / name).is_file() for name in (MODEL_FILE, "tokenizer.json", "calibration.json"))


def encode(
    text: str,
    sentences: Sequence[Span],
    paragraph_ends: Collection[int] = (),
    *,
    alone: bool = False,
    folder: Path = MODEL_FOLDER,
) -> Encoded:
    """Read `sentences` of `text` in passages, or each `alone`.

    Raises EncoderUnavailable where the model's files are missing.
    """
    import numpy as np

    session, tokenizer = _load(folder)
    passages = list(pack(tokenizer, text, sentences, paragraph_ends, alone=alone))
    worth = np.zeros((len(sentences), 3), np.float32)
    news = np.zeros((len(sentences), 8), np.float32)
    tags: list[Any] = [None] * len(passages)
    spans: list[Any] = [None] * len(passages)
    links: list[Any] = [None] * len(passages)
    voices: list[Any] = [None] * len(passages)
    for group in _groups(passages):
        outputs = session.run(None, _inputs([passages[i] for i in group]))
        for row, i in enumerate(group):
            passage = passages[i]
            first, count, size = passage.first_sentence, passage.sentences, len(passage.ids)
            worth[first : first + count] = _softmax(outputs[0][row, :count])
            news[first : first + count] = _softmax(outputs[1][row, :count])
            inside = np.array([member >= 0 for member in passage.sentence])
            tags[i] = _softmax(outputs[2][row, :size])[inside]
            spans[i] = _softmax(outputs[3][row, :size])[inside]
            links[i] = outputs[4][row, :size, :size][np.ix_(inside, inside)].copy()
            voices[i] = _softmax(outputs[5][row, :size])[inside, 1]
    return _assembled(tuple(sentences), passages, worth, news, tags, spans, links, voices)


def _assembled(
    sentences: tuple[Span, ...],
    passages: Sequence[Passage],
    worth: Numbers,
    news: Numbers,
    tags: list[Any],
    spans: list[Any],
    links: list[Any],
    voices: list[Any],
) -> Encoded:
    import numpy as np

    pieces: list[Span] = []
    owner: list[int] = []
    linked = []
    for passage, square in zip(passages, links, strict=True):
        linked.append((len(pieces), square))
        for member, span in zip(passage.sentence, passage.spans, strict=True):
            if member >= 0:
                pieces.append(span)
                owner.append(member)
    return Encoded(
        sentences,
        worth,
        news,
        tuple(pieces),
        tuple(owner),
        np.concatenate(tags) if tags else np.zeros((0, 7), np.float32),
        np.concatenate(spans) if spans else np.zeros((0, 3), np.float32),
        tuple(linked),
        np.concatenate(voices) if voices else np.zeros(0, np.float32),
    )


def calibration(folder: Path = MODEL_FOLDER) -> dict[str, Any]:
    """The numbers fitted beside the weights: thresholds and the curves from scores to probabilities."""
    found: dict[str, Any] = json.loads((folder / "calibration.json").read_text(encoding="utf-8"))
    return found


def weights_name(folder: Path = MODEL_FOLDER) -> str:
    """Short name of the weights and the curves fitted to them, as bench.fit_claims wrote it."""
    return str(calibration(folder).get("model", "unnamed")).rpartition(" ")[2][:8]


def load_encoder(folder: Path = MODEL_FOLDER) -> None:
    """Load the model now rather than at the first text."""
    _load(folder)


def _load(folder: Path) -> tuple[Any, Any]:
    with _lock:
        return _loaded(folder)


@cache
def _loaded(folder: Path) -> tuple[Any, Any]:
    if not available(folder):
        raise EncoderUnavailable(f"there is no {MODEL_FILE} in the model's folder; the rules read without it")
    import onnxruntime
    from tokenizers import Tokenizer

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = _THREADS
    options.inter_op_num_threads = 1
    # a thread that waits by spinning takes the processor from the parser beside it
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    # freed memory is used again in the order of the run; a plan of it, or none at all, takes 200 MB more
    options.enable_cpu_mem_arena = True
    options.enable_mem_pattern = False
    session = onnxruntime.InferenceSession(
        str(folder / MODEL_FILE), options, providers=["CPUExecutionProvider"]
    )
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return session, tokenizer


def _groups(passages: Sequence[Passage]) -> Iterator[list[int]]:
    """Passages of like length together; the order of a text's passages decides nothing else."""
    group: list[int] = []
    for i in sorted(range(len(passages)), key=lambda i: (len(passages[i].ids), i)):
        if group and len(passages[i].ids) * (len(group) + 1) > BATCH_TOKENS:
            yield group
            group = []
        group.append(i)
    if group:
        yield group


def _inputs(passages: Sequence[Passage]) -> dict[str, Any]:
    import numpy as np

    width = max(len(p.ids) for p in passages)
    most = max(p.sentences for p in passages)
    ids = np.zeros((len(passages), width), np.int64)
    mask = np.zeros((len(passages), width), np.int64)
    sentence = np.full((len(passages), width), -1, np.int64)
    for row, p in enumerate(passages):
        ids[row, : len(p.ids)] = p.ids
        mask[row, : len(p.ids)] = 1
        sentence[row, : len(p.ids)] = [m - p.first_sentence if m >= 0 else -1 for m in p.sentence]
    return {"ids": ids, "mask": mask, "sentence": sentence, "sentences": np.arange(most, dtype=np.int64)}


def _softmax(logits: Numbers) -> Numbers:
    import numpy as np

    shifted: Numbers = np.exp(logits - logits.max(-1, keepdims=True))
    return shifted / shifted.sum(-1, keepdims=True)
