"""Reading lists in tests."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.db import connection
from django.test.utils import CaptureQueriesContext

from .conftest import Asker


def asked(**filters: Any) -> str:
    """A query string; ``since`` and the like may hold what an address may not."""
    return "&".join(f"{name}={quote(str(value))}" for name, value in filters.items())


def rows(asker: Asker, path: str, **filters: Any) -> list[dict[str, Any]]:
    """The first page."""
    response = asker.get(f"{path}?{asked(limit=100, **filters)}")
    assert response.status_code == 200, response.content
    found: list[dict[str, Any]] = response.json()["results"]
    return found


def ids(asker: Asker, path: str, **filters: Any) -> set[str]:
    return {row["id"] for row in rows(asker, path, **filters)}


def queries_of(asker: Asker, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert asker.get(path).status_code == 200
    # a key's last use is written once a minute, and a statement prepared once on each connection
    return sum(not query["sql"].startswith(("UPDATE", "PREPARE")) for query in captured)
