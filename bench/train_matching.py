"""Trains the encoder that finds known claims, and writes what ships of it.

    python -m bench.train_matching --data DIR

DIR holds `snopes_tweets_2a/` and `politifact_debates_2b/` as their providers lay them out; texts of our own
are beside this file (`matching_queries/`). Needs the `train` dependency group and the base weights
(docs/operations.md, "Training the encoders"). Writes the ONNX file, the word pieces, the facts and the model
card into the folder that matching loads from, or into --out. A few minutes with --device cuda. The dev
queries are never learned from.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from bench.training.pairs import NEEDED

if TYPE_CHECKING:
    from bench.training.contrastive import Matcher
    from bench.training.pairs import Collection

NAME = "minilm-claims"


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    missing = [name for name in NEEDED if not (options.data / name).exists()]
    if missing:
        _parser().error(f"--data: {options.data} has no {', '.join(missing)}; give the folder of the corpora")
    try:
        import torch
        import transformers  # noqa: F401 # only to say early what is missing
    except ImportError as error:
        _parser().error(f"{error.name} is not installed; install the `train` group (docs/operations.md)")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    torch.set_num_threads(options.threads)
    train_and_write(options)
    return 0


def train_and_write(options: argparse.Namespace) -> None:
    """The whole way from corpora to the shipped folder."""
    from bench.training import contrastive, matching_card
    from bench.training.pairs import debates_to_politifact, posts_to_snopes

    began = time.monotonic()
    collections = [posts_to_snopes(options.data), debates_to_politifact(options.data)]
    parts = [contrastive.prepare(collection) for collection in collections]
    _say(", ".join(f"{len(part.questions)} questions of {len(part.forms[0])} claims" for part in parts))
    matchers = [
        contrastive.train(parts, seed=seed, epochs=options.passes, device=options.device, say=_say)
        for seed in range(options.seed, options.seed + options.seeds)
    ]
    matcher = contrastive.averaged(matchers)
    contrastive.export(matcher, options.out)
    figures = {collection.name: judged(matcher, collection, options.device) for collection in collections}
    facts = {
        "name": NAME,
        "made": date.today().isoformat(),  # noqa: DTZ011 - a date for people, where the training ran
        "questions": {
            collection.name: {"given": len(collection.train), "written": len(collection.written)}
            for collection in collections
        },
        "seed": options.seed,
        "seeds": options.seeds,
        "passes": options.passes,
        "minutes": round((time.monotonic() - began) / 60, 1),
        "dev_map_at_5_by_vectors_alone": figures,
    }
    (options.out / "facts.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    matching_card.write(options.out, facts)
    _say(f"written to {options.out} after {facts['minutes']} minutes: {figures}")


def judged(matcher: Matcher, collection: Collection, device: str) -> float:
    """MAP@5 of the dev questions by the vectors alone, before the weights became integers."""
    from bench.measures import average_precision_at
    from bench.training import contrastive
    from bench.training.network import tokenizer

    pieces = tokenizer()
    pieces.enable_truncation(contrastive.LONGEST)
    matcher = matcher.to(device)
    forms = [claim.forms()[2] for claim in collection.claims]
    claims = contrastive.embed(matcher, [e.ids for e in pieces.encode_batch(forms)], device)
    asked = [e.ids for e in pieces.encode_batch([question.text for question in collection.dev])]
    near = contrastive.embed(matcher, asked, device) @ claims.T
    ranked = near.topk(5).indices.tolist()
    matcher.to("cpu").eval()
    found = [
        average_precision_at(5, row, set(question.answers))
        for row, question in zip(ranked, collection.dev, strict=True)
    ]
    return round(sum(found) / len(found), 4)


def _parser() -> argparse.ArgumentParser:
    default = Path(__file__).resolve().parent.parent / "claims" / "matching" / "encoder" / "model"
    parser = argparse.ArgumentParser(description="Train the encoder that finds known claims.")
    parser.add_argument("--data", type=Path, required=True, help="the folder of the corpora")
    parser.add_argument("--out", type=Path, default=default, help="where the model is written")
    parser.add_argument("--passes", type=int, default=5, help="how often everything is read")
    parser.add_argument("--seed", type=int, default=1, help="the first of the seeds")
    parser.add_argument("--seeds", type=int, default=3, help="how many trainings are averaged")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--device", default="cpu", help="cpu or cuda")
    return parser


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())
