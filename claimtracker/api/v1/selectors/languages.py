"""Language tags as filters ask for them."""

from __future__ import annotations

from django.db.models import Q


def in_language(tag: str, field: str = "language") -> Q:
    """Texts of this language; ``en`` is every English."""
    return Q(**{field: tag}) | Q(**{f"{field}__startswith": f"{tag}-"})
