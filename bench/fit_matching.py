"""Fits the curve and the thresholds of suggestions on dev questions, and writes them beside the encoder.

    python -m bench.matching --claims A.jsonl --queries A.tsv --qrels A-dev.tsv --dump posts.jsonl
    python -m bench.matching --claims B.jsonl --queries B.tsv --qrels B-dev.tsv --dump statements.jsonl
    python -m bench.fit_matching --post posts.jsonl --statement statements.jsonl [--write]

The curve is a logistic one over how far a candidate stands above what is usual for its question, from both
files together. Of each kind the threshold of "very likely" is the lowest with a precision of 0.96, that of
"possible" the lowest with 0.62, among those candidates. Prints them with precision and recall, also as they
come out when every question in turn is left out of choosing the thresholds (`left_out`).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PRECISION = {"strong": 0.96, "possible": 0.62}  # a little more than 0.95 and 0.60, which are to hold
LEAST = {"strong": 0.5, "possible": 0.05}  # whatever the data say: a threshold below is no judgement
DEEPEST = 10  # candidates of a question that are judged


@dataclass(frozen=True, slots=True)
class Candidate:
    """One that was found: above the usual by ``lift``; ``capped`` when its parts contradict."""

    query: str
    lift: float
    is_right: bool
    capped: bool


@dataclass(frozen=True, slots=True)
class Part:
    """The dev questions of one kind; ``answers`` counts all that there was to find."""

    kind: str
    candidates: tuple[Candidate, ...]
    answers: int


def main(arguments: list[str] | None = None) -> int:
    from claims.matching.encoder.runtime import MODEL_FOLDER

    parser = argparse.ArgumentParser(description="Fit the curve and the thresholds of suggestions.")
    parser.add_argument("--post", type=Path, required=True, help="a dump of bench.matching for posts")
    parser.add_argument("--statement", type=Path, required=True, help="the same for statements")
    parser.add_argument("--model", type=Path, default=MODEL_FOLDER, help="the encoder's folder")
    parser.add_argument("--write", action="store_true", help="write calibration.json into it")
    options = parser.parse_args(arguments)
    path = options.model / "calibration.json"
    before = json.loads(path.read_text(encoding="utf-8"))
    parts = [_read("post", options.post), _read("statement", options.statement)]
    slope, offset = fit_curve([one for part in parts for one in part.candidates])
    calibration: dict[str, Any] = {
        "slope": round(slope, 3),
        "offset": round(offset, 3),
        "background": before["background"],
        "strong": {},
        "possible": {},
    }
    figures = {}
    for part in parts:
        for grade in PRECISION:
            threshold = choose(part.candidates, grade, slope, offset)
            calibration[grade][part.kind] = threshold
            figures[f"{part.kind}, {grade}"] = {
                "threshold": threshold,
                **measured(part, grade, slope, offset, lambda _query, t=threshold: t),
                "left_out": measured(part, grade, slope, offset, _leaving_out(part, grade, slope, offset)),
            }
    print(json.dumps({"calibration": calibration, "figures": figures}, indent=1))
    if options.write:
        path.write_text(json.dumps(calibration, indent=1) + "\n", encoding="utf-8")
    return 0


def fit_curve(candidates: Sequence[Candidate]) -> tuple[float, float]:
    """Slope and offset of the logistic curve, with almost no penalty."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=10.0)
    model.fit(np.array([[one.lift] for one in candidates]), [one.is_right for one in candidates])
    return float(model.coef_[0][0]), float(model.intercept_[0])


def choose(candidates: Sequence[Candidate], grade: str, slope: float, offset: float) -> float:
    """The lowest threshold, in hundredths, from which the grade's precision holds."""
    scored = [(_probability(one, slope, offset), one) for one in candidates if _may_be(one, grade)]
    for hundredths in range(round(LEAST[grade] * 100), 100):
        kept = [one.is_right for probability, one in scored if probability >= hundredths / 100]
        if kept and sum(kept) / len(kept) >= PRECISION[grade]:
            return hundredths / 100
    return 0.99


def measured(part: Part, grade: str, slope: float, offset: float, threshold: Any) -> dict[str, float]:
    """Precision and recall with ``threshold(query)``."""
    kept = [
        one.is_right
        for one in part.candidates
        if _may_be(one, grade) and _probability(one, slope, offset) >= threshold(one.query)
    ]
    return {
        "precision": round(sum(kept) / len(kept), 4) if kept else 1.0,
        "recall": round(sum(kept) / part.answers, 4),
    }


def _leaving_out(part: Part, grade: str, slope: float, offset: float) -> Any:
    """For each question the threshold that the others choose."""
    chosen: dict[str, float] = {}

    def threshold(query: str) -> float:
        if query not in chosen:
            others = [one for one in part.candidates if one.query != query]
            chosen[query] = choose(others, grade, slope, offset)
        return chosen[query]

    return threshold


def _may_be(one: Candidate, grade: str) -> bool:
    return grade == "possible" or not one.capped


def _probability(one: Candidate, slope: float, offset: float) -> float:
    import math

    return 1 / (1 + math.exp(-(slope * one.lift + offset)))


def _read(kind: str, path: Path) -> Part:
    candidates, answers = [], 0
    with path.open(encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            answers += row["answers"]
            candidates += [
                Candidate(row["query"], lift, right, capped)
                for lift, right, capped in row["found"][:DEEPEST]
                if lift is not None
            ]
    return Part(kind, tuple(candidates), answers)


if __name__ == "__main__":
    raise SystemExit(main())
