"""A worker that is really killed in the middle of re-embedding: resumed, complete, and searched throughout.

    python -m bench.reembedding --claims 50000 [--encoder shipped|stand-in]

In a database and a broker of its own: known claims are imported and indexed, then a second encoder is
installed (the same weights under another name, so that its version is another), and beat finds out by itself.
When half of the vectors are made, the worker and its children are killed by SIGKILL, and a new worker is
started. All the while somebody searches by vectors and wants the five nearest. Prints JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PLACES = ("city", "county", "port", "island", "village", "region", "airport", "university", "school", "park")
DEEDS = ("spent", "lost", "borrowed", "saved", "raised", "returned", "wasted", "invested", "promised", "hid")
THINGS = (
    "roads",
    "bridges",
    "vaccines",
    "turbines",
    "pensions",
    "ferries",
    "prisons",
    "dams",
    "trams",
    "pay",
)


def text_of(number: int) -> str:
    """A claim of its own for each number."""
    place, deed, thing = PLACES[number % 10], DEEDS[number // 10 % 10], THINGS[number // 100 % 10]
    money, year = number * 7 % 9973, 1990 + number % 35
    return f"The {place} of district {number} {deed} {money} million euros on {thing} in {year}"


def prepare(state: Path, encoder: str) -> list[str]:
    """Set the environment before Django reads it. Returns the encoders: the first, then the newer one."""
    os.environ |= {
        "CLAIMTRACKER_STATE": str(state / "services"),
        "DJANGO_SETTINGS_MODULE": "claimtracker.settings.test",
        "LOG_LEVEL": "ERROR",
    }
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_NAME", "REDIS_URL"):
        os.environ.pop(name, None)  # never a real site's data
    if encoder == "stand-in":
        return ["stand-in 1", "newer"]
    os.environ["MATCHING_ENCODER_MODULE"] = "claims.matching.encoder"
    from claims.matching.encoder import MODEL_FOLDER

    newer = state / "newer"
    shutil.copytree(MODEL_FOLDER, newer)
    facts = json.loads((newer / "facts.json").read_text(encoding="utf-8"))
    (newer / "facts.json").write_text(json.dumps({**facts, "name": "newer"}), encoding="utf-8")
    return [str(MODEL_FOLDER), str(newer)]


def install(encoders: list[str]) -> dict[str, str]:
    """Give this process these encoders. Returns the environment that gives them to a worker."""
    from django.conf import settings

    from tests.support import embedders

    if settings.MATCHING_ENCODER_MODULE == "claims.matching.encoder":
        settings.MATCHING_ENCODERS = encoders
        return {"MATCHING_ENCODERS": ",".join(encoders)}
    embedders.VERSIONS = encoders
    return {"STAND_IN_EMBEDDERS": ",".join(encoders)}


def fill(claims: int) -> float:
    """Import and index that many known claims. Returns the seconds."""
    from claims.actions.known_claim_imports import import_known_claims
    from claims.actions.match_index import index_everything
    from claims.sources.claim_reviews import ReadReviews, ReviewedClaim

    began = time.monotonic()
    read = ReadReviews("json-ld")
    for number in range(claims):
        url = f"https://checks.example/{number}"
        review = ReviewedClaim(text=text_of(number), url=url, publisher_site="checks.example", language="en")
        read.add(url, review)
    import_known_claims(read, source="bench", by="system")
    index_everything()
    return time.monotonic() - began


def wait_for(condition: Any, *, seconds: float, what: str) -> float:
    began = time.monotonic()
    while not condition():
        if time.monotonic() - began > seconds:
            raise SystemExit(f"not within {seconds:.0f} s: {what}")
        time.sleep(0.05)
    return time.monotonic() - began


def kill_and_measure(claims: int, environment: dict[str, str]) -> dict[str, Any]:
    """Everything from the new encoder's arrival to the switch."""
    from claims.models import EmbeddingSlot, MatchEmbedding, MatchEntry
    from tests.support.vector_search import Searcher
    from tests.support.worker import Worker

    vectors = MatchEmbedding.objects.filter(slot=1)
    current = EmbeddingSlot.objects.filter(number=1, state="current")
    patience = 120 + claims / 20
    began = time.monotonic()
    questions = [text_of(number) for number in range(0, claims, max(1, claims // 500))]
    worker = Worker(["match", "default"], concurrency=1, beat=True, env=environment)
    with Searcher(questions) as searcher, worker:
        wait_for(lambda: vectors.count() >= claims // 2, seconds=patience, what="half of the vectors")
        worker.kill_group()
        killed, made = time.monotonic(), vectors.count()
        if made >= claims or current.exists():
            raise SystemExit("it was over before the kill: take more claims")
        worker.start()
        wait_for(lambda: vectors.count() > made, seconds=patience, what="the work to be taken up again")
        resumed = time.monotonic() - killed
        wait_for(current.exists, seconds=patience, what="the switch")
        seconds = time.monotonic() - began
        left = MatchEntry.objects.exclude(embeddings__slot=1).count()
        spare = EmbeddingSlot.objects.filter(state="spare")
        wait_for(spare.exists, seconds=patience, what="the former slot to be emptied")
    return {
        "killed_at": made,
        "resumed_after_s": round(resumed, 2),
        "left_without": left,
        "searches_answered": searcher.answered,
        "searches_failed": len(searcher.failures),
        "failures": searcher.failures[:5],
        "seconds": round(seconds, 1),
        "former_vectors_left": MatchEmbedding.objects.filter(slot=0).count(),
    }


def run(claims: int, encoder: str) -> dict[str, Any]:
    state = Path(tempfile.mkdtemp(prefix="ct-bench-"))
    state.chmod(0o755)  # the embedded services run as another user
    try:
        encoders = prepare(state, encoder)
        import django

        django.setup()
        from django.core.management import call_command

        from claimtracker import embedded

        embedded.start()
        call_command("migrate", verbosity=0)
        install(encoders[:1])
        indexing = fill(claims)
        found = kill_and_measure(claims, install(encoders))
        return {"claims": claims, "encoder": encoder, "indexing_seconds": round(indexing, 1), **found}
    finally:
        from claimtracker import embedded

        embedded.wipe()
        shutil.rmtree(state, ignore_errors=True)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Kill a worker in the middle of re-embedding.")
    parser.add_argument("--claims", type=int, default=50_000)
    parser.add_argument("--encoder", choices=("shipped", "stand-in"), default="shipped")
    options = parser.parse_args(arguments)
    if options.claims < 1_000:
        parser.error("--claims: give at least 1,000, or it is over before the kill")
    found = run(options.claims, options.encoder)
    sys.stdout.write(json.dumps(found, indent=2) + "\n")
    return 1 if found["left_without"] or found["searches_failed"] else 0


if __name__ == "__main__":
    raise SystemExit(main())
