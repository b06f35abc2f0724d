"""The desk queue with very many open tasks, beside a thousand: milliseconds, queries and their plans.

    python -m bench.queue_scale [--tasks 100000] [--rounds 40]

Fills a PostgreSQL of its own in a temporary folder with 1,000 open tasks of four desks, asks for the queue as
a checker of one desk, a lead of all and a moderator, each tab and its second page, then fills up to --tasks
and asks the same again. p95 is over all requests; "ratio" is that of many tasks to that of 1,000. Every query
that touches tasks, claims or verdicts is explained; "scans" lists those that read a whole table. Typed
queries are timed beside that, each by itself, and decide nothing. Exit code 1 when the ratio is above 1.5,
the number of queries differs, or anything is scanned.
"""

from __future__ import annotations

import argparse
import html
import json
import re
import statistics
import sys
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from bench.matching_store import temporary_database

FEW = 1000
MOST_TIMES = 1.5
TYPED = (
    "roads",  # in every claim
    '"spent 777 million"',  # in one
    "claimant:speaker-77",
    "lang:de",  # one in a thousand
    "score:>0.9 kind:research",
    "score:>0.7 due:<2d state:queued claimant:speaker roads",
    "partner:nobody",
    "changed-by:not-me",
    "changed-by:me",
    "mine:no late:yes",
)
TABS = ("takeable", "mine", "second", "publish", "late", "all")
BIG = {"reviews_reviewtask", "reviews_verdict", "claims_claim", "claims_appearance", "claims_articleversion"}
FILL = """
WITH numbers AS (SELECT generate_series(%(first)s, %(last)s) AS n),
desks AS (SELECT array_agg(id ORDER BY id) AS ids FROM accounts_desk),
articles AS (
    INSERT INTO claims_article (public_id, origin, channel, external_id, url, title, byline, site_name,
                                language, desk_id, state, intake_reason, content_sha256, created_at)
    SELECT gen_random_uuid(), 'desk:bench', 'paste', 'bench-' || n, '', 'Council report ' || n, '', '',
           CASE WHEN n %% 1000 = 7 THEN 'de' ELSE 'en' END,
           ids[1 + n %% 4], 'accepted', '', md5(n::text), now()
      FROM numbers, desks RETURNING id, external_id, desk_id),
versions AS (
    INSERT INTO claims_articleversion (article_id, number, title, body, blocks, sha256, created_at)
    SELECT id, 1, 'Council report', 'The city spent ' || id || ' million. ' || repeat('More words. ', 200),
           '[]', md5(id::text), now() FROM articles RETURNING id, article_id),
claims AS (
    INSERT INTO claims_claim (public_id, text, kind, score, state, dismissed_because, desk_id,
                              extractor_version, created_at, changes, withdrawn_by, claimant_id)
    SELECT gen_random_uuid(), 'The city spent ' || substr(external_id, 7) || ' million on roads', 'quantity',
           a.id %% 100 / 100.0, 'suggested', '', desk_id, 'bench', now(), '[]', '', c.id
      FROM articles a
      LEFT JOIN claims_claimant c ON c.name = 'speaker-' || substr(external_id, 7)::int %% 1000 || '-x'
 RETURNING id, desk_id, substring(text from '[0-9]+')::int AS n),
places AS (
    INSERT INTO claims_appearance (claim_id, version_id, start, "end", quote, prefix, suffix, claimant_name,
                                   attribution, cue, score, parts, reasons, extractor_version, created_at)
    SELECT c.id, v.id, 0, 10, 'The city s', '', '', '', 'author', '', 0.5, '{}', '{}', 'bench', now()
      FROM claims c JOIN articles a ON a.external_id = 'bench-' || c.n JOIN versions v ON v.article_id = a.id)
INSERT INTO reviews_reviewtask ({columns})
SELECT {values} FROM claims
"""
SPEAKERS = """
INSERT INTO claims_claimant (name, created_at)
SELECT 'speaker-' || n || '-x', now() FROM generate_series(0, 999) AS n
ON CONFLICT DO NOTHING
"""
AUDITED = """
INSERT INTO ledger_auditentry (uid, verb, actor_ref, actor_digest, subject_type, subject_id, details,
                               note_digest, created_at)
SELECT gen_random_uuid(), 'review_task.taken', %(actor)s, '', 'reviews.reviewtask', id::text, '{}', '', now()
  FROM reviews_reviewtask WHERE id %% 50 = 3
"""
VERDICTS = """
INSERT INTO reviews_verdict ({columns})
SELECT {values} FROM reviews_reviewtask
 WHERE kind = 'second_review' AND claim_id NOT IN (SELECT claim_id FROM reviews_verdict)
"""
DECIDED = """
UPDATE reviews_reviewtask SET state = 'done', finished_at = now(), assignee_id = NULL, lease_until = NULL
 WHERE kind = 'second_review' AND state <> 'done'
   AND claim_id IN (SELECT claim_id FROM reviews_verdict WHERE state = 'approved')
"""
VERDICT = {
    "claim_id": "claim_id",
    "state": "CASE WHEN id %% 7 = 0 THEN 'approved' ELSE 'submitted' END",
    "rating_id": "(SELECT min(id) FROM reviews_rating)",
    "author_id": "%(colleague)s",
    "approver_id": "CASE WHEN id %% 7 = 0 THEN %(lead)s END",
    "submitted_at": "now()",
    "approved_at": "CASE WHEN id %% 7 = 0 THEN now() END",
    "created_at": "now()",
    "revision": "1",
}
TASK = {
    "claim_id": "id",
    "desk_id": "desk_id",
    "kind": "CASE WHEN n %% 20 = 0 THEN 'second_review' ELSE 'research' END",
    "state": "CASE WHEN n %% 10 = 1 THEN 'taken' ELSE 'queued' END",
    "priority": "(n * 7919) %% 100",
    "why": "'Measured.'",
    "due_at": "now() + make_interval(mins => n %% 5000 - 50)",
    "assignee_id": "CASE WHEN n %% 10 = 1 THEN %(colleague)s END",
    "taken_at": "CASE WHEN n %% 10 = 1 THEN now() END",
    "lease_until": "CASE WHEN n %% 10 = 1 THEN now() + interval '8 hours' END",
    "created_at": "now()",
}


