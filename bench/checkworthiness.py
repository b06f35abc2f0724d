"""How well single sentences are judged worth checking.

    python -m bench.checkworthiness --tsv FILE

FILE has the columns `Text` and `class_label` ("Yes" or "No"), with a header line. Prints JSON: precision,
recall and F1 of Yes at the threshold that ships, average precision of the ranking, and the speed.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from claims.extraction import EXTRACTOR_VERSION
from claims.extraction.checkworthiness import score_sentences, threshold
from claims.extraction.encoder.runtime import available, load_encoder

_LABELS = {"yes": True, "no": False, "1": True, "0": False}


class BadTable(ValueError):
    """The file is not a table of labelled sentences; the message says what to mend."""


def read_table(path: Path) -> tuple[list[str], list[bool]]:
    """The sentences and their labels. Raises BadTable naming the line."""
    texts, labels = [], []
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        header = file.readline().rstrip("\r\n").lstrip("\ufeff").split("\t")
        missing = [name for name in ("Text", "class_label") if name not in header]
        if missing:
            raise BadTable(
                f"{path.name}: the header line has no column {' and '.join(missing)}, tab-separated"
            )
        rows = csv.DictReader(file, fieldnames=header, delimiter="\t", quoting=csv.QUOTE_NONE)
        for number, row in enumerate(rows, 2):
            label = _LABELS.get((row["class_label"] or "").strip().lower())
            if label is None:
                raise BadTable(
                    f"{path.name}, line {number}: class_label is {row['class_label']!r}; write Yes or No"
                )
            texts.append(row["Text"].strip())
            labels.append(label)
    if not texts:
        raise BadTable(f"{path.name}: there is no sentence below the header line")
    return texts, labels


def average_precision(scores: Sequence[float], labels: Sequence[bool]) -> float:
    """The mean of the precision at each Yes in the ranking, ties taken together (as scikit-learn counts)."""
    order = sorted(range(len(scores)), key=lambda i: -scores[i])
    total = sum(labels)
    if not total:
        return 0.0
    area, found, seen, i = 0.0, 0, 0, 0
    while i < len(order):
        tie = i
        gained = 0
        while tie < len(order) and scores[order[tie]] == scores[order[i]]:
            gained += labels[order[tie]]
            tie += 1
        seen, found, i = tie, found + gained, tie
        area += gained / total * (found / seen)
    return area


def run(texts: Sequence[str], labels: Sequence[bool]) -> dict[str, Any]:
    """All measures of one table."""
    if available():
        load_encoder()
    began = time.perf_counter()
    scores = score_sentences(texts)
    seconds = time.perf_counter() - began
    cut = threshold()
    offered = [score >= cut for score in scores]
    right = sum(a and b for a, b in zip(offered, labels, strict=True))
    precision = right / sum(offered) if any(offered) else 0.0
    recall = right / sum(labels) if any(labels) else 0.0
    return {
        "f1": round(2 * right / max(1, sum(offered) + sum(labels)), 4),
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "average_precision": round(average_precision(scores, labels), 4),
        "threshold": cut,
        "n": len(texts),
        "yes": sum(labels),
        "seconds": round(seconds, 3),
        "sentences_per_second": round(len(texts) / seconds, 1) if seconds else None,
        "extractor": EXTRACTOR_VERSION,
        "by": "encoder" if available() else "rules",
    }


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Score check-worthiness against labelled sentences.")
    parser.add_argument("--tsv", type=Path, required=True, help="columns Text and class_label (Yes or No)")
    options = parser.parse_args(arguments)
    if not options.tsv.is_file():
        parser.error(f"--tsv: there is no file {options.tsv}; give a table with Text and class_label")
    try:
        texts, labels = read_table(options.tsv)
    except BadTable as error:
        parser.error(f"--tsv: {error}")
    sys.stdout.write(json.dumps(run(texts, labels), indent=2) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
