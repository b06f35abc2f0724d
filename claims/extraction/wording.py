"""A claim's words as a sentence, with every word marked that the article has not at that place."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from claims.extraction.model import ChangeReason, WordingChange

_SPACE = re.compile(r"\s")
_LOOSE_START = re.compile(r"^[\s,;:–—-]+")
_LOOSE_END = re.compile(r"[\s,;:–—-]+$")
_JOINED_NAME = re.compile(r"(?<=-)\] ")  # "[Bashar al-] Assad" is one name
_COMMA_AT_END = re.compile(r",(?=[”\"’']+$)")
_BRACKETS = re.compile(r"[\[\]]")
_PAIRS = (("“", "”"), ("«", "»"), ('"', '"'), ("(", ")"))


@dataclass(frozen=True, slots=True)
class Edit:
    """New words for text[start:end] of the article; an addition where start == end."""

    start: int
    end: int
    new: str
    why: ChangeReason


@dataclass(frozen=True, slots=True)
class Wording:
    """A sentence that stands by itself. A change with start == end leaves out the words that `was` holds.

    Capital and full stop of the sentence are not marked.
    """

    text: str
    changes: tuple[WordingChange, ...]


def tidied(quote: str) -> str:
    """The quote on one line, without unpaired marks or an editor's brackets; otherwise as it stands."""
    return _rendered(quote, kept_positions(quote))


def standalone(quote: str) -> str:
    """The quote tidied, with a capital first letter and a full stop."""
    return _punctuated(tidied(quote))


def original(wording: Wording) -> str:
    """The wording with its changes undone: the tidied quote, but for the sentence's capital and full stop."""
    words = wording.text
    for change in reversed(wording.changes):
        words = words[: change.start] + change.was + words[change.end :]
    return words


def compose(text: str, span: tuple[int, int], edits: Iterable[Edit], *, sentence: bool) -> Wording:
    """text[span] with the edits made; of edits that overlap, the first counts."""
    start, end = span
    quote = text[start:end]
    kept = kept_positions(quote)
    parts: list[str] = []
    changes: list[WordingChange] = []
    at = length = 0
    for edit in _apart(edits, start, end):
        low = bisect_left(kept, edit.start - start)
        high = max(low, bisect_left(kept, edit.end - start))
        before, was = _rendered(quote, kept[at:low]), _rendered(quote, kept[low:high])
        parts.append(before)
        length += len(before)
        at = high
        parts.append(edit.new)
        if edit.new != was:
            changes.append(WordingChange(length, length + len(edit.new), was, edit.why))
        length += len(edit.new)
    parts.append(_rendered(quote, kept[at:]))
    words = "".join(parts)
    return Wording(_punctuated(words) if sentence else words, tuple(changes))


def kept_positions(quote: str) -> list[int]:
    """Which of the quote's characters its tidied form has; a run of spaces keeps its first."""
    kept = [i for i, char in enumerate(quote) if not (char.isspace() and (i == 0 or quote[i - 1].isspace()))]
    for pattern in (_LOOSE_START, _LOOSE_END, _COMMA_AT_END, _JOINED_NAME, _BRACKETS):
        kept = _without(quote, kept, pattern)
    for left, right in _PAIRS:
        if left not in quote and right not in quote:
            continue
        words = _rendered(quote, kept)
        odd = words.count(left) % 2 if left == right else words.count(left) != words.count(right)
        if odd:
            kept = [i for i in kept if quote[i] not in (left, right)]
    for pattern in (_LOOSE_START, _LOOSE_END):
        kept = _without(quote, kept, pattern)
    return kept or [i for i, char in enumerate(quote) if not char.isspace()]


def _without(quote: str, kept: list[int], pattern: re.Pattern[str]) -> list[int]:
    gone = {i for found in pattern.finditer(_rendered(quote, kept)) for i in range(*found.span())}
    return [position for i, position in enumerate(kept) if i not in gone] if gone else kept


def _rendered(quote: str, kept: Sequence[int]) -> str:
    if kept and kept[-1] - kept[0] == len(kept) - 1:
        shown = quote[kept[0] : kept[-1] + 1]
    else:
        shown = "".join([quote[i] for i in kept])
    return _SPACE.sub(" ", shown)


def _apart(edits: Iterable[Edit], start: int, end: int) -> list[Edit]:
    """The edits inside the span, in order, without those that reach into one before them."""
    apart: list[Edit] = []
    for edit in sorted(set(edits), key=lambda e: (e.start, e.end, e.new)):
        if start <= edit.start <= edit.end <= end and (not apart or edit.start >= apart[-1].end):
            apart.append(edit)
    return apart


def _punctuated(words: str) -> str:
    capital = words[:1].upper()
    words = capital + words[1:] if len(capital) == 1 else words
    return (
        words if words[-1:] in (".", "!", "?", "…") or words[-2:] in ('."', ".”", '?"', "?”") else words + "."
    )
