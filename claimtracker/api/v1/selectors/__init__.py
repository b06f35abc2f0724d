"""What a partner may see: its own articles and their claims, and everything that is public.

``everything`` and not ``objects``: a partner that is a sandbox sees its own, which the newsroom does not."""

from .articles import articles_in_full, articles_of, just_stored, narrow_articles, versions_of
from .claims import claims_of, narrow_claims, own_appearances, places_in_articles
from .publications import (
    changes_of_publications,
    is_taken_back,
    public_lines,
    publications,
    reads_snapshot,
)
from .ratings import rating_scales

__all__ = [
    "articles_in_full",
    "articles_of",
    "changes_of_publications",
    "claims_of",
    "is_taken_back",
    "just_stored",
    "narrow_articles",
    "narrow_claims",
    "own_appearances",
    "places_in_articles",
    "public_lines",
    "publications",
    "rating_scales",
    "reads_snapshot",
    "versions_of",
]
