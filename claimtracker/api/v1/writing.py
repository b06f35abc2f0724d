"""Answers as plain dictionaries, without the price of a serializer for every row.

A serializer says what an answer looks like: the schema is made of it, and tests compare with what it gives.
Here its fields are read once for all rows and become one function. Moments, ids and choices stay what they
are: the renderer writes them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db.models.manager import BaseManager
from rest_framework import serializers
from rest_framework.fields import Field, empty

from .fields import Timestamp

Write = Callable[[Any], Any]
Shape = type[serializers.BaseSerializer[Any]]

# what the renderer writes as these fields would
AS_IT_IS = (
    serializers.UUIDField,
    serializers.DateTimeField,
    serializers.DateField,
    serializers.ChoiceField,
    serializers.IntegerField,
    serializers.FloatField,
    serializers.BooleanField,
)


def written(shape: Shape, instance: Any, names: frozenset[str] | None = None) -> dict[str, Any]:
    """What ``shape(instance).data`` would be; only the fields ``names`` where those are given."""
    answer: dict[str, Any] = writer_of(shape, names)(instance)
    return answer


def writer_of(shape: Shape, names: frozenset[str] | None = None) -> Write:
    """The function that writes one row of this shape."""
    # kept for each shape and not for each choice of fields: of these there are as many as anybody asks for
    parts = [
        (name, part)
        for name, part in _parts_of(shape)  # type: ignore[arg-type]  # the stubs hold that classes have no hash
        if names is None or name in names
    ]

    def write(instance: Any) -> dict[str, Any]:
        return {name: part(instance) for name, part in parts}

    return write


@cache
def _parts_of(shape: Shape) -> tuple[tuple[str, Write], ...]:
    fields = shape().fields.items()  # type: ignore[attr-defined]  # only shapes with fields here
    return tuple((name, _field_writer(field)) for name, field in fields if not field.write_only)


def _field_writer(field: Field[Any, Any, Any, Any]) -> Write:
    """From the row to the field's value in the answer."""
    if isinstance(field, serializers.SerializerMethodField):
        method: Write = getattr(field.parent, str(field.method_name))
        return method
    read, convert = _reader(field), _converter(field)
    if convert is None:
        return read

    def write(instance: Any) -> Any:
        value = read(instance)
        return None if value is None else convert(value)

    return write


def _reader(field: Field[Any, Any, Any, Any]) -> Write:
    """As Field.get_attribute: through objects and mappings, to the default where the way ends."""
    steps, default = tuple(field.source_attrs), field.default

    def read(instance: Any) -> Any:
        try:
            for step in steps:
                instance = instance[step] if isinstance(instance, Mapping) else getattr(instance, step)
        except (AttributeError, KeyError, ObjectDoesNotExist):
            if default is empty:
                raise
            return default
        return instance

    return read


def _converter(field: Field[Any, Any, Any, Any]) -> Write | None:
    """None for values that go out as they are."""
    if isinstance(field, serializers.ListSerializer):
        child: Any = field.child
        return _many(writer_of(type(child)))
    if isinstance(field, serializers.Serializer):
        nested: Any = type(field)
        return writer_of(nested)
    own = type(field).to_representation
    if own is serializers.CharField.to_representation:
        return str
    if own is Timestamp.to_representation:
        return _moment
    if any(own is kind.to_representation for kind in AS_IT_IS):
        return None
    return field.to_representation


def _moment(value: Any) -> datetime:
    """In UTC, which the renderer writes with a Z. Snapshots hold theirs as text."""
    moment: datetime = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment if moment.tzinfo is UTC else moment.astimezone(UTC)


def _many(write: Write) -> Write:
    def write_all(rows: Any) -> list[Any]:
        found: Iterable[Any] = rows.all() if isinstance(rows, BaseManager) else rows
        return [write(row) for row in found]

    return write_all
