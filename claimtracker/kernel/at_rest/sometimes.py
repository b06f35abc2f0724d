"""Fields that are confidential in some rows: encrypted there, and in others in plain letters, as ever.

Only a row knows which it is, so they are written by saving rows; an ``update()`` that names one is refused.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from . import cipher


class Hidden(str):
    """A value that is to be encrypted."""

    __slots__ = ()


class Shown(str):
    """A value that is to stand in plain letters."""

    __slots__ = ()


class AtRestWhen(models.Field):
    """``when``: the attribute of the row that says whether the value is confidential."""

    model: type[models.Model]

    def __init__(self, *args: Any, when: str = "", **kwargs: Any) -> None:
        self.when = when
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "when": self.when}

    @property
    def place(self) -> str:
        return f"{self.model._meta.label}.{self.name}"

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "text"

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = getattr(model_instance, self.attname)
        if not isinstance(value, str):
            return value
        # what looks like ciphertext would be taken for it
        is_hidden = getattr(model_instance, self.when) or value.startswith(cipher.MARK)
        return Hidden(value) if is_hidden else Shown(value)

    def get_db_prep_save(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        if value is None or hasattr(value, "as_sql"):  # a default of the database
            return super().get_db_prep_save(value, connection)
        if isinstance(value, Hidden):
            return cipher.encrypt(str(value), self.place)
        if isinstance(value, Shown):
            return super().get_db_prep_save(str(value), connection)
        raise TypeError(f"{self.place} is confidential in some rows: save the row, which says whether it is.")

    def from_db_value(self, value: Any, expression: Any, connection: BaseDatabaseWrapper) -> Any:
        return cipher.decrypt(value, self.place) if value else value

    def stale(self, column: str) -> tuple[str, list[Any]]:
        """A condition in SQL on what the current key should have written and did not, and its parameters."""
        return f"({self.when} AND {column} <> '' AND NOT starts_with({column}, %s))", [cipher.head()]

    def rewritten(self, stored: str, connection: BaseDatabaseWrapper) -> str:
        """The same value under the current key. Raises cipher.Unreadable."""
        return cipher.encrypt(cipher.decrypt(stored, self.place), self.place)


class CharFieldAtRestWhen(AtRestWhen, models.CharField):
    """One line."""


class URLFieldAtRestWhen(AtRestWhen, models.URLField):
    """An address on the web."""


def fields_at_times(model: type[models.Model]) -> list[AtRestWhen]:
    """The fields of a model that are encrypted in some rows, in their order."""
    return [field for field in model._meta.local_concrete_fields if isinstance(field, AtRestWhen)]
