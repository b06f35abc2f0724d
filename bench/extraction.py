"""How well the extractor finds hand-labelled claims.

    python -m bench.extraction --gold tests/gold/claims.json --texts tests/gold/articles

The gold file is JSON: {"article.txt": [{"start": 0, "end": 10, "claimant": "Name" or null,
"attribution": "quoted" | "reported" | "author", "worth": 1 | 2 | 3}, …]}; positions are code points into the
file of that name under --texts, end exclusive; other keys are ignored.

A found claim answers a label when they overlap by half of the shorter span; each answers at most one, the
pairs with the largest overlap first. `tight_recall` asks for intersection over union of at least one half,
`claimant_accuracy` compares names of answered labels without regard to case, honorifics or a leading article,
`precision_first_five` looks at the five best-scored claims of each article only.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from claims.extraction import EXTRACTOR_VERSION, ExtractedClaim, extract

_LEADING = re.compile(r"^(?:the|a|an|dr|mr|mrs|ms|sir|dame|prof)\.?\s+", re.IGNORECASE)


@dataclass(slots=True)
class Tally:
    """Counts summed over articles."""

    labels: int = 0
    offered: int = 0
    found: int = 0
    tight: int = 0
    right_claimant: int = 0
    right_attribution: int = 0
    first_five: int = 0
    first_five_right: int = 0

    def add(self, other: Tally) -> None:
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def as_json(self) -> dict[str, Any]:
        precision = _share(self.found, self.offered)
        recall = _share(self.found, self.labels)
        total = precision + recall
        return {
            "labels": self.labels,
            "offered": self.offered,
            "precision": round(precision, 3),
            "recall": round(recall, 3),
            "f1": round(2 * precision * recall / total, 3) if total else 0.0,
            "tight_recall": round(_share(self.tight, self.labels), 3),
            "claimant_accuracy": round(_share(self.right_claimant, self.found), 3),
            "attribution_accuracy": round(_share(self.right_attribution, self.found), 3),
            "precision_first_five": round(_share(self.first_five_right, self.first_five), 3),
        }


def overlaps_by_half(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether the shared stretch is at least half of the shorter span."""
    return 2 * _shared(one, other) >= max(1, min(one[1] - one[0], other[1] - other[0]))


def same_claimant(one: str | None, other: str | None) -> bool:
    """Equal names, or both nobody."""
    return _plain(one) == _plain(other)


def pair(labels: list[dict[str, Any]], claims: list[ExtractedClaim]) -> list[tuple[int, int]]:
    """Label and claim indices that answer each other, each at most once, largest share of the union first."""
    options = []
    for i, label in enumerate(labels):
        for j, claim in enumerate(claims):
            here, there = (label["start"], label["end"]), (claim.start, claim.end)
            if overlaps_by_half(here, there):
                options.append((-_union_share(here, there), i, j))
    taken_labels: set[int] = set()
    taken_claims: set[int] = set()
    pairs = []
    for _, i, j in sorted(options):
        if i not in taken_labels and j not in taken_claims:
            taken_labels.add(i)
            taken_claims.add(j)
            pairs.append((i, j))
    return pairs


def score_article(labels: list[dict[str, Any]], claims: list[ExtractedClaim]) -> Tally:
    """The counts for one article."""
    pairs = pair(labels, claims)
    answered = {j for _, j in pairs}
    five = sorted(range(len(claims)), key=lambda j: (-claims[j].score, claims[j].start))[:5]
    tally = Tally(len(labels), len(claims), len(pairs))
    for i, j in pairs:
        label, claim = labels[i], claims[j]
        span = (label["start"], label["end"])
        tally.tight += _union_share(span, (claim.start, claim.end)) >= 0.5
        tally.right_claimant += same_claimant(label["claimant"], claim.claimant)
        tally.right_attribution += label["attribution"] == claim.attribution
    tally.first_five = len(five)
    tally.first_five_right = sum(j in answered for j in five)
    return tally


def run(gold: Path, texts: Path) -> dict[str, Any]:
    """Scores for every labelled article and for all of them together."""
    labelled = json.loads(gold.read_text(encoding="utf-8"))
    total = Tally()
    articles = {}
    seconds = 0.0
    for name, labels in sorted(labelled.items()):
        with (texts / name).open(encoding="utf-8", newline="") as file:
            text = file.read()
        began = time.perf_counter()
        claims = list(extract(text).claims)
        seconds += time.perf_counter() - began
        tally = score_article(labels, claims)
        articles[name] = tally.as_json()
        total.add(tally)
    return {
        "extractor": EXTRACTOR_VERSION,
        "articles": articles,
        "total": total.as_json(),
        "seconds": round(seconds, 2),
    }


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Score the extractor against hand-labelled articles.")
    here = Path(__file__).resolve().parent.parent / "tests" / "gold"
    parser.add_argument("--gold", type=Path, default=here / "claims.json")
    parser.add_argument("--texts", type=Path, default=here / "articles")
    options = parser.parse_args(arguments)
    if not options.gold.is_file():
        parser.error(f"--gold: there is no file {options.gold}; give a JSON file of labelled claims")
    if not options.texts.is_dir():
        parser.error(f"--texts: there is no folder {options.texts}; give the folder that holds the articles")
    sys.stdout.write(json.dumps(run(options.gold, options.texts), indent=2, ensure_ascii=False) + "\n")
    return 0


def _plain(name: str | None) -> str:
    words = re.sub(r"\s+", " ", name or "").strip().replace("’", "'").casefold()
    while (shorter := _LEADING.sub("", words)) != words:
        words = shorter
    return words


def _shared(one: tuple[int, int], other: tuple[int, int]) -> int:
    return max(0, min(one[1], other[1]) - max(one[0], other[0]))


def _union_share(one: tuple[int, int], other: tuple[int, int]) -> float:
    return _share(_shared(one, other), max(one[1], other[1]) - min(one[0], other[0]))


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


if __name__ == "__main__":
    raise SystemExit(main())
