"""Model fields whose column holds ciphertext and whose attribute holds the value.

They are looked up by emptiness only: the database cannot compare what it cannot read.
"""

from __future__ import annotations

import json
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.lookups import Exact, IsNull, Lookup

from . import cipher


class IsEmpty(Exact):
    """``field=""``, the one comparison that holds for ciphertext too."""

    def get_prep_lookup(self) -> Any:
        if self.rhs not in ("", b""):
            raise TypeError(
                f"{self.lhs.output_field.name} is encrypted at rest: only emptiness can be asked for. Keep a "
                "digest beside it (at_rest.index) to find equal values."
            )
        return self.rhs


LOOKUPS: dict[str, type[Lookup[Any]]] = {"exact": IsEmpty, "isnull": IsNull}


class AtRest(models.Field):
    """What the fields have in common."""

    model: type[models.Model]

    @property
    def place(self) -> str:
        """What the ciphertext is bound to."""
        return f"{self.model._meta.label}.{self.name}"

    def get_lookup(self, lookup_name: str) -> Any:
        found = LOOKUPS.get(lookup_name)
        if found is None:
            raise TypeError(f"{self.name} is encrypted at rest: {lookup_name} cannot look into it.")
        return found

    def get_db_prep_save(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        if value is None or hasattr(value, "as_sql"):  # a default of the database
            return super().get_db_prep_save(value, connection)
        return self.to_store(self.get_prep_value(value), connection)

    def from_db_value(self, value: Any, expression: Any, connection: BaseDatabaseWrapper) -> Any:
        return value if value is None else self.from_store(value)

    def to_store(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        """What is written in the place of the value."""
        return cipher.encrypt(value, self.place)

    def from_store(self, stored: Any) -> Any:
        """The value of what was written. Raises cipher.Unreadable."""
        return cipher.decrypt(stored, self.place)

    def stale(self, column: str) -> tuple[str, list[Any]]:
        """A condition in SQL on what the current key did not write, and its parameters."""
        return f"({column} <> '' AND NOT starts_with({column}, %s))", [cipher.head()]

    def rewritten(self, stored: Any, connection: BaseDatabaseWrapper) -> Any:
        """The same value under the current key. Raises cipher.Unreadable."""
        return self.to_store(self.from_store(stored), connection)


class _Text(AtRest):
    """Ciphertext is longer than the value, whose own length is held to as ever."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "text"


class EncryptedTextField(_Text, models.TextField):
    """A text."""


class EncryptedCharField(_Text, models.CharField):
    """One line."""


class EncryptedURLField(_Text, models.URLField):
    """An address on the web."""


class EncryptedEmailField(_Text, models.EmailField):
    """An address of mail."""


class EncryptedBinaryField(AtRest, models.BinaryField):
    """Bytes."""

    def to_store(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        return self.get_db_prep_value(cipher.encrypt_bytes(bytes(value), self.place), connection)

    def from_store(self, stored: Any) -> Any:
        return cipher.decrypt_bytes(bytes(stored), self.place)

    def stale(self, column: str) -> tuple[str, list[Any]]:
        begins = f"substring({column} FROM 1 FOR {cipher.HEAD_LENGTH})"
        return f"(length({column}) > 0 AND {begins} <> %s)", [cipher.head().encode()]


ENVELOPE = cipher.MARK.rstrip(":")  # the one name in the object that is stored


class EncryptedJSONField(AtRest, models.JSONField):
    """An object of JSON; its column holds one with the ciphertext in it. Nothing is looked up inside."""

    def to_store(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        if not value:
            return self.get_db_prep_value(value, connection)
        text = cipher.encrypt(json.dumps(value, ensure_ascii=False), self.place)
        return self.get_db_prep_value({ENVELOPE: text}, connection)

    def from_db_value(self, value: Any, expression: Any, connection: BaseDatabaseWrapper) -> Any:
        return value if value is None else self.from_store(value)

    def from_store(self, stored: Any) -> Any:
        value = json.loads(stored)
        if isinstance(value, dict) and set(value) == {ENVELOPE}:
            return json.loads(cipher.decrypt(value[ENVELOPE], self.place))
        return value

    def stale(self, column: str) -> tuple[str, list[Any]]:
        written = f"coalesce({column} ->> '{ENVELOPE}', '')"
        return f"({column} <> '{{}}' AND NOT starts_with({written}, %s))", [cipher.head()]


def fields_of(model: type[models.Model]) -> list[AtRest]:
    """The encrypted fields of a model, in their order."""
    return [field for field in model._meta.local_concrete_fields if isinstance(field, AtRest)]
