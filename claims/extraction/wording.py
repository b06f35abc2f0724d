"""A claim's words as a short sentence of their own, with nothing added but a capital and a full stop."""

from __future__ import annotations

import re

_SPACE = re.compile(r"\s+")
_LOOSE_MARKS = re.compile(r"^[\s,;:–—-]+|[\s,;:–—-]+$")


def standalone(quote: str) -> str:
    """The quote tidied: one line, no unpaired marks at its ends, a capital first letter, a full stop."""
    words = _SPACE.sub(" ", quote).strip()
    words = _LOOSE_MARKS.sub("", words)
    words = words.replace("[", "").replace("]", "")
    for left, right in (("“", "”"), ("«", "»"), ('"', '"'), ("(", ")")):
        words = _unpaired_removed(words, left, right)
    words = words.strip()
    if not words:
        return _SPACE.sub(" ", quote).strip()
    words = words[0].upper() + words[1:]
    return words if words[-1] in ".!?…" else words + "."


def _unpaired_removed(words: str, left: str, right: str) -> str:
    if left == right:
        return words.replace(left, "") if words.count(left) % 2 else words
    if words.count(left) == words.count(right):
        return words
    return words.replace(left, "").replace(right, "")
