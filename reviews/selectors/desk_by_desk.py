"""The first tasks of a list, each desk's by its index: however long a queue is, it is not read further than
what is shown or counted of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from ..models import ReviewTask

COUNT_UP_TO = 500  # a desk with more need not be told how many more, at the price of counting them
ORDERS = {
    "-priority": '"first"."priority" DESC, "first"."id"',
    "due_at": '"first"."due_at", "first"."id"',
}


def first_ids(
    tasks: QuerySet[ReviewTask], desks: Sequence[int], *, by: str, limit: int
) -> tuple[str, list[Any]]:
    """SQL and its parameters: the ids of the first ``limit`` tasks of these desks, ``by`` a key of ORDERS."""
    first = tasks.filter(desk=RawSQL('"desk"."id"', ())).order_by(by, "id")
    sql, parameters = compiled(first.values("id", "priority", "due_at")[:limit])
    if not parameters:
        return sql, parameters
    return (
        f'SELECT "first"."id" FROM "accounts_desk" AS "desk" CROSS JOIN LATERAL ({sql}) AS "first" '  # noqa: S608 - compiled by the ORM
        f'WHERE "desk"."id" = ANY(%s) ORDER BY {ORDERS[by]} LIMIT %s',
        [*parameters, list(desks), limit],
    )


def count_up_to(sql: str, parameters: Sequence[Any]) -> int:
    """How many rows that SQL gives, which holds its own limit."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({sql}) AS counted", parameters)  # noqa: S608 - compiled by the ORM
        return int(cursor.fetchone()[0])


def compiled(rows: QuerySet[Any, Any]) -> tuple[str, list[Any]]:
    """SQL and its parameters; of nothing, where Django knows that there is nothing."""
    try:
        sql, parameters = rows.query.sql_with_params()
    except EmptyResultSet:  # a person without roles may take nothing
        return "SELECT NULL::bigint WHERE false", []
    return sql, list(parameters)
