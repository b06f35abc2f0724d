"""Finding encrypted values by the whole value: a keyed digest beside them (a blind index).

Of two rows one can tell that they hold the same, and nothing else; who has no key cannot try out what. While
a key is exchanged, digests of both are looked up.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models
from django.db.models.lookups import Lookup

from . import keys


class DigestField(models.CharField):
    """The digest of the first of the attributes ``of`` that is not empty, while ``when`` (an attribute) is
    true. Written whenever the field is saved; empty of what is empty. ``fold``: capitals or not."""

    def __init__(
        self, *args: Any, of: Sequence[str] = (), when: str = "", fold: bool = True, **kwargs: Any
    ) -> None:
        self.of, self.when, self.fold = tuple(of), when, fold
        kwargs |= {"max_length": 64, "blank": True, "editable": False, "default": "", "db_default": ""}
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "of": self.of, "when": self.when, "fold": self.fold}

    @property
    def place(self) -> str:
        return f"{self.model._meta.label}.{self.name}"

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        digest = self.of_row(model_instance)
        setattr(model_instance, self.attname, digest)
        return digest

    def of_row(self, row: models.Model) -> str:
        """What the row's digest is to be, under the current key."""
        if self.when and not getattr(row, self.when):
            return ""
        text = next((value for name in self.of if (value := getattr(row, name))), "")
        return keys.current().digest(self._plain(text), self.place) if text else ""

    def digests(self, texts: Iterable[str]) -> list[str]:
        """What the digests of these texts may be, under any of our keys."""
        return [key.digest(self._plain(text), self.place) for text in texts if text for key in keys.every()]

    def stale(self, column: str) -> tuple[str, list[Any]]:
        """A condition in SQL on digests that the current key did not make, and its parameters."""
        of = ", ".join(f"nullif({name}, '')" for name in self.of)
        missing = f"({column} = '' AND coalesce({of}) IS NOT NULL{f' AND {self.when}' if self.when else ''})"
        return f"(({column} <> '' AND NOT starts_with({column}, %s)) OR {missing})", [f"{keys.current().id}:"]

    def _plain(self, text: str) -> str:
        return text.strip().casefold() if self.fold else text


@DigestField.register_lookup
class Matches(Lookup):
    """``field__matches=text``, or any of a list of texts, whichever key made the row's digest."""

    lookup_name = "matches"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        left, parameters = self.process_lhs(compiler, connection)
        texts = [self.rhs] if isinstance(self.rhs, str) else list(self.rhs)
        field: Any = self.lhs.output_field
        return f"{left} = ANY(%s)", [*parameters, field.digests(texts)]


def digests_of(model: type[models.Model]) -> list[DigestField]:
    """The digests of a model, in their order."""
    return [field for field in model._meta.local_concrete_fields if isinstance(field, DigestField)]
