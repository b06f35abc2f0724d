"""The scoring rule that Hypothesis publishes for finding a quotation again, written from its description.

The stored position is tried first, and taken if the very quotation stands there. Else every place with the
fewest differences is looked at, up to min(256, half the quotation), and the best by
(50 quote + 20 prefix + 20 suffix + 2 position) / 92 is taken. There is no floor and no margin.
"""

from __future__ import annotations

from dataclasses import dataclass

CONTEXT = 32


@dataclass(frozen=True, slots=True)
class Match:
    start: int
    end: int
    errors: int


def anchored(old: str, new: str, start: int, end: int) -> tuple[int, int] | None:
    """Where the rule places old[start:end] in the new text, or None for an orphan."""
    quote = old[start:end]
    if new[start:end] == quote:
        return start, end
    prefix, suffix = old[max(0, start - CONTEXT) : start], old[end : end + CONTEXT]
    best: tuple[float, int, int] | None = None
    for match in matches(new, quote, min(256, len(quote) // 2)):
        before = new[max(0, match.start - len(prefix)) : match.start]
        after = new[match.end : match.end + len(suffix)]
        score = (
            50 * (1 - match.errors / len(quote))
            + 20 * likeness(before, prefix)
            + 20 * likeness(after, suffix)
            + 2 * (1 - abs(match.start - start) / max(1, len(new)))
        ) / 92
        if best is None or score > best[0]:
            best = (score, match.start, match.end)
    return (best[1], best[2]) if best else None


def likeness(text: str, pattern: str) -> float:
    """How much of ``pattern`` stands somewhere in ``text``."""
    if not pattern:
        return 1.0
    found = matches(text, pattern, len(pattern)) if text else []
    return 1 - found[0].errors / len(pattern) if found else 0.0


def matches(text: str, pattern: str, most: int) -> list[Match]:
    """The places with the fewest differences from ``pattern``, of at most ``most``."""
    exact, start = [], text.find(pattern)
    while start >= 0:
        exact.append(Match(start, start + len(pattern), 0))
        start = text.find(pattern, start + 1)
    if exact:
        return exact
    ends, fewest = [], most
    for end, errors in _errors_by_end(text, pattern):
        if errors < fewest:
            ends, fewest = [], errors
        if errors <= fewest:
            ends.append(end)
    return [Match(_start_of(text, pattern, end, fewest), end, fewest) for end in ends]


def _start_of(text: str, pattern: str, end: int, errors: int) -> int:
    """The farthest start of the match that ends at ``end``: the same search backwards."""
    window = text[max(0, end - len(pattern) - errors) : end][::-1]
    lengths = {
        length: found
        for length, found in _errors_by_end(window, pattern[::-1], anchored=True)
        if found <= errors
    }
    return end - min(lengths, key=lambda length: (lengths[length], -length), default=len(pattern))


def _errors_by_end(text: str, pattern: str, *, anchored: bool = False) -> list[tuple[int, int]]:
    """For each end in ``text`` the fewest edits that make a stretch before it ``pattern`` (Myers 1999, bit by
    bit on one long integer). ``anchored``: only of stretches from the very start."""
    size = len(pattern)
    ones = (1 << size) - 1
    top = 1 << (size - 1)
    at: dict[str, int] = {}
    for index, letter in enumerate(pattern):
        at[letter] = at.get(letter, 0) | 1 << index
    plus, minus, score = ones, 0, size
    found = []
    for index, letter in enumerate(text):
        match = at.get(letter, 0)
        vertical = match | minus
        horizontal = (((match & plus) + plus) ^ plus) | match
        up = (minus | ~(horizontal | plus)) & ones
        down = plus & horizontal
        score += bool(up & top) - bool(down & top)
        up = (up << 1) | (1 if anchored else 0)
        down <<= 1
        plus = (down | ~(vertical | up)) & ones
        minus = up & vertical & ones
        found.append((index + 1, score))
    return found
