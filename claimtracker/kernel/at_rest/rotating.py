"""Everything under the current key, batch by batch: what stands in plain letters, and what another wrote.

What is left to do stands in the rows themselves, so it can be stopped anywhere, run twice and side by side. A
row is written only if it is still as it was read; who changes it meanwhile writes with the current key.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.apps import apps
from django.db import IntegrityError, connection, transaction

from .cipher import Unreadable
from .fields import AtRest, fields_of
from .index import DigestField, digests_of
from .sometimes import AtRestWhen, fields_at_times

BATCH = 200


class Twice(Unreadable):
    """Two rows hold the same where one may."""

    def __init__(self, place: str) -> None:
        super().__init__(f"{place}: another row holds the same, under another key. Remove one of the two.")


@dataclass(slots=True)
class Done:
    """What came of one place. ``unreadable``: by row, why it stayed as it is."""

    place: str
    rewritten: int = 0
    left: int = 0
    unreadable: dict[int, str] = field(default_factory=dict)


class Place(Protocol):
    """Where ciphertext is kept: a column, or values inside of one."""

    @property
    def name(self) -> str:
        """For people, and for the order."""

    def batch(self, after: int) -> list[tuple[int, Any]]:
        """The next rows (pk and what is stored) that the current key did not write, by pk."""

    def rewrite(self, pk: int, stored: Any) -> bool:
        """Write it under the current key, if it still stands there. Raises Unreadable."""

    def left(self) -> int:
        """How many rows the current key did not write."""


@dataclass(frozen=True, slots=True)
class Column:
    """The place of an encrypted field, or of a digest."""

    field: AtRest | AtRestWhen | DigestField

    @property
    def name(self) -> str:
        return self.field.place

    def batch(self, after: int) -> list[tuple[int, Any]]:
        stale, parameters = self.field.stale(self._column)
        return self._rows(
            f"SELECT {self._key}, {self._column} FROM {self._table} "  # noqa: S608 - names of our own models
            f"WHERE {self._key} > %s AND {stale} ORDER BY {self._key} LIMIT {BATCH}",
            [after, *parameters],
        )

    def rewrite(self, pk: int, stored: Any) -> bool:
        written = self._written(pk, stored)
        stale, parameters = self.field.stale(self._column)
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {self._table} SET {self._column} = %s "  # noqa: S608 - names of our own models
                f"WHERE {self._key} = %s AND {self._column} = %s AND {stale}",
                [written, pk, stored, *parameters],
            )
            return cursor.rowcount == 1

    def _written(self, pk: int, stored: Any) -> Any:
        if isinstance(self.field, DigestField):
            row = self.field.model._base_manager.filter(pk=pk).first()
            return stored if row is None else self.field.of_row(row)
        return self.field.rewritten(stored, connection)

    def left(self) -> int:
        stale, parameters = self.field.stale(self._column)
        counted = f"SELECT count(*) FROM {self._table} WHERE {stale}"  # noqa: S608 - names of our own models
        return int(self._rows(counted, parameters)[0][0])

    def _rows(self, statement: str, parameters: list[Any]) -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            return list(cursor.fetchall())

    @property
    def _table(self) -> str:
        return connection.ops.quote_name(self.field.model._meta.db_table)

    @property
    def _column(self) -> str:
        return connection.ops.quote_name(str(self.field.column))

    @property
    def _key(self) -> str:
        return connection.ops.quote_name(str(self.field.model._meta.pk.column))


_others: list[Callable[[], Place]] = []


def keeps_ciphertext(place: Callable[[], Place]) -> None:
    """Name a place that is no field of ours; once, when the applications start."""
    _others.append(place)


def places() -> list[Place]:
    """Every place of the whole product."""
    columns: list[Place] = []
    for model in apps.get_models():
        columns += [Column(one) for one in fields_of(model)]
        columns += [Column(one) for one in fields_at_times(model)]
        columns += [Column(one) for one in digests_of(model)]
    return sorted([*columns, *(make() for make in _others)], key=lambda place: place.name)


def reencrypt(*, seconds: float | None = None, counting: bool = True) -> Iterator[Done]:
    """Bring one place after another under the current key; no longer than ``seconds``. Each row is written by
    itself, so no lock is held. What cannot be read stays, and is told; how much is left costs a look at every
    row (``counting``)."""
    until = None if seconds is None else time.monotonic() + seconds
    for place in places():
        done = Done(place.name)
        after = 0
        while (until is None or time.monotonic() < until) and (rows := place.batch(after)):
            for pk, stored in rows:
                _rewrite(place, pk, stored, done)
            after = rows[-1][0]
        done.left = place.left() if counting else 0
        yield done


def _rewrite(place: Place, pk: int, stored: Any, done: Done) -> None:
    try:
        with transaction.atomic():
            done.rewritten += place.rewrite(pk, stored)
    except Unreadable as error:
        done.unreadable[pk] = str(error)
    except IntegrityError:  # of a digest that has to be unique
        done.unreadable[pk] = str(Twice(place.name))
