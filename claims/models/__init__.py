"""What was said, by whom and where."""

from .article import Article, ArticleVersion, ExtractionRun
from .claim import Appearance, Claim, Claimant

__all__ = ["Appearance", "Article", "ArticleVersion", "Claim", "Claimant", "ExtractionRun"]
