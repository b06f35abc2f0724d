"""How often the parts of two statements agree and contradict: pairs that belong together, and near misses.

    python -m bench.agreement --claims FILE.jsonl --queries FILE.tsv --qrels FILE.tsv [--show PART]

Claims: JSON lines with `vclaim_id` or `id`, and `vclaim` or `claim`; queries: id and text; qrels: TREC.
A near miss is one of the five claims with most rare words of the query that are not its own. Prints JSON: of
both kinds of pairs the share with each reason, the mean of each feature, and microseconds to read a text and
to compare a pair. `--show number` prints the contradicting numbers of the pairs that belong together, as a
person would see them; likewise for date and negation.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from claims.matching.agreement import FEATURES, Agreement, Side, compare, parts_of, sentence

NEAR_MISSES = 5
Pair = tuple[str, str, Agreement]


def read_claims(path: Path) -> dict[str, str]:
    """The claims' words by id."""
    rows = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip())
    return {row.get("vclaim_id") or row["id"]: row.get("vclaim") or row.get("claim") or "" for row in rows}


def read_table(path: Path, *, least: int) -> Iterator[list[str]]:
    """The columns of each line; lines with fewer than `least` are passed over."""
    for line in path.read_text(encoding="utf-8").splitlines():
        columns = line.split("\t")
        if len(columns) >= least:
            yield columns


class Nearest:
    """Claims by the rare words that they share with a text."""

    def __init__(self, sides: dict[str, Side]) -> None:
        self._holders: dict[str, list[str]] = defaultdict(list)
        for name, side in sides.items():
            for word in side.bag:
                self._holders[word].append(name)
        self._length = {name: 1 + math.log1p(len(side.bag)) for name, side in sides.items()}

    def to(self, side: Side, *, besides: set[str]) -> list[str]:
        """The nearest claims that are not among `besides`."""
        scores: Counter[str] = Counter()
        for word in side.bag:
            holders = self._holders.get(word, [])
            for name in holders:
                scores[name] += math.log(len(self._length) / len(holders)) / self._length[name]
        return [name for name, _ in scores.most_common(NEAR_MISSES + len(besides)) if name not in besides][
            :NEAR_MISSES
        ]


def summary_of(pairs: Sequence[Pair]) -> dict[str, Any]:
    """The share of pairs with each reason, and the features' means."""
    count = max(1, len(pairs))
    agreements = [agreement for *_, agreement in pairs]
    shares = {}
    for part in ("number", "date", "name", "negation"):
        for agrees, word in ((True, "agrees"), (False, "contradicts")):
            having = sum(any(r.part == part and r.agrees == agrees for r in a.reasons) for a in agreements)
            shares[f"{part} {word}"] = round(having / count, 4)
    shares["anything contradicts"] = round(sum(a.contradicts() for a in agreements) / count, 4)
    vectors = [a.vector() for a in agreements]
    means = {f: round(sum(v[i] for v in vectors) / count, 4) for i, f in enumerate(FEATURES)}
    return {"pairs": len(pairs), "reasons": shares, "features": means}


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--claims", type=Path, required=True)
    parser.add_argument("--queries", type=Path, required=True)
    parser.add_argument("--qrels", type=Path, required=True)
    parser.add_argument("--show", choices=("number", "date", "negation"))
    options = parser.parse_args(arguments)
    claims = read_claims(options.claims)
    queries = {row[0]: row[1] for row in read_table(options.queries, least=2)}
    own: dict[str, set[str]] = defaultdict(set)
    for query, _, claim, *_ in (line.split() for line in options.qrels.read_text("utf-8").splitlines()):
        if query in queries and claim in claims:
            own[query].add(claim)
    started = time.process_time()
    theirs = {name: Side(parts_of(text)) for name, text in claims.items()}
    reading = (time.process_time() - started) / max(1, len(claims))
    ours = {query: Side(parts_of(queries[query])) for query in own}
    nearest = Nearest(theirs)
    asked = {
        "together": [(query, claim) for query, kept in own.items() for claim in sorted(kept)],
        "near misses": [(q, claim) for q, kept in own.items() for claim in nearest.to(ours[q], besides=kept)],
    }
    started = time.process_time()
    pairs = {kind: [(q, c, compare(ours[q], theirs[c])) for q, c in rows] for kind, rows in asked.items()}
    comparing = (time.process_time() - started) / max(1, sum(map(len, asked.values())))
    for query, claim, agreement in pairs["together"] if options.show else []:
        for reason in agreement.reasons:
            if reason.part == options.show and not reason.agrees:
                print(
                    f"{sentence(reason)}\n  here  {queries[query]}\n  there {claims[claim]}", file=sys.stderr
                )
    result: dict[str, Any] = {kind: summary_of(rows) for kind, rows in pairs.items()}
    result["microseconds"] = {"to read": round(1e6 * reading, 1), "to compare": round(1e6 * comparing, 1)}
    print(json.dumps(result, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
