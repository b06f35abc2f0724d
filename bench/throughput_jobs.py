"""Articles per second through jobs, beside the same articles given to extraction directly.

    python -m bench.throughput_jobs [--articles 60] [--rounds 3]

Both ways use two processes with everything loaded. Directly: a pool of two that calls the extractor. Through
jobs: a real Celery worker with two children on a PostgreSQL and a Valkey of its own, from the commit that
brings the articles in until the last one's claims are written; what its claims ask for waits in other queues.
The texts are news articles, the same in both ways of a round, others in each round. Medians of the rounds, by
turns. Exit code 1 when the ratio is below 0.7.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import statistics
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from bench.chaos_run.articles import article_text
from bench.chaos_run.site import Group
from bench.matching_store import temporary_database

LEAST = 0.7
PATIENCE_SECONDS = 600
POLL_SECONDS = 0.2  # of some twenty: asking more often takes what is measured from the workers


def texts_of(round_number: int, articles: int, *, sentences: int) -> list[str]:
    """Articles of several paragraphs, unlike those of any other round."""
    first = round_number * articles
    return [article_text(first + number, sentences=sentences) for number in range(articles)]


def read(text: str) -> int:
    """What the direct way does with an article."""
    from claims.extraction import extract

    return len(extract(text).claims)


def directly(pool: Any, texts: list[str]) -> float:
    began = time.perf_counter()
    pool.map(read, texts, chunksize=1)
    return time.perf_counter() - began


def through_jobs(texts: list[str], round_number: int) -> float:
    """All articles come in in one transaction, so that their messages are sent at once after it."""
    from django.db import transaction

    from claims.actions.ingest import ingest_article
    from claims.models import ExtractionRun
    from claims.sources import ParsedArticle

    before = ExtractionRun.objects.count()
    with transaction.atomic():
        for number, text in enumerate(texts):
            parsed = ParsedArticle(
                title=f"Report {round_number}-{number}",
                byline="",
                body=text,
                language="en",
                published_at=None,
                url=None,
                canonical_url=None,
                site_name=None,
            )
            external_id = f"{round_number}-{number}"
            ingest_article(parsed, origin="desk:bench", external_id=external_id, by="system")
        began = time.perf_counter()
    while ExtractionRun.objects.count() < before + len(texts):
        if time.perf_counter() - began > PATIENCE_SECONDS:
            raise TimeoutError("the worker does not read the articles; see its log")
        time.sleep(POLL_SECONDS)
    return time.perf_counter() - began


def run(articles: int, rounds: int, sentences: int, log: Path) -> dict[str, Any]:
    from django.db import connection

    from claimtracker.accounts.models import Desk

    Desk.objects.create(slug="bench", name="Bench", is_default=True)
    connection.close()
    arguments = ["worker", "-O", "fair", "--without-gossip", "--without-mingle", "-Q", "nlp", "-c", "2"]
    worker = Group("nlp", arguments, log)
    worker.start()
    direct, jobs = [], []
    try:
        with multiprocessing.get_context("spawn").Pool(2) as pool:
            warm = texts_of(0, 16, sentences=sentences)
            directly(pool, warm)
            through_jobs(warm, 0)
            for number in range(1, rounds + 1):
                texts = texts_of(1000 * number, articles, sentences=sentences)
                direct.append(directly(pool, texts))
                jobs.append(through_jobs(texts, number))
    finally:
        worker.stop(time.monotonic() + 10)
    with suppress(OSError):
        log.unlink()
    rates = [[round(articles / seconds, 2) for seconds in way] for way in (direct, jobs)]
    return {
        "articles": articles,
        "words_per_article": round(statistics.mean(len(text.split()) for text in texts)),
        "direct_per_second": statistics.median(rates[0]),
        "jobs_per_second": statistics.median(rates[1]),
        "ratio": round(statistics.median(rates[1]) / statistics.median(rates[0]), 3),
        "rounds": {"direct": rates[0], "jobs": rates[1]},
    }


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--articles", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sentences", type=int, default=24, help="of an article")
    options = parser.parse_args(arguments)
    if min(options.articles, options.rounds, options.sentences) < 1:
        parser.error("give numbers of at least 1")
    with tempfile.NamedTemporaryFile(prefix="ct-bench-", suffix=".log", delete=False) as log:
        pass
    with temporary_database():
        result = run(options.articles, options.rounds, options.sentences, Path(log.name))
    print(json.dumps(result, indent=2))
    return 0 if result["ratio"] >= LEAST else 1


if __name__ == "__main__":
    sys.exit(main())
