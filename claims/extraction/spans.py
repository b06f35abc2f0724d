"""From the encoder's word pieces to spans of claims: exact words of one sentence, without loose marks."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from claims.extraction.encoder.runtime import Encoded

INSIDE_FROM = 0.45  # a word is inside a claim from this probability
STARTS_FROM = 0.5  # and starts another claim from this one
FEWEST_WORDS = 3
_PAIRS = {"]": "[", ")": "(", "”": "“", "»": "«"}
_OPENING = {"“": "”", "«": "»", '"': '"'}  # marks around a whole span are left out
_LOOSE = " \t\u00a0,;:–—-…\u200b\ufeff"


@dataclass(frozen=True, slots=True)
class SpanFound:
    """A span that the encoder marks as a claim: its sentence and what its words say of it (probabilities)."""

    start: int
    end: int
    sentence: int
    mean: float  # of being inside, over its words
    least: float
    words: int


@dataclass(frozen=True, slots=True)
class MarkedWord:
    """A word with the chances that a claim begins at it and that it stands inside one."""

    start: int
    end: int
    sentence: int
    begins: float
    inside: float


def claim_spans(text: str, encoded: Encoded, *, inside_from: float = INSIDE_FROM) -> list[SpanFound]:
    """The stretches of words that the encoder marks, in order; they do not overlap."""
    return spans_in(text, words_of(text, encoded), inside_from=inside_from)


def spans_in(text: str, words: Iterable[MarkedWord], *, inside_from: float = INSIDE_FROM) -> list[SpanFound]:
    """The same from words already put together."""
    found: list[SpanFound] = []
    run: list[MarkedWord] = []
    for word in words:
        apart = bool(run) and (word.sentence != run[-1].sentence or word.begins >= STARTS_FROM)
        if run and (apart or word.inside < inside_from):
            _close(text, run, found)
            run = []
        if word.inside >= inside_from:
            run.append(word)
    if run:
        _close(text, run, found)
    return found


def words_of(text: str, encoded: Encoded) -> Iterator[MarkedWord]:
    """Word pieces joined where the text has no space between them; a word has its surest piece's say."""
    start = end = -1
    sentence = -1
    begins = inside = 0.0
    for (a, b), owner, row in zip(encoded.pieces, encoded.owner, encoded.spans, strict=True):
        here = 1.0 - float(row[0])
        if a == end and owner == sentence and text[a].isalnum() and text[a - 1].isalnum():
            end, inside = b, max(inside, here)
            continue
        if start >= 0:
            yield MarkedWord(start, end, sentence, begins, inside)
        start, end, sentence = a, b, owner
        begins, inside = float(row[1]), here
    if start >= 0:
        yield MarkedWord(start, end, sentence, begins, inside)


class Measure:
    """What the encoder says of any span of an article; built once, each question looks at its words only."""

    def __init__(self, text: str, words: Sequence[MarkedWord]) -> None:
        self._words = [word for word in words if text[word.start].isalnum()]
        self._starts = [word.start for word in self._words]

    def of(self, start: int, end: int) -> SpanFound | None:
        """The span with the say of its words, or None where the encoder read none or too few of them."""
        words = self._words[bisect_left(self._starts, start) : bisect_left(self._starts, end)]
        if len(words) < FEWEST_WORDS:
            return None
        values = [word.inside for word in words]
        mean = sum(values) / len(values)
        return SpanFound(start, end, words[0].sentence, mean, min(values), len(values))


def _close(text: str, run: list[MarkedWord], found: list[SpanFound]) -> None:
    start, end = tidy(text, run[0].start, run[-1].end)
    words = [w for w in run if w.start >= start and w.end <= end and text[w.start].isalnum()]
    if len(words) < FEWEST_WORDS:
        return
    values = [w.inside for w in words]
    found.append(SpanFound(start, end, run[0].sentence, sum(values) / len(values), min(values), len(words)))


def tidy(text: str, start: int, end: int) -> tuple[int, int]:
    """Without loose marks at the edges; a bracket or mark cut off from its partner is taken in or left."""
    start, end = _trimmed(text, start, end)
    for closer, opener in _PAIRS.items():
        inside = text[start:end]
        more = inside.count(closer) - inside.count(opener)
        if more > 0 and opener in _OPENING and text[end - 1] == closer:
            end -= 1
        elif more > 0 and start and text[start - 1] == opener:
            start -= 1
        elif more > 0 and text[end - 1] == closer:
            end -= 1
        elif more < 0 and opener in _OPENING and text[start] == opener:
            start += 1
        elif more < 0 and text[end : end + 1] == closer:
            end += 1
        elif more < 0 and text[start] == opener:
            start += 1
    if text[start:end].count('"') % 2:
        if text[end - 1] == '"':
            end -= 1
        elif text[start] == '"':
            start += 1
        elif text[end : end + 1] == '"':
            end += 1
    if end - start > 2 and text[start] in _OPENING and text[end - 1] in _OPENING[text[start]]:
        inner = text[start + 1 : end - 1]
        if text[start] not in inner and text[end - 1] not in inner:
            start, end = start + 1, end - 1
    return _trimmed(text, start, end)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in _LOOSE:
        start += 1
    while end > start and (text[end - 1] in _LOOSE or _closing_stop(text, start, end)):
        end -= 1
    return start, end


def _closing_stop(text: str, start: int, end: int) -> bool:
    """Whether the last character is a sentence's full stop rather than an abbreviation's."""
    last = text[end - 1]
    if last in "!?":
        return True
    before = text[max(start, end - 3) : end - 1]
    return last == "." and before[-1:].isalnum() and "." not in before and not before[-1:].isupper()
