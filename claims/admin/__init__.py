"""The moderators' pages of this room."""

from . import articles, feeds, following, known_claims, match_index, matches, requests

__all__ = ["articles", "feeds", "following", "known_claims", "match_index", "matches", "requests"]
