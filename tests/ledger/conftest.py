"""Entries to play with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from claimtracker.accounts.models import Desk
from claimtracker.ledger import audit
from claimtracker.ledger.models import AuditEntry


def record_something(verb: str = "desk.renamed", *, by: object = "system", note: str = "") -> AuditEntry:
    """An entry in a transaction of its own."""
    with transaction.atomic():
        desk, _ = Desk.objects.get_or_create(slug="world", defaults={"name": "World"})
        return audit.record(verb, by=by, subject=desk, details={"to": "World"}, note=note)


@pytest.fixture(autouse=True)
def head(settings: Any, tmp_path: Path) -> Path:
    """The head file of this test's chain, outside the database."""
    path = tmp_path / "head.jsonl"
    settings.LEDGER_HEAD_PATH = str(path)
    return path
