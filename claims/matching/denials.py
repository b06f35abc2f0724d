"""What a statement denies: which words stand under a "not", a "never" or a "refused to"."""

from __future__ import annotations

from collections.abc import Sequence

from claims.matching.tokens import Word
from claims.matching.words import ENDS_CLAUSE, NEGATIONS, NOT_DENYING, ONLY_WITH_TO, SAYING, SUPPOSING

_SCOPE = 3  # words that a "not" may be about,
_REACH = 12  # among so many behind it
_LONGEST_WRITTEN = 80


def denies(words: Sequence[Word], at: int) -> bool:
    """Whether the word denies what follows it."""
    lower = words[at].lower
    short = lower.endswith(("n't", "n’t"))
    if not short and lower not in NEGATIONS:
        return False
    following = words[at + 1].lower if at + 1 < len(words) else ""
    if lower in ONLY_WITH_TO:
        return following == "to"
    return f"{lower} {following}" not in NOT_DENYING and following not in SAYING


def scope_of(text: str, words: Sequence[Word], at: int, places: Sequence[int]) -> tuple[int, int, str] | None:
    """What a "not" is about, up to the end of its clause: from and to which stem, and as written."""
    first = places[at]
    after = last = at + 1
    end = min(len(words), at + 1 + _REACH)
    while after < end and places[after] - first < _SCOPE:
        gap = text[words[after - 1].end : words[after].start]
        if words[after].lower in ENDS_CLAUSE or any(mark in gap for mark in ",.;:!?—–()\n"):
            break
        after += 1
        if places[after] > places[after - 1]:
            last = after
    if places[after] == first:
        return None
    start = words[at - 1].start if at and words[at - 1].lower in SUPPOSING else words[at].start
    written = text[start : words[last - 1].end]
    return first, places[after], " ".join(written.split())[:_LONGEST_WRITTEN]