def fill(first: int, last: int, people: dict[str, Any]) -> None:
    """Open tasks by the owner, past triggers: their rows are as the actions leave them. Then statistics."""
    from django.db import connections

    from claimtracker.ledger.audit import actor_for

    who = {"colleague": people["colleague"].pk, "lead": people["lead"].pk}
    tasks = completed(FILL, "reviews_reviewtask", TASK)
    with connections["owner"].cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(SPEAKERS)
        for begin in range(first, last + 1, 20_000):
            cursor.execute(tasks, {"first": begin, "last": min(last, begin + 19_999), **who})
        cursor.execute(completed(VERDICTS, "reviews_verdict", VERDICT), who)
        cursor.execute(DECIDED)
        for name in ("checker", "lead", "moderator"):
            cursor.execute(AUDITED, {"actor": actor_for(people[name]).ref})
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("VACUUM ANALYZE")


def completed(statement: str, table: str, known: dict[str, str]) -> str:
    """With a plain value for every column that wants one: the desk's work may have added some."""
    from django.db import connections

    values = dict(known)
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s "
            "AND is_nullable = 'NO' AND column_default IS NULL AND is_identity = 'NO'",
            [table],
        )
        for name, kind in cursor.fetchall():
            plain = {"jsonb": "'[]'", "boolean": "false", "ARRAY": "'{}'"}.get(kind, "0")
            values.setdefault(name, "''" if kind.startswith(("char", "text")) else plain)
    return statement.replace("{columns}", ", ".join(values)).replace("{values}", ", ".join(values.values()))


def make_people() -> dict[str, Any]:
    from claimtracker.accounts.models import Desk, Membership, Role, User
    from claimtracker.web.demo.newsroom import set_up_newsroom

    set_up_newsroom()
    desks = list(Desk.objects.order_by("pk"))
    people = {}
    for name, role, at in (
        ("checker", Role.CHECKER, desks[:1]),
        ("lead", Role.LEAD, desks),
        ("moderator", Role.MODERATOR, desks[:1]),
        ("colleague", Role.CHECKER, desks),
    ):
        person = User.objects.create_user(
            email=f"{name}@bench.example", password=None, name=name.capitalize()
        )
        Membership.objects.bulk_create(Membership(user=person, desk=desk, role=role) for desk in at)
        people[name] = person
    return people


