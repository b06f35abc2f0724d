"""Other publishers' claim reviews from pages, feeds and files, as plain values; no Django, no database."""

from claims.sources.claim_reviews.fetching import fetch_reviews
from claims.sources.claim_reviews.formats import MOST_BYTES, Format, read_reviews
from claims.sources.claim_reviews.reviewed import (
    Defaults,
    Problem,
    ReadReviews,
    ReviewedClaim,
    UnreadableReviews,
)
from claims.sources.claim_reviews.values import Values, host_of

__all__ = [
    "MOST_BYTES",
    "Defaults",
    "Format",
    "Problem",
    "ReadReviews",
    "ReviewedClaim",
    "UnreadableReviews",
    "Values",
    "fetch_reviews",
    "host_of",
    "read_reviews",
]
