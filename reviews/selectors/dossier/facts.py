"""The smallest pieces of a dossier."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any


def who(user: Any) -> dict[str, Any] | None:
    """A person by number and name; the name is empty once the account was erased. None for nobody."""
    return {"id": user.pk, "name": user.name} if user else None


def when(at: datetime | date | None) -> str | None:
    return at.isoformat() if at else None


def rating_facts(rating: Any) -> dict[str, Any] | None:
    return {"slug": rating.slug, "label": rating.label} if rating else None


def text_facts(version: Any) -> dict[str, Any] | None:
    """Which text of which article: its number there, and the hash of its body in UTF-8."""
    if version is None:
        return None
    return {"article": version.article_id, "number": version.number, "sha256": version.sha256}
