"""The API's lists with each of their filters at very many claims: milliseconds, queries and their plans.

    python -m bench.api_filters [--claims 100000] [--rounds 20]

Fills a PostgreSQL of its own in a temporary folder: one partner has nearly all articles, another a thousandth
of them, a tenth of the claims is checked and public. Asks each list with each filter, with values that hold
for many rows and for few, as both partners. "most_ms" is the slowest
p95. Every query that touches a large table is explained; "scans" lists those that read a whole one. Exit code
1 when a p95 is above --most-ms or anything is scanned.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from bench.api_schema import NO_LIMIT
from bench.matching_store import temporary_database

BIG = {
    "claims_article",
    "claims_articleversion",
    "claims_extractionrun",
    "claims_appearance",
    "claims_claim",
    "reviews_claimroute",
    "reviews_publiccheck",
    "reviews_publication",
    "reviews_reviewtask",
    "reviews_verdict",
}
OLD = "2020-01-01T00:00:00Z"
LISTS = {
    "claims": (
        "state=waiting",
        "state=in_review",
        "state=published",
        "state=retracted",
        "state=dismissed",
        "claimant=speaker-7-x",
        "topic=common",
        "topic=rare",
        "kind=quantity",
        "kind=legal",
        "score_min=0.985",
        "score_max=0.005",
        "language=en",
        "language=de",
        "updated_since={recent}",
        "updated_since={old}",
        "q=roads",
        "q=777",
        "state=published&claimant=speaker-70-x&score_min=0.5",
    ),
    "articles": (
        "state=accepted",
        "state=rejected",
        "external_id=bench-777",
        "url=https://wire.example/777",
        "language=en",
        "language=de",
        "updated_since={recent}",
        "updated_since={old}",
    ),
    "publications": (
        "rating=half-true",
        "rating=true",
        "claimant=Ann%20Lee",
        "topic=roads",
        "language=en",
        "is_retracted=true",
        "is_retracted=false",
        "updated_since={recent}",
        "updated_since={old}",
        "q=roads",
        "q=777",
    ),
    "corrections": ("kind=correction", "updated_since={recent}"),
    "claimants": (),
    "rating-scales": (),
}
# «id» is when the row of this id was written: one a minute until now
WRITTEN = "(now() - make_interval(mins => greatest(0, {claims} - «»)::int))"
VARIED = (
    "UPDATE claims_claim SET changed_at = «id», kind = CASE WHEN id % 1000 = 1 THEN 'legal' ELSE kind END, "
    "state = CASE WHEN id % 997 = 1 THEN 'dismissed' ELSE state END, "
    "dismissed_because = CASE WHEN id % 997 = 1 THEN 'No fact.' ELSE '' END",
    "UPDATE claims_article SET changed_at = «id», url = 'https://wire.example/' || substr(external_id, 7), "
    "origin = CASE WHEN id % 1000 = 5 THEN 'partner:small' ELSE 'partner:large' END, "
    "state = CASE WHEN id % 1000 = 9 THEN 'rejected' ELSE state END",
    "UPDATE claims_articleversion SET created_at = «article_id»",
    "INSERT INTO claims_extractionrun (version_id, extractor_version, outcome, message, language, sentences, "
    "claims_found, seconds, created_at) SELECT id, 'bench', 'extracted', '', 'en', 9, 1, 0.1, created_at "
    "FROM claims_articleversion",
    "UPDATE claims_appearance SET created_at = «claim_id»",
    "UPDATE reviews_reviewtask SET changed_at = «claim_id»",
    "UPDATE reviews_verdict SET created_at = «claim_id»",
    "UPDATE reviews_publiccheck SET rating_slug = CASE WHEN id % 3 = 0 THEN 'half-true' "
    "WHEN id % 500 = 1 THEN 'true' ELSE rating_slug END, claimant_slug = "
    "CASE WHEN id % 20 = 0 THEN claimant_slug ELSE 'speaker-' || id % 900 || '-abcdef' END",
    "INSERT INTO reviews_topic (name, slug, words, harm) VALUES ('Common', 'common', '{common}', 0), "
    "('Rare', 'rare', '{rare}', 0)",
    "INSERT INTO reviews_claimroute (claim_id, rule_name, rulebook_revision, why, lift, approval, "
    "reviewer_ids, selection_reason, routed_at) SELECT id, '', 0, 'Measured.', 0, 'anyone', '{}', '', "
    "changed_at FROM claims_claim WHERE extractor_version = 'bench'",
    "INSERT INTO reviews_claimroute_topics (claimroute_id, topic_id) SELECT r.id, t.id FROM "
    "reviews_claimroute r JOIN reviews_topic t ON t.slug = CASE WHEN r.claim_id % 1000 = 3 THEN 'rare' "
    "WHEN r.claim_id % 2 = 0 THEN 'common' END",
)


def fill_with(claims: int) -> dict[str, str]:
    """The keys of the two partners, and rows as the actions leave them."""
    from django.db import connections

    from bench.pages_run.scale import publish_every_tenth
    from bench.queue_scale import fill, make_people
    from tests.factories import make_correction, make_key, make_partner, make_publication, make_topic

    people = make_people()
    make_topic("Roads", ["roads"])
    make_correction(make_publication(), rating="true")
    make_publication()
    fill(1, claims, people)
    publish_every_tenth()
    with connections["owner"].cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        written = WRITTEN.replace("{claims}", str(claims))
        for statement in VARIED:
            cursor.execute(re.sub("«(.+?)»", lambda column: written.replace("«»", column[1]), statement))
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("VACUUM ANALYZE")
    return {slug: make_key(make_partner(slug))[1] for slug in ("large", "small")}


def addresses() -> Iterator[str]:
    from django.utils import timezone

    recent = timezone.now() - timedelta(days=1)
    moments = {
        "recent": f"{recent:%Y-%m-%dT%H:%M:%SZ}",
        "old": OLD,
    }
    for name, filters in LISTS.items():
        for narrowed in ("", *filters):
            yield f"/api/v1/{name}?{narrowed.format(**moments)}"


def run(claims: int, rounds: int) -> dict[str, Any]:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from bench.queue_scale import scans

    found: dict[str, Any] = {}
    plans: dict[str, None] = {}
    for partner, key in fill_with(claims).items():
        client = Client(headers={"Authorization": f"Bearer {key}"})
        for address in addresses():
            with CaptureQueriesContext(connection) as seen:
                answer = client.get(address)
            assert answer.status_code == 200, answer.content  # noqa: S101 - a bench stops at once
            asked = seen.captured_queries  # the next request forgets them
            if OLD not in address:  # everything changed since then, so everything may be read
                plans |= {query["sql"]: None for query in asked}
            taken = []
            for _round in range(rounds):
                began = time.perf_counter()
                status = client.get(address).status_code
                taken.append(1000 * (time.perf_counter() - began))
                assert status == 200, status  # noqa: S101 - a refusal is quick, and not what is measured
            found[f"{partner} {address.removeprefix('/api/v1/')}"] = {
                "rows": len(answer.json()["results"]),
                "queries": len(asked),
                "p50_ms": round(statistics.median(taken), 1),
                "p95_ms": round(statistics.quantiles(taken, n=20, method="inclusive")[-1], 1),
            }
    return {
        "claims": claims,
        "most_ms": max(row["p95_ms"] for row in found.values()),
        "lists": found,
        "scans": sorted({scan for sql in plans for scan in scans(sql, BIG)}),
    }


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--claims", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--most-ms", type=float, default=250)
    options = parser.parse_args(arguments)
    if options.claims < 1000 or options.rounds < 2:
        parser.error("--claims: give at least 1000; --rounds: give at least 2")
    os.environ |= {"API_PER_MINUTE": NO_LIMIT, "API_PER_DAY": NO_LIMIT}
    with temporary_database():
        result = run(options.claims, options.rounds)
    print(json.dumps(result, indent=2))
    return 1 if result["scans"] or result["most_ms"] > options.most_ms else 0


if __name__ == "__main__":
    sys.exit(main())
