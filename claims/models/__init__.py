"""What was said, by whom and where."""

from .article import Article, ArticleFetch, ArticleVersion, Channel, ExtractionRun
from .claim import Appearance, Claim, Claimant

__all__ = [
    "Appearance",
    "Article",
    "ArticleFetch",
    "ArticleVersion",
    "Channel",
    "Claim",
    "Claimant",
    "ExtractionRun",
]
