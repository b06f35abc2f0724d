"""An index that is built beside the work, by an upgrade that may be interrupted and begun again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections, models
from django.db.migrations.state import ModelState, ProjectState
from django.test.utils import CaptureQueriesContext
from psycopg import errors

from claimtracker.kernel.migrating import AddIndexWithoutLock
from tests.support.owner import owner_connection

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

INDEX = "SELECT indisvalid, indexrelid FROM pg_index WHERE indexrelid = to_regclass('letter_by_kind')"


@pytest.fixture
def owner() -> Iterator[Any]:
    with owner_connection() as connection:
        connection.execute("CREATE TABLE wire_letter (id bigint PRIMARY KEY, kind text)")
        connection.execute("INSERT INTO wire_letter VALUES (1, 'a'), (2, 'a')")
        yield connection
        connection.execute("DROP TABLE wire_letter")


def build() -> None:
    step = AddIndexWithoutLock("letter", models.Index(fields=["kind"], name="letter_by_kind"))
    before = ProjectState()
    fields = [("id", models.BigAutoField(primary_key=True)), ("kind", models.TextField())]
    before.add_model(ModelState("wire", "Letter", fields))
    after = before.clone()
    step.state_forwards("wire", after)
    with connections["owner"].schema_editor(atomic=False) as editor:
        step.database_forwards("wire", editor, before, after)


def test_the_table_is_not_locked_against_writing(owner: Any) -> None:
    with CaptureQueriesContext(connections["owner"]) as queries:
        build()
    assert any("CREATE INDEX CONCURRENTLY" in each["sql"] for each in queries)
    assert owner.execute(INDEX).fetchone()[0] is True


def test_one_that_is_there_stays(owner: Any) -> None:
    build()
    first = owner.execute(INDEX).fetchone()
    build()
    assert owner.execute(INDEX).fetchone() == first


def test_half_of_one_is_built_anew(owner: Any) -> None:
    with pytest.raises(errors.UniqueViolation):  # as when a build is interrupted
        owner.execute("CREATE UNIQUE INDEX CONCURRENTLY letter_by_kind ON wire_letter (kind)")
    assert owner.execute(INDEX).fetchone()[0] is False
    build()
    assert owner.execute(INDEX).fetchone()[0] is True