def addresses(client: Any) -> Iterator[str]:
    """Every tab, its second page where it has one, and the tab of one kind."""
    for tab in TABS:
        yield f"/queue/?show={tab}"
        page = client.get(f"/queue/?show={tab}").content.decode()
        if following := re.search(r'href="(\?[^"]*after=[^"]*)"', page):
            yield f"/queue/{html.unescape(following[1])}"
        yield f"/queue/?show={tab}&kind=second_review"


def measure(people: dict[str, Any], rounds: int) -> dict[str, Any]:
    """Milliseconds of all requests after one round that warms up, and the queries of each address."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    clients = {}
    for name in ("checker", "lead", "moderator"):
        clients[name] = Client()
        clients[name].force_login(people[name], backend="django.contrib.auth.backends.ModelBackend")
    asked = [(name, address) for name, client in clients.items() for address in addresses(client)]
    queries, plans = {}, {}
    for name, address in asked:
        with CaptureQueriesContext(connection) as seen:
            assert clients[name].get(address).status_code == 200  # noqa: S101 - a bench stops at once
        queries[f"{name} {address.partition('&after')[0]}"] = len(seen)
        plans |= {query["sql"]: None for query in seen.captured_queries}
    taken = []
    for _round in range(rounds):
        for name, address in asked:
            began = time.perf_counter()
            clients[name].get(address)
            taken.append(1000 * (time.perf_counter() - began))
    return {
        "p50_ms": round(statistics.median(taken), 2),
        "p95_ms": round(statistics.quantiles(taken, n=20)[-1], 2),
        "requests": len(taken),
        "queries": queries,
        "scans": sorted({scan for sql in plans for scan in scans(sql)}),
        "typed": {text: typed(clients, text, max(3, rounds // 4)) for text in TYPED},
    }


def typed(clients: dict[str, Any], text: str, rounds: int) -> dict[str, float]:
    """Milliseconds of one typed query, for everybody."""
    address = "/queue/?" + urlencode({"show": "all", "q": text})
    taken = []
    for number in range(rounds + 1):
        for client in clients.values():
            began = time.perf_counter()
            assert client.get(address).status_code == 200  # noqa: S101 - a bench stops at once
            if number:  # the first one warms up
                taken.append(1000 * (time.perf_counter() - began))
    return {
        "p50_ms": round(statistics.median(taken), 1),
        "p95_ms": round(statistics.quantiles(taken, n=20)[-1], 1),
    }


def scans(sql: str, big: set[str] = BIG) -> Iterator[str]:
    """Big tables that PostgreSQL would read as a whole for this query."""
    from django.db import connection

    if not sql.startswith("SELECT") or not any(table in sql for table in big):
        return
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (FORMAT JSON) " + sql.replace("%", "%%"), [])
        waiting = [cursor.fetchone()[0][0]["Plan"]]
    while waiting:
        node = waiting.pop()
        waiting += node.get("Plans", ())
        if node["Node Type"] == "Seq Scan" and node["Relation Name"] in big:
            yield f"{node['Relation Name']}: {sql[:160]}"


def run(tasks: int, rounds: int) -> dict[str, Any]:
    people = make_people()
    fill(1, FEW, people)
    few = measure(people, rounds)
    fill(FEW + 1, tasks, people)
    many = measure(people, rounds)
    again = {tab for tab in few["queries"] if few["queries"][tab] != many["queries"].get(tab)}
    return {
        "tasks": tasks,
        "at_1000": {name: few[name] for name in ("p50_ms", "p95_ms", "requests")},
        "at_many": {name: many[name] for name in ("p50_ms", "p95_ms", "requests")},
        "ratio": round(many["p95_ms"] / few["p95_ms"], 3),
        "typed": {text: {"at_1000": few["typed"][text], "at_many": many["typed"][text]} for text in TYPED},
        "queries": {"least": min(many["queries"].values()), "most": max(many["queries"].values())},
        "queries_differ": sorted(again),
        "scans": many["scans"],
    }


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--tasks", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=40)
    options = parser.parse_args(arguments)
    if options.tasks <= FEW or options.rounds < 2:
        parser.error(f"--tasks: give more than {FEW}; --rounds: give at least 2")
    with temporary_database():
        result = run(options.tasks, options.rounds)
    print(json.dumps(result, indent=2))
    missed = result["ratio"] > MOST_TIMES or result["queries_differ"] or result["scans"]
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
