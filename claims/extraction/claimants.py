"""Whose statement a span is, from the attributions of its article."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from claims.extraction.attributions import AttributionRelation
from claims.extraction.model import Attribution
from claims.extraction.quotes import Quotation
from claims.extraction.speakers import Speaker

Span = tuple[int, int]

_COVERS = 0.6  # of the span's characters must be what somebody said
_LONGEST = 20_000  # characters; no attribution's piece is looked for further back


@dataclass(frozen=True, slots=True)
class Voice:
    """Whose words a span is; `speaker` is None for the reporter's own voice."""

    speaker: Speaker | None
    attribution: Attribution
    cue: str


class Claimants:
    """The voices of one article's spans; built once, each question looks only at what stands near."""

    def __init__(self, relations: Sequence[AttributionRelation], quotations: Sequence[Quotation]) -> None:
        rows = sorted((start, end, i) for i, r in enumerate(relations) for start, end in r.content)
        self._relations = relations
        self._rows = rows
        self._starts = [row[0] for row in rows]
        self._marked = sorted((q.outer_start, q.outer_end) for q in quotations)
        self._marked_starts = [start for start, _ in self._marked]

    def of(self, start: int, end: int) -> Voice:
        """The innermost attribution that holds most of text[start:end]."""
        shared: dict[int, int] = {}
        sizes: dict[int, int] = {}
        for at in range(bisect_right(self._starts, end) - 1, -1, -1):
            a, b, i = self._rows[at]
            if start - a > _LONGEST:
                break
            common = min(b, end) - max(a, start)
            if common > 0:
                shared[i] = shared.get(i, 0) + common
                sizes[i] = sum(y - x for x, y in self._relations[i].content)
        holding = [i for i, common in shared.items() if common >= _COVERS * (end - start)]
        if not holding:
            return Voice(None, "author", "")
        relation = self._relations[min(holding, key=lambda i: (sizes[i], i))]
        if relation.speaker is None:
            return Voice(None, "author", "")
        quoted = 2 * self._inside_marks(start, end) > end - start
        return Voice(relation.speaker, "quoted" if quoted else "reported", relation.cue_words)

    def _inside_marks(self, start: int, end: int) -> int:
        inside = 0
        for at in range(bisect_right(self._marked_starts, end) - 1, -1, -1):
            a, b = self._marked[at]
            if start - a > _LONGEST:
                break
            inside += max(0, min(b, end) - max(a, start))
        return min(inside, end - start)
