"""The matcher's training: a question comes near to its claim and away from those that only look like it.

InfoNCE over the batch with mined negatives (van den Oord et al. 2018; Karpukhin et al. 2020). The weights of
several seeds are averaged (Wortsman et al. 2022, "model soups"): steadier than any one of them.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional

from bench.training.network import base_folder, tokenizer
from bench.training.pairs import Collection, Question

LONGEST = 96  # word pieces
BATCH, NEGATIVES, TEMPERATURE, RATE = 96, 4, 0.05, 4e-5
SKIPPED = 2  # the nearest wrong claims are often right ones that nobody has marked
MINED = 24


class Matcher(nn.Module):
    """MiniLM with the mean of its token vectors, at length 1. Input ``ids`` and ``mask`` (texts, pieces);
    output (texts, 384)."""

    def __init__(self, base: nn.Module) -> None:
        super().__init__()
        self.base = base

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        vectors = self.base(input_ids=ids, attention_mask=mask).last_hidden_state
        weights = mask.unsqueeze(-1).to(vectors.dtype)
        return functional.normalize((vectors * weights).sum(1) / weights.sum(1), dim=-1)


def fresh_matcher() -> Matcher:
    """The base weights."""
    from transformers import AutoModel

    return Matcher(AutoModel.from_pretrained(base_folder(), dtype=torch.float32, attn_implementation="sdpa"))


@dataclass(frozen=True, slots=True)
class Texts:
    """A collection as word pieces: three forms of each claim, and the questions to learn from."""

    forms: tuple[list[list[int]], ...]
    questions: list[list[int]]
    answers: list[tuple[int, ...]]


def prepare(collection: Collection) -> Texts:
    pieces = tokenizer()
    pieces.enable_truncation(LONGEST)
    asked: Sequence[Question] = (*collection.train, *collection.written)
    columns = zip(*(claim.forms() for claim in collection.claims), strict=True)
    return Texts(
        tuple([e.ids for e in pieces.encode_batch(list(column))] for column in columns),
        [e.ids for e in pieces.encode_batch([question.text for question in asked])],
        [question.answers for question in asked],
    )


def train(
    parts: Sequence[Texts], *, seed: int, epochs: int, device: str, say: Callable[[str], None]
) -> Matcher:
    """One matcher. Negatives are mined with it before the first, third and fifth pass."""
    torch.manual_seed(seed)
    chance = random.Random(seed)
    matcher = fresh_matcher().to(device).train()
    optimizer = torch.optim.AdamW(matcher.parameters(), lr=RATE, weight_decay=0.01)
    steps = epochs * sum(-(-len(part.questions) // BATCH) for part in parts)
    warm = max(1, steps // 12)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda s: min((s + 1) / warm, max(0.02, (steps - s) / (steps - warm + 1)))
    )
    wrong: list[list[list[int]]] = []
    for epoch in range(epochs):
        if epoch in (0, 2, 4):
            wrong = [mine(matcher, part, device) for part in parts]
        losses = []
        for number, members in _batches(parts, chance):
            loss = _loss(matcher, parts[number], wrong[number], members, chance, device)
            loss.backward()
            nn.utils.clip_grad_norm_(matcher.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad(set_to_none=True)
            losses.append(float(loss.detach()))
        say(f"seed {seed}, pass {epoch + 1} of {epochs}: loss {sum(losses) / len(losses):.3f}")
    return matcher.to("cpu").eval()


def _batches(parts: Sequence[Texts], chance: random.Random) -> Iterator[tuple[int, list[int]]]:
    """Every question once, a batch from one collection: claims of the other would be too easy to tell."""
    planned = []
    for number, part in enumerate(parts):
        order = list(range(len(part.questions)))
        chance.shuffle(order)
        planned += [(number, order[at : at + BATCH]) for at in range(0, len(order), BATCH)]
    chance.shuffle(planned)
    yield from planned


def _loss(
    matcher: Matcher,
    part: Texts,
    wrong: list[list[int]],
    members: list[int],
    chance: random.Random,
    device: str,
) -> torch.Tensor:
    form = part.forms[chance.choice((0, 0, 1, 2))]
    claims = [chance.choice(part.answers[one]) for one in members]
    for one in members:
        claims += [chance.choice(wrong[one]) for _ in range(NEGATIVES)]
    asked = _vectors(matcher, [part.questions[one] for one in members], device)
    near = asked @ _vectors(matcher, [form[claim] for claim in claims], device).T / TEMPERATURE
    also_right = torch.tensor(
        [
            [at != row and claim in part.answers[one] for at, claim in enumerate(claims)]
            for row, one in enumerate(members)
        ],
        device=device,
    )
    return functional.cross_entropy(
        near.masked_fill(also_right, -1e4), torch.arange(len(members), device=device)
    )


@torch.no_grad()
def mine(matcher: Matcher, part: Texts, device: str) -> list[list[int]]:
    """For each question the claims nearest to it that are not its own, without the very nearest."""
    claims = embed(matcher, part.forms[0], device)
    asked = embed(matcher, part.questions, device)
    found = []
    for at in range(0, len(part.questions), 256):
        top = torch.topk(asked[at : at + 256] @ claims.T, SKIPPED + MINED + 8).indices.tolist()
        for row, near in enumerate(top, at):
            right = set(part.answers[row])
            found.append([claim for claim in near[SKIPPED:] if claim not in right][:MINED])
    return found


@torch.no_grad()
def embed(matcher: Matcher, texts: Sequence[list[int]], device: str) -> torch.Tensor:
    """Vectors (texts, 384) on `device`, short texts with short ones."""
    matcher.eval()
    order = sorted(range(len(texts)), key=lambda one: len(texts[one]))
    found = torch.empty((len(texts), 384), device=device)
    for at in range(0, len(order), 512):
        group = order[at : at + 512]
        found[torch.tensor(group, device=device)] = _vectors(matcher, [texts[one] for one in group], device)
    matcher.train()
    return found


def _vectors(matcher: Matcher, texts: Sequence[list[int]], device: str) -> torch.Tensor:
    wide = max(map(len, texts))
    ids = torch.zeros((len(texts), wide), dtype=torch.long)
    mask = torch.zeros_like(ids)
    for row, text in enumerate(texts):
        ids[row, : len(text)] = torch.tensor(text)
        mask[row, : len(text)] = 1
    with torch.autocast(device, dtype=torch.bfloat16, enabled=device != "cpu"):
        found: torch.Tensor = matcher(ids.to(device), mask.to(device))
    return found.float()


def averaged(matchers: Sequence[Matcher]) -> Matcher:
    """One matcher with the mean of their weights."""
    states = [matcher.state_dict() for matcher in matchers]
    mean = {
        name: torch.stack([state[name].float() for state in states]).mean(0).to(value.dtype)
        for name, value in states[0].items()
    }
    found = fresh_matcher().eval()
    found.load_state_dict(mean)
    return found


def export(matcher: Matcher, folder: Path, *, int8: bool = True) -> Path:
    """Write the model as ONNX, its weights as 8-bit integers, with its word pieces; give back its path."""
    import shutil
    import tempfile

    from onnxruntime.quantization import QuantType, quantize_dynamic

    from bench.training.export import write_word_pieces
    from claims.matching.encoder.runtime import MODEL_FILE

    folder.mkdir(parents=True, exist_ok=True)
    ids = torch.randint(1_000, 20_000, (3, 17))
    wide = {0: torch.export.Dim("texts"), 1: torch.export.Dim("pieces")}
    with tempfile.TemporaryDirectory() as scratch:
        whole = Path(scratch) / "whole.onnx"
        torch.onnx.export(
            matcher.eval(),
            (ids, torch.ones_like(ids)),
            str(whole),
            input_names=["ids", "mask"],
            output_names=["vectors"],
            dynamic_shapes=(wide, wide),
            external_data=False,
            dynamo=True,
        )
        target = folder / MODEL_FILE
        if int8:
            quantize_dynamic(str(whole), str(target), weight_type=QuantType.QInt8, per_channel=True)
        else:
            shutil.copyfile(whole, target)
    write_word_pieces(folder)
    return target
