"""From a span of the article to the parser's words that stand for it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import TYPE_CHECKING

from claims.extraction.parsing import Parsed
from claims.extraction.quotes import Quotation

if TYPE_CHECKING:
    from spacy.tokens import Span


class Locator:
    """Finds words by position; built once an article, each question takes logarithmic time."""

    def __init__(self, parsed: Sequence[Parsed], quotations: Sequence[Quotation]) -> None:
        self._prose = sorted((p for p in parsed if p.within is None and p.positions), key=_first)
        self._prose_starts = [_first(p) for p in self._prose]
        inside = sorted((p for p in parsed if p.within is not None and p.positions), key=_first)
        self._inside = inside
        self._inside_starts = [_first(p) for p in inside]
        self._quotations = quotations

    def piece_at(self, start: int, end: int) -> Parsed | None:
        """The parse that reads [start, end): of a whole quotation's inside, or of the prose around."""
        for pieces, starts in ((self._inside, self._inside_starts), (self._prose, self._prose_starts)):
            at = bisect_right(starts, start + 2) - 1
            if at >= 0:
                middle = (start + end) // 2
                last = pieces[at].positions[-1]
                if starts[at] <= middle <= last and (pieces is self._prose or end <= last + 3):
                    return pieces[at]
        return None

    def words(self, start: int, end: int) -> tuple[Parsed, Span] | None:
        """The parse and its words between two positions, or None where the parser read nothing there."""
        piece = self.piece_at(start, end)
        if piece is None:
            return None
        low = bisect_left(piece.positions, start)
        high = bisect_left(piece.positions, end)
        if low >= high:
            return None
        found = piece.doc.char_span(low, high, alignment_mode="contract")
        if found is None or not len(found):
            found = piece.doc.char_span(low, high, alignment_mode="expand")
        return (piece, found) if found is not None and len(found) else None


def _first(piece: Parsed) -> int:
    return piece.positions[0]
