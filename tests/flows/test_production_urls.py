"""A short flow on what a production site has: two URLs, PostgreSQL over TCP, Debian's redis-server."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from claimtracker.embedded import wheels
from claimtracker.embedded.accounts import service_account
from tests.support.external_services import HOST, ExternalServices

from .production import ROOT, Site

ARTICLE = """Ministers agree on ferry line

The transport minister, Carla Reyes, said the new ferry carried 412,000 passengers last year.
Ticket prices rose by 12 per cent in March, according to the port authority.
The line lost 3.4 million euros in 2024, the auditor Jonas Weil told parliament.
"""

NEWSROOM = """
from claimtracker.accounts.models import Desk, Membership, User
desk = Desk.objects.create(slug="news", name="News", is_default=True)
user = User.objects.create_user("lead@claims.example", "a long password of ours", name="Lena Lead")
Membership.objects.create(user=user, desk=desk, role="lead")
"""


@pytest.fixture(scope="module")
def services() -> Iterator[ExternalServices]:
    with ExternalServices() as running:
        yield running


@pytest.mark.timeout(180)
def test_an_article_becomes_routed_claims_on_a_production_site(
    services: ExternalServices, tmp_path: Path
) -> None:
    drop_everything(services)
    run_init_script(services)
    run_init_script(services)  # it may run again
    with Site(services.environ, tmp_path) as site:
        site.manage("migrate", "--noinput", as_owner=True)
        site.manage("collectstatic", "--noinput")
        assert (tmp_path / "static" / "staticfiles.json").exists()
        site.manage("shell", "--no-imports", "--command", NEWSROOM)
        site.start_parts()
        address = site.manage("ingest", "-", text=ARTICLE).splitlines()[0]
        assert address.startswith("https://claims.example/articles/")
        with psycopg.connect(services.database_url, autocommit=True) as as_app:
            site.wait(lambda: all_routed(as_app), seconds=60, what="the claims extracted and routed")
            check_what_is_served(site)
            check_the_ledger(site, as_app)
            facts = counted(as_app)
        check_a_lost_broker(site, services)
        check_a_lost_database(site, services)
        site.stop_parts()
        check_backup_and_restore(site, services, facts)


KEEP_A_COPY = """
from reviews.models import StoredContent
from reviews.snapshot_store import snapshot_store
StoredContent.objects.create(digest=snapshot_store().put(b"A cited page."), size=13)
"""


def all_routed(connection: psycopg.Connection) -> bool:
    """At least three claims, each with its task, and no work left."""
    claims = statements(connection, "SELECT count(*) FROM claims_claim")
    tasks = statements(
        connection, "SELECT count(DISTINCT claim_id) FROM reviews_reviewtask WHERE state = 'queued'"
    )
    waiting = statements(connection, "SELECT count(*) FROM jobs_job WHERE state <> 'done'")
    return claims >= 3 and tasks == claims and not waiting


def counted(connection: psycopg.Connection) -> dict[str, int]:
    tables = (
        "claims_claim",
        "claims_articleversion",
        "reviews_reviewtask",
        "accounts_user",
        "ledger_auditentry",
    )
    return {table: statements(connection, f"SELECT count(*) FROM {table}") for table in tables}


def statements(connection: psycopg.Connection, query: str) -> int:
    row = connection.execute(query).fetchone()
    assert row is not None
    return int(row[0])


def check_what_is_served(site: Site) -> None:
    site.wait(lambda: site.get("/health/live")[0] == 200, seconds=30, what="the web server answers")
    status, body = site.get("/health/ready")
    assert (status, json.loads(body)) == (200, {"database": "ok", "broker": "ok"})
    status, page = site.get("/fact-checks/")
    assert status == 200 and "<h1" in page
    style = next(
        part.split('"')[0] for part in page.split('href="') if part.startswith("/static/") and ".css" in part
    )
    assert site.get(style)[0] == 200
    assert site.get("/queue/")[0] == 302, "signing in is asked for"
    assert site.get("/fact-checks/", https=False)[0] == 301, "plain http is led to https"


def check_the_ledger(site: Site, as_app: psycopg.Connection) -> None:
    """The application's role cannot rewrite it, and the head of the chain stands outside."""
    check_the_roles(as_app)
    site.wait(site.head.exists, seconds=30, what="the sealer wrote the head of the chain")
    assert "The ledger holds" in site.manage("verify_ledger")


