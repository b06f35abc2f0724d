"""What a sender says of an article beside its text: by whom, where, when and in which language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from claimtracker.ledger import audit

from ..models import Article

DESCRIBING = ("byline", "language", "url", "published_at")


def descriptions(fields: Mapping[str, Any]) -> dict[str, Any]:
    """What ``fields`` say of the article; what they leave empty says nothing."""
    return with_moments({name: fields[name] for name in DESCRIBING if fields.get(name)})


def with_moments(fields: Mapping[str, Any]) -> dict[str, Any]:
    """What was kept as JSON, with its moment as one."""
    at = fields.get("published_at")
    return {**fields, "published_at": datetime.fromisoformat(at)} if isinstance(at, str) else dict(fields)


def what_differs(article: Article, told: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if getattr(article, name) != value}


def describe(article: Article, told: Mapping[str, Any], *, by: Any) -> bool:
    """Let what is told hold from now on; False where it does already. The caller holds the article's lock.
    Audits article.described."""
    changed = what_differs(article, told)
    if not changed:
        return False
    for name, value in changed.items():
        setattr(article, name, value)
    article.save(update_fields=sorted(changed))
    audit.record("article.described", by=by, subject=article, details={"fields": sorted(changed)})
    return True
