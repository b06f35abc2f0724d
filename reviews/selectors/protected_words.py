"""Words of confidential sources, looked up for who may see them. No index holds them: they are encrypted."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.search import SearchQuery

from claimtracker.kernel import full_text

from ..models import Source

MOST = 500  # the newest of those that one person may see


def found_among_protected(user: Any, asked: SearchQuery) -> dict[int, str]:
    """Of the confidential sources that ``user`` may see, those that hold what was asked: their titles, with
    the hits marked. Two queries, one where there is none: PostgreSQL compares the words, and keeps none."""
    seen = Source.objects.visible_to(user).filter(is_confidential=True).order_by("-pk")[:MOST]
    words = [(one.pk, one.title, f"{one.title} {one.publisher} {one.citation}") for one in seen]
    return full_text.found_among(words, asked)
