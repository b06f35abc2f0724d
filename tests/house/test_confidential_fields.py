"""Each column that may hold words is encrypted at rest, or docs/confidential-fields.md says why not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models

from claimtracker.kernel.at_rest.fields import AtRest, EncryptedTextField, fields_of
from claimtracker.kernel.at_rest.index import DigestField
from claimtracker.kernel.at_rest.sometimes import AtRestWhen

DOC = Path(__file__).resolve().parents[2] / "docs" / "confidential-fields.md"
MAY_HOLD_WORDS = (
    models.CharField,
    models.TextField,
    models.JSONField,
    models.BinaryField,
    models.FileField,
    models.GenericIPAddressField,
    ArrayField,
)


def is_in_plain(field: models.Field) -> bool:
    decided = isinstance(field, AtRest | AtRestWhen | DigestField | models.SlugField) or field.choices
    return isinstance(field, MAY_HOLD_WORDS) and not decided


def plain_columns() -> dict[str, set[str]]:
    found = {}
    for model in apps.get_models():
        if model.__module__.startswith("tests."):
            continue
        if names := {field.name for field in model._meta.local_concrete_fields if is_in_plain(field)}:
            found[model._meta.label] = names
    return found


def documented() -> dict[str, set[str]]:
    rows = re.findall(r"^\| `([\w.]+)` \| (.+?) \| \S.* \|$", DOC.read_text(encoding="utf-8"), re.MULTILINE)
    return {label: set(re.findall(r"`(\w+)`", names)) for label, names in rows}


def test_every_column_is_encrypted_or_says_why_not() -> None:
    said = documented()
    undecided = {
        label: sorted(names - said.get(label, set()))
        for label, names in plain_columns().items()
        if names - said.get(label, set())
    }
    assert not undecided, (
        "May a thief of a database dump read these? If not, give them a type of claimtracker.kernel.at_rest; "
        f"else add them to {DOC.name} with the reason: {undecided}"
    )


def test_nothing_is_said_of_columns_that_are_not_there() -> None:
    there = plain_columns()
    assert not {
        label: sorted(names - there.get(label, set()))
        for label, names in documented().items()
        if names - there.get(label, set())
    }


def test_a_new_column_for_words_is_undecided() -> None:
    class Letter(models.Model):
        kind = models.CharField(max_length=5, choices=[("a", "a")])
        text = models.TextField()
        sealed = EncryptedTextField()

        class Meta:
            app_label = "wire"
            abstract = True

    assert [field.name for field in Letter._meta.local_fields if is_in_plain(field)] == ["text"]


@pytest.mark.parametrize("model", [m for m in apps.get_models() if fields_of(m)], ids=lambda m: m._meta.label)
def test_no_index_or_ordering_is_over_ciphertext(model: type[models.Model]) -> None:
    encrypted = {field.name for field in fields_of(model)}
    ordered = {str(name).lstrip("-") for name in model._meta.ordering}
    indexed = {name for index in model._meta.indexes for name in index.fields}
    unique = {
        name
        for rule in model._meta.constraints
        if isinstance(rule, models.UniqueConstraint)
        for name in rule.fields
    }
    assert not encrypted & (ordered | indexed | unique)
    assert not [field.name for field in fields_of(model) if field.unique or field.db_index]
