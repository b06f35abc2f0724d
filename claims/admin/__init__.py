"""The moderators' pages of this room."""

from . import articles, feeds, following, known_claims, match_index, matches, requests, restricted

__all__ = [
    "articles",
    "feeds",
    "following",
    "known_claims",
    "match_index",
    "matches",
    "requests",
    "restricted",
]
