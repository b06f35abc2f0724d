"""What was said, by whom and where, and what is known of it already."""

from .article import Article, ArticleFetch, ArticleVersion, Channel, ExtractionRun
from .claim import Appearance, Claim, Claimant
from .known_claim import KnownClaim, KnownClaimImport, Origin

__all__ = [
    "Appearance",
    "Article",
    "ArticleFetch",
    "ArticleVersion",
    "Channel",
    "Claim",
    "Claimant",
    "ExtractionRun",
    "KnownClaim",
    "KnownClaimImport",
    "Origin",
]
