"""The insight pages with very many claims: milliseconds, queries, and what PostgreSQL reads for them.

    python -m bench.insight_scale [--claims 100000] [--rounds 5] [--plans]

Fills a PostgreSQL of its own with claims of four desks spread over a year, a third of them checked and
public, one in ten dismissed, and asks every page for 12, 26 and 52 weeks as a lead of the four and as a
moderator. --plans prints the plan of each query of a page for 52 weeks. Exit code 1 when a page took over a
second.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from typing import Any

from bench.matching_store import temporary_database
from bench.queue_scale import completed, fill, make_people

PAGES = ("", "throughput/", "times/", "backlog/", "agreement/", "matches/", "extraction/", "balance/")
MOST_MS = 1000
AGED = """
UPDATE claims_claim SET created_at = now() - make_interval(mins => (id * 7919 % 524160)::int),
       extractor_version = 'e-' || id % 3,
       state = CASE WHEN id % 10 = 0 THEN 'dismissed' ELSE 'suggested' END,
       dismissed_because = CASE WHEN id % 10 = 0 THEN 'Reason ' || id % 400 ELSE '' END;
UPDATE reviews_reviewtask t SET created_at = c.created_at, due_at = c.created_at + interval '48 hours'
  FROM claims_claim c WHERE c.id = t.claim_id;
UPDATE reviews_reviewtask SET state = 'done', taken_at = created_at + make_interval(mins => (id % 900)::int),
       finished_at = created_at + make_interval(mins => (id % 900 + id % 3000)::int), lease_until = NULL
 WHERE id % 3 = 0 AND kind = 'research';
INSERT INTO claims_claimantgroup (name) SELECT 'Group ' || n FROM generate_series(1, 20) AS n;
UPDATE claims_claimant SET group_id = (SELECT min(id) FROM claims_claimantgroup) + id % 25 WHERE id % 25 < 20;
"""
AUDITED = """
INSERT INTO ledger_auditentry (uid, verb, actor_ref, actor_digest, subject_type, subject_id, details,
                               note_digest, created_at)
SELECT gen_random_uuid(), CASE WHEN n = 0 AND c.id % 10 = 0 THEN 'claim.dismissed' ELSE 'claim.edited' END,
       gen_random_uuid(), '', 'claims.claim', c.id::text, '{}', '', c.created_at
  FROM claims_claim c, generate_series(0, 4) AS n
"""
CHECKED = {
    "reviews_verdict": (
        "SELECT {values} FROM reviews_reviewtask t WHERE state = 'done' AND kind = 'research' "
        "AND claim_id NOT IN (SELECT claim_id FROM reviews_verdict)",
        {
            "claim_id": "claim_id",
            "state": "'approved'",
            "rating_id": "(SELECT min(id) FROM reviews_rating) + t.id %% 4",
            "author_id": "%(colleague)s",
            "approver_id": "%(lead)s",
            "submitted_at": "finished_at",
            "approved_at": "finished_at + interval '3 hours'",
            "created_at": "finished_at",
            "revision": "1",
        },
    ),
    "reviews_revision": (
        "SELECT {values} FROM reviews_verdict v WHERE submitted_at IS NOT NULL",
        {
            "verdict_id": "id",
            "number": "1",
            "rating_id": "rating_id",
            "written_by_id": "author_id",
            "created_at": "submitted_at",
        },
    ),
    "reviews_publication": (
        "SELECT {values} FROM reviews_verdict v WHERE state = 'approved' AND approved_at < now()",
        {
            "public_id": "gen_random_uuid()",
            "claim_id": "claim_id",
            "verdict_id": "id",
            "number": "1",
            "change": "'first'",
            "slug": "'check-' || id",
            "snapshot": "jsonb_build_object('summary', repeat('More words. ', 60), 'claim', '{}'::jsonb)",
            "claim_review": "'{}'",
            "findings": "'[]'",
            "proposed_by_id": "author_id",
            "approved_by_id": "approver_id",
            "published_by_id": "approver_id",
            "published_at": "approved_at + interval '1 hour'",
        },
    ),
    "reviews_publiccheck": (
        "SELECT {values} FROM reviews_publication p JOIN reviews_verdict v ON v.id = p.verdict_id "
        "JOIN reviews_rating r ON r.id = v.rating_id",
        {
            "claim_id": "p.claim_id",
            "publication_id": "p.id",
            "slug": "p.slug",
            "rating_slug": "r.slug",
            "rating_label": "r.label",
            "rating_step": "r.value",
            "is_retracted": "false",
            "month": "'2026-01'",
            "first_published_at": "p.published_at",
            "changed_at": "p.published_at",
        },
    ),
}


def spread(people: dict[str, Any]) -> None:
    """Over a year, by the owner and past triggers: rows as the actions leave them."""
    from django.db import connections

    who = {"colleague": people["colleague"].pk, "lead": people["lead"].pk}
    with connections["owner"].cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(AGED)
        cursor.execute(AUDITED)
        for table, (rows, values) in CHECKED.items():
            statement = f"INSERT INTO {table} ({{columns}}) {rows}"
            cursor.execute(completed(statement, table, values), who)
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("VACUUM ANALYZE")


def measure(person: Any, rounds: int, *, show_plans: bool) -> dict[str, dict[str, float]]:
    """Milliseconds and queries of each page, after one request that warms up."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    settings.INSIGHT_KEPT_SECONDS = 0  # what counting costs, not what a kept page costs
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    found = {}
    for page in PAGES:
        for weeks in (12, 26, 52):
            address = f"/insight/{page}?weeks={weeks}"
            with CaptureQueriesContext(connection) as seen:
                assert client.get(address).status_code == 200  # noqa: S101 - a bench stops at once
            asked = list(seen.captured_queries)  # the next request forgets them
            taken = []
            for _round in range(rounds):
                began = time.perf_counter()
                client.get(address)
                taken.append(1000 * (time.perf_counter() - began))
            found[address] = {
                "median_ms": round(statistics.median(taken), 1),
                "most_ms": round(max(taken), 1),
                "queries": len(asked),
                "slowest_query_ms": max(1000 * float(query["time"]) for query in asked),
            }
            if show_plans and weeks == 52:
                explain(query["sql"] for query in asked)
    return found


def explain(statements: Any) -> None:
    from django.db import connection

    for sql in statements:
        if not sql.startswith("SELECT") or "_" not in sql:
            continue
        with connection.cursor() as cursor:
            cursor.execute(
                "EXPLAIN (ANALYZE, BUFFERS OFF, COSTS OFF, SUMMARY ON) " + sql.replace("%", "%%"), []
            )
            plan = [line for (line,) in cursor.fetchall()]
        if any("claims_" in line or "reviews_" in line or "ledger_" in line for line in plan):
            print("\n" + sql[:300], *plan, sep="\n", file=sys.stderr)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--claims", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--plans", action="store_true")
    options = parser.parse_args(arguments)
    with temporary_database():
        from reviews.models import Rating

        people = make_people()
        assert Rating.objects.count() >= 4  # noqa: S101 - the newsroom brings a scale
        fill(1, options.claims, people)
        spread(people)
        result = {
            name: measure(people[name], options.rounds, show_plans=options.plans and name == "moderator")
            for name in ("lead", "moderator")
        }
    print(json.dumps(result, indent=2))
    return 1 if any(one["most_ms"] > MOST_MS for pages in result.values() for one in pages.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
