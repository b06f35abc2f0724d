"""The training loop: every question's loss at once, one learning rate up and down."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence

import torch
from torch import nn

from bench.training.examples import NOTHING, Batch, Example, batches, collate
from bench.training.network import ClaimReader

BATCH_TOKENS = 2_048
WEIGHTS = {"worth": 1.0, "news": 0.5, "tags": 1.0, "spans": 1.0, "links": 0.5, "voices": 0.5}


def losses(reader: ClaimReader, batch: Batch) -> dict[str, torch.Tensor]:
    """Cross-entropy of every question that the batch has an answer to."""
    worth, news, tags, spans, links, voices = reader(batch.ids, batch.mask, batch.sentence, batch.sentences)
    links = links.masked_fill(batch.mask.unsqueeze(1) == 0, -1e4)
    answers = {
        "worth": (worth, batch.worth),
        "news": (news, batch.news),
        "tags": (tags, batch.tags),
        "spans": (spans, batch.spans),
        "links": (links, batch.links),
        "voices": (voices, batch.voices),
    }
    return {
        name: nn.functional.cross_entropy(logits.flatten(0, 1), target.flatten(), ignore_index=NOTHING)
        for name, (logits, target) in answers.items()
        if bool((target != NOTHING).any())
    }


def train(
    reader: ClaimReader,
    epochs: Sequence[Callable[[], Sequence[Example]]],
    *,
    seed: int,
    rate: float = 1e-4,
    device: str = "cpu",
    say: Callable[[str], None],
) -> None:
    """One pass for each of `epochs`, a function that gives that pass's examples. Deterministic for a seed."""
    shuffle = random.Random(seed)
    planned = [batches(examples(), tokens=BATCH_TOKENS, shuffle=shuffle) for examples in epochs]
    steps = sum(map(len, planned))
    heads = [p for n, p in reader.named_parameters() if not n.startswith("base.")]
    body = [p for n, p in reader.named_parameters() if n.startswith("base.") and p.requires_grad]
    optimizer = torch.optim.AdamW(
        [{"params": body, "lr": rate}, {"params": heads, "lr": rate * 5}], weight_decay=0.01, fused=True
    )
    warm = max(1, steps // 15)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda s: min((s + 1) / warm, max(0.02, (steps - s) / (steps - warm + 1)))
    )
    reader.to(device).train()
    began, done = time.monotonic(), 0
    for number, epoch in enumerate(planned, 1):
        sums: dict[str, list[float]] = {}
        for group in epoch:
            found = losses(reader, collate(group, device))
            if not found:
                continue
            torch.stack([WEIGHTS[n] * v for n, v in found.items()]).sum().backward()
            nn.utils.clip_grad_norm_(body + heads, 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad(set_to_none=True)
            done += 1
            for name, value in found.items():
                sums.setdefault(name, []).append(float(value.detach()))
            if done % 100 == 0:
                means = " ".join(f"{n} {sum(v[-100:]) / len(v[-100:]):.3f}" for n, v in sums.items())
                say(f"step {done} of {steps}, {time.monotonic() - began:.0f} s: {means}")
        say(f"pass {number} of {len(planned)} done after {time.monotonic() - began:.0f} s")
    reader.to("cpu").eval()
