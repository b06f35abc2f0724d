"""Everything that happened to one thing: what bears its name, and what rooms say belongs to it as well."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models

_parts: dict[str, list[Callable[[Any], models.Q]]] = {}


def happened_to(
    model: type[models.Model],
) -> Callable[[Callable[[Any], models.Q]], Callable[[Any], models.Q]]:
    """Decorator: the function gives which other entries belong to the history of a row of ``model``. It takes
    the row's key, so that the history outlives the row."""

    def register(part: Callable[[Any], models.Q]) -> Callable[[Any], models.Q]:
        _parts.setdefault(model._meta.label_lower, []).append(part)
        return part

    return register


def about_rows(model: type[models.Model], keys: Collection[Any]) -> models.Q:
    """Entries whose subject is one of these rows."""
    subject_ids = {str(key) for key in keys}
    return models.Q(subject_type=model._meta.label_lower, subject_id__in=subject_ids)


def history_of(subject_type: str, subject_id: str) -> models.Q:
    """The entries about this thing, whether or not it is still there."""
    found = models.Q(subject_type=subject_type, subject_id=subject_id)
    key = _key_of(subject_type, subject_id)
    for part in _parts.get(subject_type, ()) if key is not None else ():
        found |= part(key)
    return found


def _key_of(subject_type: str, subject_id: str) -> Any:
    """The key as the model has it; None for what is no key of it."""
    try:
        return apps.get_model(subject_type)._meta.pk.to_python(subject_id)
    except (LookupError, ValueError, ValidationError):
        return None
