"""Fits the score of news claims: a logistic curve over what encoder and rules say of a span.

    python -m bench.fit_claims --texts DIR [--gold bench/news_gold/dev.json] [--model FOLDER]

DIR holds the articles that --gold names. The curve is fitted on all of them; the threshold is the one of the
best F1 when each article is scored by a curve fitted on the others. Both are written into the model's
calibration.json.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from bench.extraction import pair
from claims.extraction.blocks import find_blocks
from claims.extraction.encoded_reading import weigh
from claims.extraction.encoder.runtime import MODEL_FILE, MODEL_FOLDER
from claims.extraction.selection import Candidate, chosen, likeness

INSIDE_FROM = 0.25
PENALTY = 1.0
NEAR, PRECISE = 0.02, 0.75
CUTS = [round(0.2 + 0.02 * i, 2) for i in range(26)]


@dataclass(slots=True)
class Article:
    labels: list[dict[str, Any]]
    weighed: list[Candidate]


def right(article: Article) -> list[bool]:
    """For each candidate whether a label shares half of its union with it."""
    spans = [(label["start"], label["end"]) for label in article.labels]
    return [any(likeness((c.start, c.end), span) >= 0.5 for span in spans) for c in article.weighed]


def fit(rows: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, float]:
    """Weights and offset of the logistic curve, by Newton's method with a ridge on standardised signals."""
    middle, spread = rows.mean(0), rows.std(0) + 1e-6
    points = np.c_[(rows - middle) / spread, np.ones(len(rows))]
    ridge = np.eye(points.shape[1]) * PENALTY
    ridge[-1, -1] = 1e-6
    weights = np.zeros(points.shape[1])
    for _ in range(50):
        chance = 1 / (1 + np.exp(-points @ weights))
        bend = chance * (1 - chance)
        slope = points.T @ (chance - right) + ridge @ weights
        weights -= np.linalg.solve(points.T @ (points * bend[:, None]) + ridge, slope)
    return weights[:-1] / spread, float(weights[-1] - (weights[:-1] * middle / spread).sum())


def fit_articles(articles: Sequence[Article]) -> dict[str, float]:
    """The curve over all articles, with the threshold that leaving one out at a time finds best."""
    names = list(articles[0].weighed[0].signals.row())
    rows = [np.array([list(c.signals.row().values()) for c in a.weighed]) for a in articles]
    truth = [np.array(right(a), float) for a in articles]
    blind = []
    for i, article in enumerate(articles):
        others = [j for j in range(len(articles)) if j != i]
        weights, offset = fit(
            np.concatenate([rows[j] for j in others]), np.concatenate([truth[j] for j in others])
        )
        scores = 1 / (1 + np.exp(-(rows[i] @ weights + offset)))
        blind.append([replace(c, score=float(s)) for c, s in zip(article.weighed, scores, strict=True)])
    cut = best_cut(articles, blind)
    weights, offset = fit(np.concatenate(rows), np.concatenate(truth))
    curve = {name: round(float(w), 4) for name, w in zip(names, weights, strict=True)}
    return {**curve, "offset": round(offset, 4), "inside_from": INSIDE_FROM, "threshold": cut}


def best_cut(articles: Sequence[Article], blind: Sequence[Sequence[Candidate]]) -> float:
    """The lowest threshold from which three of four offers are claims, where F1 is about the best; else its.

    F1 hardly changes over a wide stretch, and two dozen articles do not tell two points from chance; people
    who dismiss more than every fourth offer stop looking at them.
    """
    f1, precision = {}, {}
    labelled = sum(len(a.labels) for a in articles)
    for cut in CUTS:
        offered = matched = 0
        for article, weighed in zip(articles, blind, strict=True):
            claims = chosen(weighed, cut)
            offered += len(claims)
            matched += len(pair(article.labels, claims))
        f1[cut] = 2 * matched / max(1, offered + labelled)
        precision[cut] = matched / max(1, offered)
    best = max(f1, key=f1.__getitem__)
    sys.stderr.write(f"best F1 with each article left out: {f1[best]:.3f} from {best}\n")
    near = [cut for cut in CUTS if f1[cut] >= f1[best] - NEAR and precision[cut] >= PRECISE]
    taken = min(near, default=best)
    sys.stderr.write(f"taken: {taken}, F1 {f1[taken]:.3f}, precision {precision[taken]:.3f}\n")
    return taken


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Fit the score of news claims on labelled articles.")
    here = Path(__file__).resolve().parent
    parser.add_argument("--gold", type=Path, default=here / "news_gold" / "dev.json")
    parser.add_argument("--texts", type=Path, required=True, help="the folder that holds the articles")
    parser.add_argument("--model", type=Path, default=MODEL_FOLDER)
    options = parser.parse_args(arguments)
    for name, path in (("--gold", options.gold), ("--texts", options.texts), ("--model", options.model)):
        if not path.exists():
            parser.error(f"{name}: there is no {path}")
    articles = []
    for name, labels in sorted(json.loads(options.gold.read_text(encoding="utf-8")).items()):
        with (options.texts / name).open(encoding="utf-8", newline="") as file:
            text = file.read()
        blank = {"offset": 0.0, "inside_from": INSIDE_FROM}
        weighed = weigh(text, find_blocks(text), blank, folder=options.model)[2]
        articles.append(Article(labels, weighed))
    path = options.model / "calibration.json"
    known = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    known["claim"] = fit_articles([a for a in articles if a.weighed])
    digest = hashlib.sha256((options.model / MODEL_FILE).read_bytes())
    digest.update(json.dumps([known["claim"], known.get("sentence")]).encode())
    known["model"] = f"claim-reader {digest.hexdigest()[:12]}"
    path.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(json.dumps(known["claim"]) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
