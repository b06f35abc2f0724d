"""The backup drill: dump, wipe, restore, verify, with very many claims and while the site goes on writing.

    python -m bench.drill [--claims 100000] [--entries 20000] [--copies 1000]

Starts a PostgreSQL over TCP and a Redis of its own with the roles of production, fills the newsroom of the
tests with --claims claims (their articles, tasks, verdicts and publications), signed audit entries and
copies of cited pages, and starts web, worker and beat. While articles keep coming in, docs/deploy/backup.sh
runs. Then everything goes: the database, its roles, the head of the audit chain and the copies. init-
database.sh and restore.sh bring it back; every table has to have the rows and the digest that it had, the
ledger has to hold, and every copy has to be what its name says. At last the site starts and takes an
article in. Prints figures as JSON; exit code 1 when anything is lost.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PATIENCE = 1800  # seconds for one script: a big site takes its time
ARTICLE = """Harbour report {number}

The port authority, led by Carla Reyes, said {number},000 passengers crossed in 2025.
Ticket prices rose by {number} per cent in March, the auditor Jonas Weil told parliament.
"""


def fill(claims: int, entries: int, copies: int) -> None:
    """Rows as the actions leave them; what is in the audit is written by the audit itself."""
    import django

    django.setup()
    from django.db import connections

    from bench.pages_run.scale import at_every_desk, publish_every_tenth
    from bench.queue_scale import fill as fill_claims
    from bench.queue_scale import make_people
    from claimtracker.accounts.models import Desk
    from tests.support.newsroom import Newsroom

    room = Newsroom()
    room.grow(20)
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM ledger_auditentry")
        ours = cursor.fetchone()[0]
        Desk.objects.update(is_default=False)
        people = at_every_desk(room, make_people())
        fill_claims(1, claims, people)
        publish_every_tenth()
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("DELETE FROM ledger_auditentry WHERE id > %s AND mac = ''", [ours])
        cursor.execute("SET session_replication_role = origin")
    write_the_audit(people["lead"], entries)
    keep_copies(copies)


def write_the_audit(person: Any, entries: int) -> None:
    from django.db import transaction

    from claims.models import Claim
    from claimtracker.ledger import audit
    from claimtracker.ledger.sealing import seal_entries

    claims = Claim.objects.order_by("pk")[:entries]
    with transaction.atomic():
        for number, claim in enumerate(claims.iterator()):
            audit.record("claim.dismissed", by=person, subject=claim, note=f"Drill, reason {number}")
    seal_entries()


def keep_copies(copies: int) -> None:
    from reviews.models import StoredContent
    from reviews.snapshot_store import snapshot_store

    store, rows = snapshot_store(), []
    for number in range(copies):
        content = f"A cited page, number {number}. ".encode() * 500
        rows.append(StoredContent(digest=store.put(content), size=len(content)))
    StoredContent.objects.bulk_create(rows, ignore_conflicts=True)


@contextmanager
def articles_coming_in(site: Any) -> Iterator[list[str]]:
    """The addresses of what came in until the block ended."""
    taken: list[str] = []
    ended = threading.Event()

    def feed() -> None:
        while not ended.is_set():
            taken.append(site.manage("ingest", "-", text=ARTICLE.format(number=100 + len(taken))).split()[0])

    feeder = threading.Thread(target=feed)
    feeder.start()
    try:
        yield taken
    finally:
        ended.set()
        feeder.join()


@contextmanager
def timed(seconds: dict[str, float], name: str) -> Iterator[None]:
    began = time.monotonic()
    yield
    seconds[name] = round(time.monotonic() - began, 1)
    print(f"{name}: {seconds[name]} s", file=sys.stderr)


def drill(claims: int, entries: int, copies: int, folder: Path) -> dict[str, Any]:
    from claimtracker.embedded import wheels
    from claimtracker.embedded.accounts import service_account
    from tests.flows.production import Site
    from tests.flows.test_production_urls import drop_everything, run_init_script
    from tests.support.external_services import ExternalServices

    seconds: dict[str, float] = {}
    backup = folder / "backup"
    with ExternalServices() as services, Site(services.environ, folder) as site:
        programs = wheels.postgres_bin(service_account())
        site.manage("migrate", "--noinput", as_owner=True, timeout=PATIENCE)
        site.manage("collectstatic", "--noinput")
        os.environ |= (
            site.environ | services.environ | {"DJANGO_SETTINGS_MODULE": "claimtracker.settings.dev"}
        )
        with timed(seconds, "fill"):
            fill(claims, entries, copies)
        site.start_parts()
        site.wait(lambda: site.get("/health/live")[0] == 200, seconds=60, what="the web server answers")
        with articles_coming_in(site) as meanwhile, timed(seconds, "backup"):
            site.run_script("backup.sh", str(backup), path=programs, timeout=PATIENCE)
        site.stop_parts()
        with timed(seconds, "wipe"):
            close_connections()
            drop_everything(services)
            run_init_script(services)
            site.head.unlink()
            shutil.rmtree(site.snapshots)
        with timed(seconds, "restore"):
            said = site.run_script("restore.sh", str(backup), path=programs, timeout=PATIENCE)
            site.manage("migrate", "--noinput", as_owner=True, timeout=PATIENCE)
        with timed(seconds, "verify"):
            ledger = json.loads(site.manage("verify_ledger", "--json", timeout=PATIENCE))
            kept = site.manage("clean_snapshots", "--verify", timeout=PATIENCE).strip().splitlines()[-1]
        with timed(seconds, "works again"):
            site.start_parts()
            site.wait(lambda: site.get("/fact-checks/")[0] == 200, seconds=60, what="the public page")
            site.manage("ingest", "-", text=ARTICLE.format(number=7))
    return {
        **what_was_kept(backup, claims),
        "entries": ledger["entries"],
        "seals": ledger["seals"],
        "came_in_while_backing_up": len(meanwhile),
        "seconds": seconds,
        "rows_compared": said.strip(),
        "copies_compared": kept,
        "ledger_holds": ledger["ok"],
    }


def what_was_kept(backup: Path, claims: int) -> dict[str, Any]:
    """Of the counts that backup.sh wrote and restore.sh found again."""
    rows = dict(line.split("\t")[:2] for line in (backup / "rows.tsv").read_text().splitlines())
    files = [path.stat().st_size for path in backup.rglob("*") if path.is_file()]
    return {
        "ok": int(rows["claims_claim"]) >= claims,
        "claims": int(rows["claims_claim"]),
        "publications": int(rows["reviews_publication"]),
        "copies": int(rows["reviews_storedcontent"]),
        "tables": len(rows),
        "rows": sum(map(int, rows.values())),
        "backup_mb": round(sum(files) / 1e6, 1),
    }


def close_connections() -> None:
    from django.db import connections

    connections.close_all()


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--claims", type=int, default=100_000)
    parser.add_argument("--entries", type=int, default=20_000)
    parser.add_argument("--copies", type=int, default=1_000)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="ct-drill-") as folder:
        try:
            result = drill(options.claims, options.entries, options.copies, Path(folder))
        except AssertionError as failed:
            result = {"ok": False, "ledger_holds": False, "failed": str(failed)}
    print(json.dumps(result, indent=2))
    return 0 if result["ok"] and result["ledger_holds"] else 1


if __name__ == "__main__":
    sys.exit(main())
