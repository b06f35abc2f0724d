"""Trains the encoder that finds claims, and writes everything that ships of it.

    python -m bench.train_checkworthiness --data DIR

DIR holds `claimbuster/`, `clef2019_training/`, `clef2020_task5/` and `polnear/`, as their providers lay them
out; our own labels are beside this file. Needs the `train` dependency group and the base weights
(docs/operations.md, "Training the encoder"). Writes the ONNX file, the word pieces, the calibration and the
model card into the folder that the extractor loads from, or into --out. The same seed on the same machine
gives the same model. Under an hour on two cores; --device cuda where there is one.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bench.training.corpora import DebateSentence, TrainingArticle
    from bench.training.examples import Example

WINDOWS = (160, 128, 144)  # word pieces in an article's passages, another one in each pass
NEEDED = (
    "claimbuster/crowdsourced.csv",
    "claimbuster/groundtruth.csv",
    "clef2019_training",
    "clef2020_task5/training",
    "polnear/train/text",
    "polnear/train/attributions",
)


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
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    train_and_write(options)
    return 0


def train_and_write(options: argparse.Namespace) -> None:
    """The whole way from corpora to the shipped folder."""
    from bench.training import card, export, held_out
    from bench.training.corpora import claimbuster, news_articles, news_labels, own_debate_labels
    from bench.training.loop import train
    from bench.training.network import fresh_reader

    began = time.monotonic()
    division = held_out.divide(list(claimbuster(options.data)), list(own_debate_labels(options.data)))
    gold = {name for part in ("dev", "test") for name in news_labels(part)[0]}
    articles = list(news_articles(options.data, without=gold))
    _say(f"{len(division.learn)} debate sentences and {len(articles)} articles to learn from")
    reader = fresh_reader()
    passes = [_examples(division.learn, articles, k) for k in range(options.passes)]
    train(reader, passes, seed=options.seed, device=options.device, say=_say)
    export.export(reader, options.out)
    curve, figures = held_out.judge(division, lambda texts: _raw(texts, options.out))
    minutes = (time.monotonic() - began) / 60
    facts = card.Facts(
        learned=len(division.learn),
        articles=len(articles),
        labelled=sum(a.claims is not None for a in articles),
        seed=options.seed,
        passes=options.passes,
        minutes=minutes,
        sentence=figures,
    )
    card.write(options.out, facts, curve)
    _say(f"written to {options.out} after {minutes:.0f} minutes: {figures}")


def _examples(
    sentences: Sequence[DebateSentence], articles: Sequence[TrainingArticle], number: int
) -> Callable[[], list[Example]]:
    """One pass: every article, two in three of the crowd's sentences and one in three of ours."""
    from bench.training.examples import article_examples, debate_example
    from bench.training.network import tokenizer

    def make() -> list[Example]:
        pieces = tokenizer()
        chosen = [s for i, s in enumerate(sentences) if (i % 3 == number % 3) == (s.origin == "own")]
        found = [e for s in chosen if (e := debate_example(pieces, s)) is not None]
        for article in articles:
            found.extend(article_examples(pieces, article, longest=WINDOWS[number % len(WINDOWS)]))
        return found

    return make


def _raw(texts: Sequence[str], folder: Path) -> list[float]:
    from claims.extraction.checkworthiness import raw_scores

    return raw_scores(texts, folder=folder)


def _parser() -> argparse.ArgumentParser:
    from claims.extraction.encoder.runtime import MODEL_FOLDER

    parser = argparse.ArgumentParser(description="Train the encoder that finds claims.")
    parser.add_argument("--data", type=Path, required=True, help="the folder of the corpora")
    parser.add_argument("--out", type=Path, default=MODEL_FOLDER, help="where the model is written")
    parser.add_argument("--passes", type=int, default=3, help="how often everything is read")
    parser.add_argument("--seed", type=int, default=13)
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--device", default="cpu", help="cpu or cuda")
    return parser


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())
