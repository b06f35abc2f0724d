"""What was said, by whom and where, and what is known of it already."""

from .article import Article, ArticleFetch, ArticleVersion, Channel, ExtractionRun
from .batch import Batch, BatchItem
from .check_request import CheckRequest, RequestVote
from .claim import Appearance, Claim, Claimant, ClaimantGroup
from .claim_match import ClaimMatch, Grade
from .draft import Draft
from .family import ClaimAlert, ClaimWatch, FamilyChange
from .feed import Feed, FeedItem, WebHost
from .fingerprint import ArticleFingerprint
from .following import CARRIED, Anchoring, Fate, Following
from .held_update import HeldUpdate
from .known_claim import KnownClaim, KnownClaimImport, Origin
from .match_index import DIMENSIONS, EmbeddingSlot, MatchEmbedding, MatchEntry, MatchTerm, MatchTotals
from .suggestion import Suggestion, SuggestionWords

__all__ = [
    "CARRIED",
    "DIMENSIONS",
    "Anchoring",
    "Appearance",
    "Article",
    "ArticleFetch",
    "ArticleFingerprint",
    "ArticleVersion",
    "Batch",
    "BatchItem",
    "Channel",
    "CheckRequest",
    "Claim",
    "ClaimAlert",
    "ClaimMatch",
    "ClaimWatch",
    "Claimant",
    "ClaimantGroup",
    "Draft",
    "EmbeddingSlot",
    "ExtractionRun",
    "FamilyChange",
    "Fate",
    "Feed",
    "FeedItem",
    "Following",
    "Grade",
    "HeldUpdate",
    "KnownClaim",
    "KnownClaimImport",
    "MatchEmbedding",
    "MatchEntry",
    "MatchTerm",
    "MatchTotals",
    "Origin",
    "RequestVote",
    "Suggestion",
    "SuggestionWords",
    "WebHost",
]
