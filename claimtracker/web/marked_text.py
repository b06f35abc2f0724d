"""An article's text cut into blocks and, where claims are marked, into segments. Plain functions.

Spans may overlap or nest; a segment names every span that covers it, the outermost first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any


@dataclass(frozen=True, slots=True)
class Span:
    """A marked stretch of the body in code points. ``key`` names it in the page, ``tone`` is how it looks.
    ``card`` is the key of the card that it leads to, where several places lead to one."""

    start: int
    end: int
    key: int | str
    tone: str
    label: str
    card: int | str = ""

    @property
    def leads_to(self) -> int | str:
        return self.card or self.key


@dataclass(frozen=True, slots=True)
class Segment:
    """Text with the spans that cover all of it, the innermost last; ``opening``: those shown here first."""

    text: str
    spans: tuple[Span, ...]
    opening: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class TextBlock:
    kind: str
    start: int
    end: int
    segments: tuple[Segment, ...]

    @property
    def text(self) -> str:
        return "".join(segment.text for segment in self.segments)


def marked_blocks(body: str, blocks: Sequence[Mapping[str, Any]], spans: Iterable[Span]) -> list[TextBlock]:
    """The whole visible text by blocks, with ``spans`` marked. Text outside every block is a paragraph."""
    # the longer one encloses, so it comes first; of two that cross, the one that began earlier
    ordered = sorted(spans, key=lambda span: (span.start - span.end, span.start, str(span.key)))
    shown: set[int | str] = set()
    marked = []
    for kind, start, end in _covering(body, blocks):
        inside = [span for span in ordered if span.start < end and span.end > start]
        marked.append(TextBlock(kind, start, end, tuple(_segments(body, start, end, inside, shown))))
    return marked


def _segments(
    body: str, start: int, end: int, spans: Sequence[Span], shown: set[int | str]
) -> Iterator[Segment]:
    cuts = {start, end}
    for span in spans:
        cuts.update(cut for cut in (span.start, span.end) if start < cut < end)
    edges = sorted(cuts)
    for left, right in pairwise(edges):
        covering = tuple(span for span in spans if span.start <= left and span.end >= right)
        opening = tuple(span for span in covering if span.key not in shown)
        shown.update(span.key for span in opening)
        yield Segment(body[left:right], covering, opening)


def _covering(body: str, blocks: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, int, int]]:
    """The known blocks in order, and as paragraphs the lines that none of them covers."""
    position = 0
    for block in sorted(blocks, key=lambda block: int(block["start"])):
        start, end = max(int(block["start"]), position), min(int(block["end"]), len(body))
        if end <= start:
            continue
        yield from _stray_lines(body, position, start)
        yield str(block["kind"]), start, end
        position = end
    yield from _stray_lines(body, position, len(body))


def _stray_lines(body: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    position = start
    for line in body[start:end].split("\n"):
        text = line.strip("\ufeff\u200b \t\r\f\v\u00a0\u2028\u2029")
        if text:
            first = position + line.index(text)
            yield "paragraph", first, first + len(text)
        position += len(line) + 1


def find_quote(body: str, quote: str) -> list[tuple[int, int]]:
    """Every place where ``quote`` stands in ``body``: as typed, else with any white space for a space."""
    words = quote.split()
    if not words:
        return []
    exact = quote.strip()
    places = list(_occurrences(body, exact))
    if places or len(words) == 1:
        return places
    return list(_loose_occurrences(body, words))


def _occurrences(body: str, quote: str) -> Iterator[tuple[int, int]]:
    at = body.find(quote)
    while at >= 0:
        yield at, at + len(quote)
        at = body.find(quote, at + 1)


def _loose_occurrences(body: str, words: Sequence[str]) -> Iterator[tuple[int, int]]:
    at = body.find(words[0])
    while at >= 0:
        end = at + len(words[0])
        for word in words[1:]:
            start = _after_space(body, end)
            if start == end or not body.startswith(word, start):
                break
            end = start + len(word)
        else:
            yield at, end
        at = body.find(words[0], at + 1)


def _after_space(body: str, position: int) -> int:
    while position < len(body) and body[position].isspace():
        position += 1
    return position
