"""Statements that PostgreSQL plans once for each connection instead of at every call.

What joins eight tables for a page is planned as long as it runs. Behind a pooler that hands a connection to
another client after each transaction the names would be lost: DATABASE_PREPARES switches it off there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from django.conf import settings
from django.db import connection

_known: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()  # of each connection to the database


@dataclass(frozen=True, slots=True)
class Prepared:
    """``sql`` names its parameters $1, $2 and so on, of ``types``. Names are unique in the product."""

    name: str
    types: tuple[str, ...]
    sql: str

    def rows(self, *values: Any) -> list[Sequence[Any]]:
        """By the plan that is kept."""
        if not settings.DATABASE_PREPARES:
            return self.planned_anew(*values)
        with connection.cursor() as cursor:
            self._prepare(cursor)
            places = ", ".join(["%s"] * len(values))
            cursor.execute(f"EXECUTE {self.name} ({places})", values)
            found: list[Sequence[Any]] = cursor.fetchall()
            return found

    def planned_anew(self, *values: Any) -> list[Sequence[Any]]:
        with connection.cursor() as cursor:
            cursor.execute(*self._plain(values))
            found: list[Sequence[Any]] = cursor.fetchall()
            return found

    def _prepare(self, cursor: Any) -> None:
        known = _known.setdefault(connection.connection, set())
        if self.name not in known:
            types = ", ".join(self.types)
            cursor.execute(f"PREPARE {self.name} ({types}) AS {self.sql}")
            known.add(self.name)

    def _plain(self, values: Sequence[Any]) -> tuple[str, dict[str, Any]]:
        sql = self.sql.replace("%", "%%")
        for number in range(len(values), 0, -1):  # $12 before $1
            sql = sql.replace(f"${number}", f"%(p{number})s::{self.types[number - 1]}")
        return sql, {f"p{number}": value for number, value in enumerate(values, 1)}