def check_the_roles(as_app: psycopg.Connection) -> None:
    for statement in (
        "UPDATE ledger_auditentry SET verb = 'nothing.happened'",
        "DELETE FROM ledger_auditentry",
        "TRUNCATE ledger_auditentry CASCADE",
        "UPDATE claims_articleversion SET body = 'other words'",
        "ALTER TABLE ledger_auditentry DISABLE TRIGGER ALL",
        "CREATE TABLE mine (id int)",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            as_app.execute(statement)


def check_a_lost_broker(site: Site, services: ExternalServices) -> None:
    """Readers are served without it, and whoever watches is told."""
    with redis.Redis.from_url(services.redis_url) as client:
        client.shutdown(nosave=True)
    status, body = site.get("/health/ready")
    assert (status, json.loads(body)) == (200, {"database": "ok", "broker": "away"})
    assert site.get("/fact-checks/")[0] == 200


def check_a_lost_database(site: Site, services: ExternalServices) -> None:
    with psycopg.connect(services._database_url("postgres", "postgres"), autocommit=True) as connection:
        connection.execute("ALTER DATABASE claimtracker ALLOW_CONNECTIONS false")
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'claimtracker'"
        )
        assert site.get("/health/live")[0] == 200
        status, body = site.get("/health/ready")
        assert (status, json.loads(body)) == (503, {"database": "away", "broker": "away"})
        connection.execute("ALTER DATABASE claimtracker ALLOW_CONNECTIONS true")
    assert site.get("/health/ready")[0] == 200


def check_backup_and_restore(site: Site, services: ExternalServices, facts: dict[str, int]) -> None:
    programs, folder = wheels.postgres_bin(service_account()), site.folder / "backup"
    site.manage("shell", "--no-imports", "--command", KEEP_A_COPY)
    site.run_script("backup.sh", str(folder), path=programs)
    site.run_script("backup.sh", str(folder), path=programs)  # the newer one takes its place
    drop_everything(services)
    run_init_script(services)
    shutil.rmtree(site.snapshots)
    assert "are as they were backed up" in site.run_script("restore.sh", str(folder), path=programs)
    site.manage("migrate", "--noinput", as_owner=True)
    assert "The ledger holds" in site.manage("verify_ledger")
    assert "Every kept content is there" in site.manage("clean_snapshots", "--verify")
    check_that_a_difference_is_named(site, services, folder, programs)
    with psycopg.connect(services.database_url, autocommit=True) as as_app:
        restored = counted(as_app)
        assert {table: restored[table] for table in facts if "audit" not in table} == {
            table: facts[table] for table in facts if "audit" not in table
        }
        assert restored["ledger_auditentry"] >= facts["ledger_auditentry"]
        check_the_roles(as_app)


def check_that_a_difference_is_named(
    site: Site, services: ExternalServices, folder: Path, programs: Path
) -> None:
    with psycopg.connect(services.database_owner_url, autocommit=True) as as_owner:
        as_owner.execute("UPDATE accounts_desk SET name = name || ' and more'")
        with pytest.raises(AssertionError, match=r"< accounts_desk\t\d+\t(.|\n)*tables above differ"):
            site.run_script("verify-rows.sh", str(folder), path=programs)
        as_owner.execute("UPDATE accounts_desk SET name = left(name, -9)")
    site.run_script("verify-rows.sh", str(folder), path=programs)


def drop_everything(services: ExternalServices) -> None:
    """A server as it comes: without our database, roles and extensions."""
    superuser = services._database_url("postgres", "postgres")
    with psycopg.connect(superuser, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS claimtracker WITH (FORCE)")
        connection.execute("DROP OWNED BY claimtracker_owner, claimtracker_app")
        connection.execute("DROP ROLE claimtracker_owner, claimtracker_app")
    with psycopg.connect(services._database_url("postgres", "template1"), autocommit=True) as connection:
        for extension in ("vector", "unaccent", "pg_trgm"):
            connection.execute(f"DROP EXTENSION IF EXISTS {extension}")


def run_init_script(services: ExternalServices) -> None:
    """The script that compose.yaml mounts, as the superuser."""
    environ = {
        **os.environ,
        "PATH": f"{wheels.postgres_bin(service_account())}:{os.environ['PATH']}",
        "PGHOST": HOST,
        "PGPORT": str(services.postgres_port),
        "PGPASSWORD": services._passwords["postgres"],
        "OWNER_DATABASE_PASSWORD": services._passwords["claimtracker_owner"],
        "APP_DATABASE_PASSWORD": services._passwords["claimtracker_app"],
    }
    script = ROOT / "docs/deploy/init-database.sh"
    subprocess.run([script], env=environ, check=True, capture_output=True, timeout=30)
