"""How well known claims are found: MAP@5, MRR, recall@5, P@1 and time, through the real query.

    python -m bench.matching --claims FILE.jsonl --queries FILE.tsv --qrels FILE.tsv
                             [--mode lexical|semantic|hybrid]

Claims: one JSON object a line (`id` or `vclaim_id`, `title`, `vclaim` or `claim`; who claimed it as `speaker`
or `claimant`, where it is known). Queries: `id<TAB>text`. Qrels: TREC (`qid 0 docid 1`). The claims are
imported into a fresh database and indexed as any import is; then every query with an answer is asked. Prints
JSON; p50 and p95 are milliseconds for one query on one thread, the encoder's time included. `grades` and
`curve` say how precise the suggestions are, and how many of the answers they hold, at the shipped thresholds
and along the way.
--dump FILE keeps what `bench.fit_matching` fits curve and thresholds from.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.matching_store import temporary_database
from bench.measures import average_precision_at, recall_at, reciprocal_rank
from bench.training.pairs import ReviewedText, read_answers, read_claims, read_questions

if TYPE_CHECKING:
    from claims.matching.finding import Finding, Found

DEPTH = 100
THRESHOLDS = (0.02, 0.05, *(step / 10 for step in range(1, 10)), 0.95)


@dataclass(frozen=True, slots=True)
class Asked:
    """One query: what was found, by the names of the claims, and what should have been."""

    query: str
    names: list[str]
    finding: Finding
    right: set[str]
    kind: str
    seconds: float


def main(arguments: list[str] | None = None) -> int:
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        claims = list(read_claims(options.claims))
        queries, answers = read_questions(options.queries), read_answers(options.qrels)
    except (OSError, ValueError) as error:
        parser.error(str(error))
    known = {claim.name for claim in claims}
    wanted = {query: found & known for query, found in answers.items() if query in queries}
    left_out = sorted(query for query, found in wanted.items() if not found)
    if len(left_out) == len(wanted):
        parser.error("no query of the qrels has an answer among the claims: do the files belong together?")
    with temporary_database():
        started = time.monotonic()
        by_id = load(claims)
        loaded = time.monotonic() - started
        asked = [
            ask(query, queries[query], right, options.mode, by_id) for query, right in wanted.items() if right
        ]
    if options.dump:
        _dump(options.dump, asked)
    print(json.dumps(report(asked, options.mode, len(claims), loaded, left_out), indent=1))
    return 0


def load(claims: list[ReviewedText]) -> dict[int, str]:
    """Import and index the claims; known claim id → name."""
    from claims.actions.known_claim_imports import import_known_claims
    from claims.actions.match_index import index_everything
    from claims.models import KnownClaim
    from claims.sources.claim_reviews import ReadReviews, ReviewedClaim

    reviews = [
        ReviewedClaim(
            text=claim.text,
            title=claim.title[:500],
            claimant=claim.claimant[:300],
            url=f"https://claims.example/{number}",
            publisher_name="bench",
            publisher_site="claims.example",
            language="en",
            external_id=claim.name,
        )
        for number, claim in enumerate(claims)
    ]
    places = [claim.name for claim in claims]
    import_known_claims(ReadReviews("bench", reviews, places), source="bench", by="system")
    index_everything()
    names = dict(KnownClaim.objects.values_list("pk", "external_id"))
    if len(names) != len(claims):
        sys.stderr.write(f"{len(claims) - len(names)} of {len(claims)} claims could not be imported\n")
    return names


def ask(query: str, text: str, right: set[str], mode: Any, by_id: dict[int, str]) -> Asked:
    """Ask one query as a claim is looked up."""
    from claims.matching.finding import find_known
    from claims.matching.wording import statement_of

    started = time.perf_counter()
    statement = statement_of(text)
    finding = find_known(statement, language="en", mode=mode, limit=DEPTH)
    seconds = time.perf_counter() - started
    names = [by_id[one.candidate.known_claim_id or 0] for one in finding.found]
    return Asked(query, names, finding, right, statement.kind, seconds)


def report(asked: list[Asked], mode: str, claims: int, loaded: float, left_out: list[str]) -> dict[str, Any]:
    """What is printed."""

    def mean(measure: Callable[[Asked], float]) -> float:
        return round(sum(measure(one) for one in asked) / len(asked), 4)

    times = sorted(one.seconds * 1000 for one in asked)
    found = {
        "MAP@5": mean(lambda one: average_precision_at(5, one.names, one.right)),
        "MRR": mean(lambda one: reciprocal_rank(one.names, one.right)),
        "recall@5": mean(lambda one: recall_at(5, one.names, one.right)),
        "P@1": mean(lambda one: float(bool(one.names) and one.names[0] in one.right)),
        "p50": round(times[len(times) // 2], 2),
        "p95": round(times[int(len(times) * 0.95)], 2),
        "time_unit": "ms",
        "mode": mode,
        "queries": len(asked),
        "queries_without_answer": len(left_out),
        "claims": claims,
        "load_s": round(loaded, 1),
    }
    if mode == "hybrid":
        found["method"] = asked[0].finding.method
        found["grades"] = {
            "strong": _at(asked, lambda one: one.grade == "strong"),
            "possible": _at(asked, lambda one: one.grade is not None),
        }
        found["curve"] = {
            str(threshold): _at(asked, lambda one, least=threshold: (one.probability or 0) >= least)
            for threshold in THRESHOLDS
        }
    return found


def _at(asked: list[Asked], chosen: Callable[[Any], bool]) -> dict[str, float]:
    """Precision and recall of the suggestions that ``chosen`` keeps, over all queries together."""
    kept = right = there = 0
    for one in asked:
        there += len(one.right)
        for name, found in zip(one.names, one.finding.found, strict=True):
            if chosen(found):
                kept += 1
                right += name in one.right
    return {
        "precision": round(right / kept, 4) if kept else 1.0,
        "recall": round(right / there, 4),
        "suggestions": kept,
    }


def _dump(path: Path, asked: list[Asked]) -> None:
    with path.open("w", encoding="utf-8") as file:
        for one in asked:
            row = {
                "query": one.query,
                "kind": one.kind,
                "answers": len(one.right),
                "found": [
                    [found.lift, name in one.right, _contradicts(found)]
                    for name, found in zip(one.names, one.finding.found, strict=True)
                ],
            }
            file.write(json.dumps(row) + "\n")


def _contradicts(found: Found) -> bool:
    from claims.matching.ranking import reason_lowers

    return any(reason_lowers(reason) for reason in found.agreement.reasons)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="How well known claims are found.")
    parser.add_argument("--claims", type=Path, required=True, help="one JSON object a line")
    parser.add_argument("--queries", type=Path, required=True, help="id<TAB>text")
    parser.add_argument("--qrels", type=Path, required=True, help="TREC: qid 0 docid 1")
    parser.add_argument("--mode", choices=("lexical", "semantic", "hybrid"), default="hybrid")
    parser.add_argument("--dump", type=Path, help="keep what bench.fit_matching fits from")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
