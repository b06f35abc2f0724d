"""The moderators' pages of this room."""

from . import (
    articles,
    feeds,
    following,
    held_updates,
    known_claims,
    match_index,
    matches,
    requests,
    suggestions,
)

__all__ = [
    "articles",
    "feeds",
    "following",
    "held_updates",
    "known_claims",
    "match_index",
    "matches",
    "requests",
    "suggestions",
]
