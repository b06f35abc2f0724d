"""The moderators' pages of this room."""

from . import articles, known_claims

__all__ = ["articles", "known_claims"]
