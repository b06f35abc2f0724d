"""The moderators' pages of this room."""

from . import articles, known_claims, match_index, matches

__all__ = ["articles", "known_claims", "match_index", "matches"]
