"""Other publishers' claim reviews from pages, feeds and files, as plain values; no Django, no database."""

from claims.sources.claim_reviews.fetching import fetch_reviews
from claims.sources.claim_reviews.formats import MOST_BYTES, Format, read_reviews
from claims.sources.claim_reviews.identity import (
    IdentifiedReview,
    PreparedReviews,
    digest_of,
    prepare_reviews,
)
from claims.sources.claim_reviews.reviewed import (
    Defaults,
    Problem,
    ReadReviews,
    ReviewedClaim,
    UnreadableReviews,
)
from claims.sources.claim_reviews.values import checked_defaults, host_of

__all__ = [
    "MOST_BYTES",
    "Defaults",
    "Format",
    "IdentifiedReview",
    "PreparedReviews",
    "Problem",
    "ReadReviews",
    "ReviewedClaim",
    "UnreadableReviews",
    "checked_defaults",
    "digest_of",
    "fetch_reviews",
    "host_of",
    "prepare_reviews",
    "read_reviews",
]
