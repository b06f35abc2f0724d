"""Real PostgreSQL and Valkey for every test that asks for a database: the owner role migrates, tests run as
the application's role."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.db import connections
from psycopg import errors, sql

from claimtracker import embedded
from tests.support.databases import make_test_database
from tests.support.owner import owner_connection

# how fast examples come depends on who else uses the machine
hypothesis.settings.register_profile(
    "house", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("house")

# minutes each, mostly of waiting: begun last, they would keep one runner busy while the others have nothing
LONGEST_FIRST = (
    "tests/flows/",
    "tests/faults/",
    "tests/claims/test_families_property.py",
    "tests/jobs/test_worker",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST_FIRST))


def pytest_collection_finish() -> None:
    """What the imports and the collection made stays until the end: the collector need not walk it again and
    again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


END_SESSIONS = (
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
    "WHERE datname = %s AND usename = current_user AND pid <> pg_backend_pid()"
)


@pytest.fixture(scope="session")
def services() -> Iterator[None]:
    """The embedded services, unless the environment names others. Stopped by the one that started them."""
    if os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"):
        yield
        return
    was_running = embedded.running()
    embedded.start()
    yield
    if not was_running:
        embedded.stop()


@pytest.fixture(scope="session")
def django_db_setup(services: None, django_test_environment: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        name = make_test_database(connections["owner"])
        connections["default"].settings_dict["NAME"] = name
        settings.DATABASES["default"]["NAME"] = name
    yield
    with django_db_blocker.unblock():
        for connection in connections.all():
            connection.close()
    drop_test_database(name)


def drop_test_database(name: str) -> None:
    """Without FORCE, which fails for want of rights while autovacuum is there; a plain DROP sends it away."""
    with owner_connection(dbname="postgres") as admin:
        for tries_left in reversed(range(5)):
            end_sessions(name)
            try:
                admin.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
                return
            except errors.ObjectInUse:
                if not tries_left:
                    raise
                admin.execute(END_SESSIONS, [name])


def end_sessions(database: str) -> None:
    """Cut what the application's role still has open (a lease keeper, a lost worker): the owner may not."""
    config = connections["default"].settings_dict
    with owner_connection(
        dbname="postgres", user=config["USER"], password=config["PASSWORD"] or None
    ) as application:
        application.execute(END_SESSIONS, [database])
