"""What was said, by whom and where, and what is known of it already."""

from .article import Article, ArticleFetch, ArticleVersion, Channel, ExtractionRun
from .claim import Appearance, Claim, Claimant
from .claim_match import ClaimMatch, Grade
from .family import ClaimAlert, ClaimWatch, FamilyChange
from .feed import Feed, FeedItem, WebHost
from .fingerprint import ArticleFingerprint
from .known_claim import KnownClaim, KnownClaimImport, Origin
from .match_index import DIMENSIONS, EmbeddingSlot, MatchEmbedding, MatchEntry, MatchTerm, MatchTotals

__all__ = [
    "DIMENSIONS",
    "Appearance",
    "Article",
    "ArticleFetch",
    "ArticleFingerprint",
    "ArticleVersion",
    "Channel",
    "Claim",
    "ClaimAlert",
    "ClaimMatch",
    "ClaimWatch",
    "Claimant",
    "EmbeddingSlot",
    "ExtractionRun",
    "FamilyChange",
    "Feed",
    "FeedItem",
    "Grade",
    "KnownClaim",
    "KnownClaimImport",
    "MatchEmbedding",
    "MatchEntry",
    "MatchTerm",
    "MatchTotals",
    "Origin",
    "WebHost",
]
