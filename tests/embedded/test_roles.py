"""What the two roles may and may not do."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg import errors

from claimtracker import embedded
from claimtracker.embedded.provision import EXTENSIONS


@pytest.fixture
def table(owner: psycopg.Connection) -> Iterator[str]:
    owner.execute("CREATE TABLE ledger (id int)")
    yield "ledger"
    owner.execute("DROP TABLE ledger")


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (id int)",
        "CREATE SCHEMA mine",
        "CREATE DATABASE mine",
        "CREATE ROLE mine",
        "CREATE EXTENSION btree_gist",
        "SET session_replication_role = replica",
        "SET ROLE claimtracker_owner",
        "DROP TABLE ledger",
        "ALTER TABLE ledger ADD COLUMN more int",
        "TRUNCATE ledger",
        "DELETE FROM ledger",
        "COPY ledger FROM PROGRAM 'true'",
    ],
)
def test_the_application_is_refused(app: psycopg.Connection, table: str, statement: str) -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        app.execute(statement)


def test_the_application_does_what_the_owner_grants(
    app: psycopg.Connection, owner: psycopg.Connection, table: str
) -> None:
    owner.execute("GRANT SELECT, INSERT ON ledger TO claimtracker_app")
    app.execute("INSERT INTO ledger VALUES (1)")
    assert app.execute("SELECT id FROM ledger").fetchall() == [(1,)]


@pytest.mark.parametrize(
    "statement", ["CREATE ROLE mine", "SET ROLE postgres", "COPY pg_class TO PROGRAM 'true'"]
)
def test_the_owner_is_no_superuser(owner: psycopg.Connection, statement: str) -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        owner.execute(statement)


def test_the_owner_steps_around_triggers(owner: psycopg.Connection) -> None:
    owner.execute("SET session_replication_role = replica")
    assert owner.execute("SHOW session_replication_role").fetchone() == ("replica",)


def test_every_new_database_has_the_extensions(owner: psycopg.Connection) -> None:
    owner.execute("CREATE DATABASE fresh")
    try:
        for name in ("claimtracker", "fresh"):
            with psycopg.connect(embedded.database_url(name, "app"), autocommit=True) as connection:
                found = {row[0] for row in connection.execute("SELECT extname FROM pg_extension")}
                assert set(EXTENSIONS) <= found
                working = (
                    "SELECT similarity('river', 'rivers') > 0.5, unaccent('é'), '[1,2]'::vector <-> '[1,3]'"
                )
                assert connection.execute(working).fetchone() == (True, "e", 1.0)
                with pytest.raises(errors.InsufficientPrivilege):
                    connection.execute("CREATE TABLE mine (id int)")
    finally:
        owner.execute("DROP DATABASE fresh")


def test_text_is_utf8_and_the_same_everywhere(app: psycopg.Connection) -> None:
    row = app.execute(
        "SELECT pg_encoding_to_char(encoding), datlocprovider, datlocale FROM pg_database "
        "WHERE datname = current_database()"
    ).fetchone()
    assert row == ("UTF8", "b", "C.UTF-8")
    assert app.execute("SELECT lower('ÄÖÉ')").fetchone() == ("äöé",)


def test_another_role_is_no_address() -> None:
    with pytest.raises(ValueError, match="role must be"):
        embedded.database_url(role="admin")
