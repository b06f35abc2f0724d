"""The words of a claim's standalone wording that are not the article's. Plain functions.

A stored change is ``{"start", "end", "was", "why"}``: code points of the wording, what the article has there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Change = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the wording. A changed one says ``was`` ("" for an addition) and ``why``."""

    text: str
    was: str = ""
    why: str = ""

    @property
    def is_changed(self) -> bool:
        return bool(self.why)


def pieces(wording: str, changes: Sequence[Change]) -> list[Piece]:
    """The whole wording in order, changed words apart. A change that overlaps an earlier one is left out."""
    return list(_pieces(wording, sorted(changes, key=lambda change: (change["start"], change["end"]))))


def _pieces(wording: str, changes: Sequence[Change]) -> Iterator[Piece]:
    position = 0
    for change in changes:
        start, end = change["start"], change["end"]
        if start < position:
            continue
        if start > position:
            yield Piece(wording[position:start])
        yield Piece(wording[start:end], str(change["was"]), str(change["why"]))
        position = end
    if position < len(wording):
        yield Piece(wording[position:])


def kept_after_edit(before: str, after: str, changes: Sequence[Change]) -> list[dict[str, Any]]:
    """The changes that still hold when a person turned ``before`` into ``after``: those outside of what was
    edited, at their new places."""
    head = _common(before, after)
    tail = min(_common(before[::-1], after[::-1]), len(before) - head, len(after) - head)
    moved = len(after) - len(before)
    kept = []
    for change in changes:
        if change["end"] <= head:
            kept.append(dict(change))
        elif change["start"] >= len(before) - tail:
            kept.append({**change, "start": change["start"] + moved, "end": change["end"] + moved})
    return kept


def _common(one: str, other: str) -> int:
    """How many code points both begin with."""
    count = 0
    for mine, theirs in zip(one, other, strict=False):
        if mine != theirs:
            break
        count += 1
    return count
