"""Near-identical articles: which are found and confirmed, and what a fingerprint costs.

    python -m bench.wire_copies --texts DIR [--most 208]

DIR holds articles as text files; PolNeAR's training part was used to choose. Every pair is looked at:
`confirmed_pairs` are printed by name, for a person to say whether they are one text; `others_share_at_most`
is the largest share of the shorter text's shingles among the rest. Then copies are made of up to `--most` of
them as outlets do: other headline, byline, agency line and style, some sentences reworded or put in, the
end cut off. Same texts, same figures.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import time
from collections.abc import Mapping
from itertools import combinations
from pathlib import Path
from typing import Any

from claims.matching.fingerprints import (
    METHOD,
    Shingles,
    fingerprint_of,
    is_near_identical,
    likeness_of,
    shingles_of,
)

SHORTEST = 80  # words
KEPT, CHANGED = (1.0, 0.8, 0.6, 0.5, 0.4, 0.3), (0.05, 0.15, 0.3)
_SENTENCE = re.compile(r"(?<=[.!?”\"])\s+(?=[A-Z“\"])")
_STYLES = (
    {"’": "'", "“": '"', "”": '"'},
    {" percent": " per cent", "Mr. ": "Mr "},
    {" — ": " - ", "—": " - "},
)
_BYLINES = ("Staff and agencies", "Nora Field, Associated Press", "Our correspondent")
_CREDITS = ("LONDON (Reuters) - ", "(AP) — ", "")
_WORDS = ("officials", "reportedly", "new", "later", "which", "called", "among")

Known = tuple[frozenset[int], Shingles]


def known(text: str) -> Known:
    return frozenset(fingerprint_of(text).bands), shingles_of(text)


def copy_of(text: str, others: list[str], chance: random.Random, *, kept: float, changed: float) -> str:
    """The article as another outlet prints it."""
    head, *paragraphs = [line for line in text.split("\n") if line.strip()]
    paragraphs = paragraphs[: max(1, round(len(paragraphs) * kept))] or [head]
    style = chance.choice(_STYLES)
    for old, new in style.items():
        paragraphs = [line.replace(old, new) for line in paragraphs]
    cut = [_SENTENCE.split(line) for line in paragraphs]
    places = [(at, number) for at, line in enumerate(cut) for number in range(len(line))]
    for at, number in sorted(chance.sample(places, max(1, round(changed * len(places)))), reverse=True):
        if chance.random() < 0.5:
            cut[at][number] = _reworded(cut[at][number], chance)
        else:
            cut[at].insert(number, chance.choice(_SENTENCE.split(chance.choice(others))))
    headline = " ".join(chance.sample(head.split(), len(head.split())))
    body = "\n\n".join(" ".join(line) for line in cut)
    return f"{headline}\n\nBy {chance.choice(_BYLINES)}\n\n{chance.choice(_CREDITS)}{body}\n\n© Reuters\n"


def _reworded(sentence: str, chance: random.Random) -> str:
    words = sentence.split()
    for at in chance.sample(range(len(words)), max(1, len(words) // 5) if words else 0):
        words[at] = chance.choice(_WORDS)
    return " ".join(words)


def pairs(texts: Mapping[str, Known]) -> dict[str, Any]:
    """Every two of the texts."""
    found, confirmed, most = 0, [], 0.0
    for (one, (bands, shingles)), (other, (its_bands, its_shingles)) in combinations(texts.items(), 2):
        found += not bands.isdisjoint(its_bands)
        if is_near_identical(shingles, its_shingles):
            confirmed.append([one, other, not bands.isdisjoint(its_bands)])
        else:
            most = max(most, likeness_of(shingles, its_shingles).contained)
    return {
        "pairs": len(texts) * (len(texts) - 1) // 2,
        "found_by_bands": found,
        "confirmed_pairs": confirmed,
        "others_share_at_most": round(most, 2),
    }


def copies(texts: Mapping[str, str], made: Mapping[str, Known]) -> list[dict[str, float]]:
    """How many of the copies are found by a band and confirmed, for each way of copying."""
    rows, everything = [], list(texts.values())
    for changed in CHANGED:
        for kept in KEPT:
            chance, right = random.Random(11), 0
            for name, text in texts.items():
                bands, shingles = known(copy_of(text, everything, chance, kept=kept, changed=changed))
                right += bool(bands & made[name][0]) and is_near_identical(shingles, made[name][1])
            rows.append({"changed": changed, "kept": kept, "recall": round(right / len(texts), 3)})
    return rows


def milliseconds(text: str) -> float:
    best = min(_seconds(text) for _round in range(5))
    return round(1000 * best, 1)


def _seconds(text: str) -> float:
    began = time.process_time()
    fingerprint_of(text)
    return time.process_time() - began


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--texts", type=Path, required=True, help="a folder of articles as .txt")
    parser.add_argument("--most", type=int, default=208, help="articles of which copies are made")
    options = parser.parse_args()
    read = {path.name: path.read_text(encoding="utf-8") for path in sorted(options.texts.glob("*.txt"))}
    texts = {name: text for name, text in read.items() if len(text.split()) >= SHORTEST}
    if len(texts) < 2:
        print(f"{options.texts} holds no two articles of {SHORTEST} words.", file=sys.stderr)
        return 1
    made = {name: known(text) for name, text in texts.items()}
    step = max(1, len(texts) // options.most)
    some = {name: texts[name] for name in list(texts)[::step][: options.most]}
    long = " ".join(texts.values())
    costs = {
        str(size): milliseconds(long[:size]) for size in (6_000, 100_000, 1_000_000) if len(long) >= size
    }
    report = {"method": METHOD, "texts": len(texts), **pairs(made), "copies_of": len(some)}
    print(json.dumps({**report, "copies": copies(some, made), "cpu_ms_by_code_points": costs}, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
