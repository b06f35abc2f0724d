"""Locking a row and reading what hangs on it, in this order."""

from __future__ import annotations

from collections.abc import Collection
from typing import TypeVar

from django.db import models

Row = TypeVar("Row", bound=models.Model)


def locked_row(rows: models.QuerySet[Row], pk: object) -> Row:
    """The row of this key, locked until the transaction ends, with what ``rows`` joins.

    In two queries on purpose. One that joins and locks has joined before it waits: when whoever held the row
    gave it to another desk meanwhile, PostgreSQL finds the join broken and returns no row, or one without
    its assignee. Rows that only point at it by a foreign key are not held up: whoever has locked a task tells
    people of its claim without waiting for who has locked the claim, and waits for the task. Raises
    DoesNotExist.
    """
    rows.model._default_manager.select_for_update(no_key=True).only("pk").get(pk=pk)
    return rows.get(pk=pk)


def locked_rows(rows: models.QuerySet[Row], pks: Collection[object]) -> list[Row]:
    """:func:`locked_row` for several, locked in the order of their keys."""
    bare = rows.model._default_manager.select_for_update(no_key=True).filter(pk__in=pks).order_by("pk")
    list(bare.values_list("pk", flat=True))
    return list(rows.filter(pk__in=pks).order_by("pk"))
