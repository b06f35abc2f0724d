"""The search for known claims at any size: recall, milliseconds and megabytes, beside exact search.

    python -m bench.matching_scale --claims N [--data DIR] [--cache DIR]

Takes N claims, real ones of DIR and others made around them (``bench.matching_corpus``), into a PostgreSQL
of its own in a temporary folder, and asks through ``find_candidates``. Texts are real posts and debate
sentences; the vectors whose neighbours are counted are paraphrases that are not stored. The cache
keeps vectors only.
A million claims need 24 GB of memory, 10 GB of disk and about half an hour on two cores.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bench.matching_corpus import Corpus, MissingCorpus, make_corpus, read_claims, read_queries
from bench.matching_store import LARGE, SETTINGS, store_claims, temporary_database

ROOT = Path(__file__).resolve().parent.parent
MODEL = "bench"
ASKED = 200  # vectors whose ten nearest are compared
QUERIES = 200  # real texts that are timed
EXACT = 20  # of the slow ways
_EXACT_SCAN = (
    "SELECT entry_id, vector <-> %s::halfvec AS distance FROM claims_matchembedding WHERE slot = 0 "
    "ORDER BY distance LIMIT 100"
)
_SIZES = (
    "SELECT pg_relation_size('match_embedding_near_0'), pg_relation_size('match_entry_by_word'), "
    "pg_table_size('claims_matchentry') + pg_table_size('claims_matchembedding') "
    "+ pg_table_size('claims_matchterm')"
)


def note(what: str) -> None:
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {what}\n")
    sys.stderr.flush()


def milliseconds(work: Callable[[Any], object], questions: Sequence[Any], prefix: str) -> dict[str, float]:
    """The median and the 95th of a hundred, after one round that only warms up."""
    taken = []
    for is_warm in (False, True):
        for question in questions:
            began = time.perf_counter()
            work(question)
            if is_warm:
                taken.append(1000 * (time.perf_counter() - began))
    return {
        f"{prefix}_p50_ms": round(statistics.median(taken), 2),
        f"{prefix}_p95_ms": round(float(np.percentile(taken, 95)), 2),
    }


def spread(count: int, of: int) -> list[int]:
    """``count`` numbers below ``of``, evenly apart."""
    return sorted({place * of // count for place in range(count)})


def measure_search(corpus: Corpus) -> dict[str, Any]:
    """What ``find_candidates`` finds of the nearest, and how long it takes."""
    from claims.matching.candidates import find_candidates
    from claims.models import MatchEntry

    entries = np.fromiter(MatchEntry.objects.order_by("id").values_list("id", flat=True), dtype=np.int64)
    chosen = spread(QUERIES, len(corpus.queries))
    real = corpus.query_vectors[chosen]

    def ten_nearest(vector: np.ndarray) -> list[int]:
        found = find_candidates("", vector, model_version=MODEL, mode="semantic")
        return [each.entry_id for each in found[:10]]

    def ask(place: int, mode: Any = "hybrid") -> None:
        vector = corpus.query_vectors[place]
        find_candidates(corpus.queries[place], vector, model_version=MODEL, mode=mode)

    note("recall")
    return {
        "recall_at_10": recall(corpus.vectors, entries, corpus.asked, ten_nearest),
        "recall_at_10_real_queries": recall(corpus.vectors, entries, real, ten_nearest),
        **milliseconds(ask, chosen, "hybrid"),
        **milliseconds(lambda place: ask(place, "lexical"), chosen, "lexical"),
        **milliseconds(lambda place: ask(place, "semantic"), chosen, "semantic"),
    }


def recall(
    vectors: np.ndarray, entries: np.ndarray, asked: np.ndarray, find: Callable[[np.ndarray], list[int]]
) -> float:
    """The share of the ten truly nearest, by full comparison of the stored halves, that ``find`` gives."""
    hits = 0.0
    for vector, nearest in zip(asked, exact_ten(vectors, asked), strict=True):
        hits += len(set(find(vector)) & set(entries[nearest].tolist())) / len(nearest)
    return round(hits / len(asked), 4)


def exact_ten(vectors: np.ndarray, asked: np.ndarray) -> np.ndarray:
    """The rows of the ten nearest for each of ``asked``."""
    best = np.full((len(asked), 0), 0)
    scores = np.zeros((len(asked), 0), dtype=np.float32)
    for start in range(0, len(vectors), LARGE):
        part = asked @ vectors[start : start + LARGE].astype(np.float32).T
        rows = np.argsort(-part, axis=1)[:, :10]
        scores = np.concatenate([scores, np.take_along_axis(part, rows, axis=1)], axis=1)
        best = np.concatenate([best, rows + start], axis=1)
        order = np.argsort(-scores, axis=1)[:, :10]
        scores, best = (np.take_along_axis(each, order, axis=1) for each in (scores, best))
    return best


def measure_exact_scan(corpus: Corpus) -> dict[str, float]:
    """The same nearest without the index: every vector is compared, by one process, and by all that
    PostgreSQL takes."""
    from django.db import connection, transaction

    from claims.matching.candidates import written_vector

    def scan(vector: np.ndarray) -> None:
        cursor.execute(_EXACT_SCAN, [written_vector(vector)])
        cursor.fetchall()

    found: dict[str, float] = {}
    questions = corpus.query_vectors[spread(EXACT, len(corpus.queries))]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_indexscan = off; SET LOCAL jit = off")
        for name, helpers in {"exact_scan": 0, "exact_scan_parallel": 2}.items():
            cursor.execute(f"SET LOCAL max_parallel_workers_per_gather = {helpers}")
            found |= milliseconds(scan, questions, name)
    return found


def measure_numpy(corpus: Corpus) -> dict[str, float]:
    """Every vector compared in memory, in single precision."""
    vectors = corpus.vectors.astype(np.float32)

    def nearest(question: np.ndarray) -> np.ndarray:
        scores = vectors @ question
        best = np.argpartition(-scores, min(100, len(scores) - 1))[:100]
        return best[np.argsort(-scores[best])]

    questions = corpus.query_vectors[spread(EXACT, len(corpus.queries))]
    return {"numpy_p50_ms": milliseconds(nearest, questions, "numpy")["numpy_p50_ms"]}


def measure_bm25s(corpus: Corpus) -> dict[str, float | None]:
    """Words alone, in the memory of one process."""
    try:
        import bm25s
    except ImportError:
        note("bm25s_* are null: install bm25s beside the product to measure it")
        return {"bm25s_p50_ms": None, "bm25s_build_s": None}
    began = time.perf_counter()
    texts = [f"{title}\n{text}" for title, text in zip(corpus.titles, corpus.texts, strict=True)]
    index = bm25s.BM25(k1=1.5, b=0.75)
    index.index(bm25s.tokenize(texts, stopwords="en", show_progress=False), show_progress=False)
    built = time.perf_counter() - began
    count = min(100, len(texts))

    def ask(text: str) -> None:
        words = bm25s.tokenize(text, stopwords="en", show_progress=False)
        index.retrieve(words, k=count, show_progress=False)

    questions = [corpus.queries[place] for place in spread(QUERIES, len(corpus.queries))]
    taken = milliseconds(ask, questions, "bm25s")
    return {"bm25s_p50_ms": taken["bm25s_p50_ms"], "bm25s_build_s": round(built, 1)}


def load(corpus: Corpus) -> dict[str, Any]:
    """Store the corpus in the open database, as an operator brings in very many claims."""
    from django.db import connections

    owner = connections["owner"]
    is_large = len(corpus.ids) >= LARGE
    loaded = store_claims(
        owner,
        ids=corpus.ids,
        titles=corpus.titles,
        texts=corpus.texts,
        vectors=corpus.vectors,
        model_version=MODEL,
        build_indexes=is_large,
    )
    with owner.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
        cursor.execute(_SIZES)
        vectors, words, tables = (round(size / 2**20, 1) for size in cursor.fetchone())
    return {
        "load_s": round(loaded.load_seconds, 1),
        # below LARGE the indexes grow with the rows, and their seconds are part of load_s
        "build_s": round(sum(loaded.build_seconds.values()), 1) if is_large else None,
        "build_hnsw_s": round(loaded.build_seconds.get("match_embedding_near_0", 0), 1) if is_large else None,
        "index_mb": {"hnsw": vectors, "gin": words},
        "table_mb": tables,
    }


def run(corpus: Corpus) -> dict[str, Any]:
    """Every measurement, as the JSON's keys."""
    from django.conf import settings

    from claims.matching.hybrid_query import BOUNDS

    note(f"loading {len(corpus.ids):,} claims")
    result: dict[str, Any] = {"claims": len(corpus.ids), **load(corpus)}
    result |= measure_search(corpus)
    for measure in (measure_exact_scan, measure_numpy, measure_bm25s):
        note(measure.__name__.replace("_", " "))
        result |= measure(corpus)
    result["times_faster_than_exact"] = round(result["exact_scan_p95_ms"] / result["hybrid_p95_ms"], 1)
    result["settings"] = {"hnsw.ef_search": settings.MATCHING_EF_SEARCH, **BOUNDS, **SETTINGS}
    return result


