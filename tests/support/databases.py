"""The tests' database. Migrating a fresh one takes a dozen seconds of every run, so what came of it is kept
in the embedded server, for later runs on the same sources to copy."""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from psycopg import sql

from .owner import owner_connection

ROOT = Path(__file__).resolve().parents[2]
PREFIX = "migrated_"
SOURCES = ("claimtracker/**/*.py", "claims/**/*.py", "reviews/**/*.py", "tests/support/models.py")


def make_test_database(owner: Any) -> str:
    """An empty, migrated database that belongs to ``owner``, a connection; its name."""
    if os.environ.get("DATABASE_URL"):
        return owner.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    kept = PREFIX + _fingerprint()
    with owner_connection(dbname="postgres") as admin:
        names = [row[0] for row in admin.execute("SELECT datname FROM pg_database").fetchall()]
        if kept in names:
            return _copy(owner, kept)
        name = owner.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        owner.close()
        for old in names:
            if old.startswith(PREFIX):
                admin.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(old)))
        admin.execute(_create(kept, template=name))
    return name


def _copy(owner: Any, kept: str) -> str:
    owner.settings_dict["TEST"]["TEMPLATE"] = kept
    name = owner.creation._get_test_db_name()
    owner.creation._create_test_db(verbosity=0, autoclobber=True)
    owner.close()
    settings.DATABASES[owner.alias]["NAME"] = owner.settings_dict["NAME"] = name
    return name


def _create(name: str, *, template: str) -> sql.Composed:
    words = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    return words.format(sql.Identifier(name), sql.Identifier(template))


def _fingerprint() -> str:
    """Of all that a migration may read."""
    summed = hashlib.sha256(sys.version.encode())
    for path in [ROOT / "requirements.txt", *(path for glob in SOURCES for path in sorted(ROOT.glob(glob)))]:
        summed.update(f"{path.relative_to(ROOT)}\n".encode() + path.read_bytes())
    return summed.hexdigest()[:20]
