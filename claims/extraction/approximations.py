"""Words around a number that say how exactly it is meant: "more than", "some", "or so"."""

from __future__ import annotations

from collections.abc import Sequence

from claims.extraction.model import Approximation
from claims.extraction.numerals import Lexeme, lower_at

# What stands before a number and changes what it says; the longest that fits counts.
BEFORE: dict[str, Approximation] = {
    "more than": "more_than",
    "over": "more_than",
    "above": "more_than",
    "exceeding": "more_than",
    "exceeds": "more_than",
    "exceeded": "more_than",
    "in excess of": "more_than",
    "upwards of": "more_than",
    "upward of": "more_than",
    "greater than": "more_than",
    "higher than": "more_than",
    "just over": "more_than",
    "at least": "at_least",
    "no fewer than": "at_least",
    "no less than": "at_least",
    "not less than": "at_least",
    "a minimum of": "at_least",
    "less than": "less_than",
    "fewer than": "less_than",
    "lower than": "less_than",
    "under": "less_than",
    "below": "less_than",
    "up to": "at_most",
    "as many as": "at_most",
    "as much as": "at_most",
    "at most": "at_most",
    "no more than": "at_most",
    "not more than": "at_most",
    "a maximum of": "at_most",
    "about": "about",
    "around": "about",
    "approximately": "about",
    "roughly": "about",
    "some": "about",
    "circa": "about",
    "estimated": "about",
    "nearly": "about",
    "almost": "about",
    "just under": "about",
    "just shy of": "about",
    "shy of": "about",
    "just short of": "about",
    "close to": "about",
    "approaching": "about",
    "~": "about",
}
_AFTER: dict[str, Approximation] = {
    "or more": "at_least",
    "and more": "at_least",
    "or so": "about",
    "or less": "at_most",
    "or fewer": "at_most",
    "or older": "at_least",
    "or over": "at_least",
    "and over": "at_least",
    "at least": "at_least",
    "- plus": "at_least",
    "plus": "at_least",
    "+": "at_least",
    "- odd": "about",
}


def mark_before(lexs: Sequence[Lexeme], first: int) -> tuple[Approximation, int] | None:
    """The mark that ends right before lexeme `first`, and the lexeme it begins at."""
    for width in (3, 2, 1):
        if first >= width:
            mark = BEFORE.get(" ".join(lower_at(lexs, i) for i in range(first - width, first)))
            if mark is not None:
                return mark, first - width
    return None


def mark_after(lexs: Sequence[Lexeme], after: int) -> tuple[Approximation, int] | None:
    """The mark that begins at lexeme `after`, and the lexeme after its end."""
    for width in (2, 1):
        mark = _AFTER.get(" ".join(lower_at(lexs, i) for i in range(after, after + width)))
        if mark is not None and after + width <= len(lexs):
            return mark, after + width
    return None
