"""What the model is judged and calibrated on: whole debates that it never saw, and the experts' sentences."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bench.checkworthiness import average_precision
from bench.training.corpora import DebateSentence

HELD_OUT_YEAR = "2012"
HELD_OUT_TRANSCRIPT = "20121023"  # the same year's debate in the CheckThat! transcripts


@dataclass(slots=True)
class Division:
    """Sentences to learn from, and two kinds to judge by."""

    learn: list[DebateSentence]
    debates: list[DebateSentence]
    experts: list[DebateSentence]


def divide(crowd: Sequence[DebateSentence], own: Sequence[DebateSentence]) -> Division:
    """All debates of one year and all expert-labelled sentences are held out, wherever their words recur."""
    experts = [s for s in crowd if s.origin == "groundtruth"]
    debates = [s for s in crowd if s.debate.startswith(HELD_OUT_YEAR) and s.origin != "groundtruth"]
    kept_back = {_plain(s.text) for s in (*experts, *debates)}
    learn = [
        s for s in (*crowd, *own) if _plain(s.text) not in kept_back and HELD_OUT_TRANSCRIPT not in s.debate
    ]
    return Division(learn, debates, experts)


def fit_line(raw: Sequence[float], labels: Sequence[bool]) -> tuple[float, float]:
    """Slope and offset of the logistic curve over the raw probability's logit, by Newton's method."""
    points = [math.log(p / (1 - p)) for p in (min(max(r, 1e-6), 1 - 1e-6) for r in raw)]
    slope, offset = 1.0, 0.0
    for _ in range(60):
        g0 = g1 = h00 = h01 = h11 = 0.0
        for x, y in zip(points, labels, strict=True):
            p = 1 / (1 + math.exp(-(slope * x + offset)))
            w = p * (1 - p) + 1e-9
            g0 += (p - y) * x
            g1 += p - y
            h00 += w * x * x
            h01 += w * x
            h11 += w
        determinant = h00 * h11 - h01 * h01
        if abs(determinant) < 1e-12:
            break
        step0 = (h11 * g0 - h01 * g1) / determinant
        step1 = (h00 * g1 - h01 * g0) / determinant
        slope, offset = slope - step0, offset - step1
        if abs(step0) + abs(step1) < 1e-9:
            break
    return slope, offset


def best_cut(scores: Sequence[float], labels: Sequence[bool]) -> float:
    """The threshold of the best F1, as the middle of those that come within 0.3 points of it."""
    steps = [i / 200 for i in range(20, 161)]
    found = {cut: f1_at(scores, labels, cut) for cut in steps}
    best = max(found.values())
    near = [cut for cut, f1 in found.items() if f1 >= best - 0.003]
    return round(sum(near) / len(near), 3)


def f1_at(scores: Sequence[float], labels: Sequence[bool], cut: float) -> float:
    offered = sum(s >= cut for s in scores)
    right = sum(s >= cut and y for s, y in zip(scores, labels, strict=True))
    return 2 * right / max(1, offered + sum(labels))


def calibration_error(scores: Sequence[float], labels: Sequence[bool], *, bins: int = 10) -> float:
    """Expected calibration error: the mean gap between a bin's mean probability and its share of Yes."""
    total = 0.0
    for i in range(bins):
        inside = [
            (s, y)
            for s, y in zip(scores, labels, strict=True)
            if i / bins <= s < (i + 1) / bins + (i == bins - 1)
        ]
        if inside:
            total += abs(sum(s for s, _ in inside) - sum(y for _, y in inside))
    return total / max(1, len(scores))


def judge(
    division: Division, raw_scores: Callable[[Sequence[str]], list[float]]
) -> tuple[dict[str, float], dict[str, Any]]:
    """The curve and the threshold, and the figures for the model card. The curve is fitted on the debates."""
    from claims.extraction.checkworthiness import calibrated

    raw = {name: raw_scores([s.text for s in rows]) for name, rows in _parts(division).items()}
    labels = {name: [s.label == 2 for s in rows] for name, rows in _parts(division).items()}
    slope, offset = fit_line(raw["debates"], labels["debates"])
    scores = {name: [calibrated(r, slope, offset) for r in rows] for name, rows in raw.items()}
    cut = best_cut(
        scores["debates"] + scores["experts"] * 2, labels["debates"] + labels["experts"] * 2
    )  # twice: otherwise the experts' judgement drowns in the crowd's
    figures = {
        name: {
            "n": len(scores[name]),
            "yes": sum(labels[name]),
            "f1": round(f1_at(scores[name], labels[name], cut), 4),
            "average_precision": round(average_precision(scores[name], labels[name]), 4),
            "calibration_error": round(calibration_error(scores[name], labels[name]), 4),
        }
        for name in scores
    }
    return {"slope": round(slope, 4), "offset": round(offset, 4), "threshold": cut}, figures


def _parts(division: Division) -> dict[str, list[DebateSentence]]:
    return {"debates": division.debates, "experts": division.experts}


def _plain(text: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in text.lower()).split())