def shipped_encoder() -> tuple[str, Callable[[Sequence[str]], np.ndarray]]:
    from claims.matching.encoder import newest_embedder

    embedder = newest_embedder()
    return embedder.version, embedder.embed


def default_cache() -> Path:
    base = os.environ.get("XDG_CACHE_HOME", "").strip()
    try:
        return (Path(base) if base else Path.home() / ".cache") / "claimtracker" / "bench"
    except RuntimeError:
        return Path(tempfile.gettempdir()) / "claimtracker-bench"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Measure the search for known claims at a size.")
    parser.add_argument("--claims", type=int, required=True, help="how many claims to search in")
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--cache", type=Path, default=default_cache(), help="where vectors are kept")
    options = parser.parse_args(arguments)
    if options.claims < 100:
        parser.error("--claims: give a number of at least 100")
    try:
        real, queries = read_claims(options.data), read_queries(options.data)
    except MissingCorpus as error:
        sys.stderr.write(f"{error}\n")
        return 2
    with temporary_database(**SETTINGS):
        version, embed = shipped_encoder()
        note("claims and their vectors")
        corpus = make_corpus(
            real, queries, options.cache, claims=options.claims, asked=ASKED, embed=embed, version=version
        )
        result = run(corpus)
    sys.stdout.write(json.dumps(result, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
