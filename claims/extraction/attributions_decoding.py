"""From the encoder's answers to acts of attribution: which words, whose, and by which cue."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from claims.extraction.encoder.runtime import Encoded

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Span = tuple[int, int]

CONTENT, SOURCE, CUE = 1, 2, 3  # a role's tags are 2 * role - 1 where it begins and 2 * role inside
_LITTLE = 1e-6
_HOLDS = 0.5  # share of a quotation that must be content for all of it to be
_FILLER = frozenset(" \t\u00a0\r\n,;:—–-\"“”'‘’`.…")


@dataclass(slots=True)
class Stretch:
    """Word pieces in a row with one role; `first` and `last` are their numbers, `start` and `end` places."""

    role: int
    first: int
    last: int
    start: int
    end: int
    sure: float  # mean probability of the role over the pieces
    passage: int
    cue: int | None = None  # index of the cue stretch that governs it
    link: float = 0.0  # mean probability of that link over the pieces


@dataclass(slots=True)
class Act:
    """One act of attribution before its source is known by name."""

    content: list[Span]
    source: Span | None
    cue: Span | None
    score: float
    members: list[Stretch] = field(default_factory=list)


def decode(text: str, encoded: Encoded) -> list[Act]:
    """The acts of attribution that the encoder sees, ordered by where their contents begin."""
    stretches = list(_stretches(text, encoded))
    _link(stretches, encoded)
    return _acts(stretches)


def best_tags(tags: NDArray[np.float32]) -> list[int]:
    """The likeliest row of tags in which no stretch goes on that did not begin."""
    import numpy as np

    logs = np.log(np.maximum(tags, _LITTLE)).tolist()
    scores = [0.0, *[-math.inf] * (len(logs[0]) - 1)] if logs else []
    back: list[list[int]] = []
    for row in logs:
        top = max(range(len(scores)), key=scores.__getitem__)
        came = [top] * len(row)
        fresh = [0.0] * len(row)
        for tag, value in enumerate(row):
            if tag and tag % 2 == 0:
                came[tag] = tag if scores[tag] > scores[tag - 1] else tag - 1
            fresh[tag] = scores[came[tag]] + value
        back.append(came)
        scores = fresh
    found: list[int] = []
    tag = max(range(len(scores)), key=scores.__getitem__) if scores else 0
    for came in reversed(back):
        found.append(tag)
        tag = came[tag]
    return found[::-1]


def _stretches(text: str, encoded: Encoded) -> Iterator[Stretch]:
    for number, (first, square) in enumerate(encoded.links):
        tags = encoded.tags[first : first + len(square)]
        row = best_tags(tags)
        masses = tags[:, 1::2] + tags[:, 2::2]
        at = 0
        while at < len(row):
            if row[at] == 0:
                at += 1
                continue
            end = at + 1
            while end < len(row) and row[end] and row[end] % 2 == 0:
                end += 1
            role = (row[at] + 1) // 2
            places = encoded.pieces[first + at][0], encoded.pieces[first + end - 1][1]
            start, stop = _whole_words(text, *places)
            sure = float(masses[at:end, role - 1].mean())
            yield Stretch(role, first + at, first + end - 1, start, stop, sure, number)
            at = end


def _whole_words(text: str, start: int, end: int) -> Span:
    while start > 0 and text[start].isalnum() and text[start - 1].isalnum():
        start -= 1
    while end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    return start, end


def _link(stretches: Sequence[Stretch], encoded: Encoded) -> None:
    """Give every content and source of a passage the cue there that governs it best."""
    cues: dict[int, list[int]] = {}
    for index, stretch in enumerate(stretches):
        if stretch.role == CUE:
            cues.setdefault(stretch.passage, []).append(index)
    for stretch in stretches:
        there = cues.get(stretch.passage, [])
        if stretch.role == CUE or not there:
            continue
        first, square = encoded.links[stretch.passage]
        columns = [stretches[i].first - first for i in there]
        rows = square[stretch.first - first : stretch.last - first + 1]
        chosen, sure = _governor(rows, columns)
        stretch.cue, stretch.link = there[chosen], sure


def _governor(rows: NDArray[np.float32], columns: list[int]) -> tuple[int, float]:
    """Which of the columns the rows point to, and how surely against the other columns."""
    import numpy as np

    logits = rows[:, columns]
    logits = logits - logits.max(1, keepdims=True)
    shares = np.exp(logits)
    shares /= shares.sum(1, keepdims=True)
    means = np.log(np.maximum(shares, _LITTLE)).mean(0)
    best = int(means.argmax())
    return best, float(shares[:, best].mean())


def _acts(stretches: Sequence[Stretch]) -> list[Act]:
    by_cue: dict[int, Act] = {}
    orphans: list[Act] = []
    sources: dict[int, list[Stretch]] = {}
    for stretch in stretches:
        if stretch.role == CONTENT and stretch.cue is None:
            orphans.append(Act([(stretch.start, stretch.end)], None, None, stretch.sure, [stretch]))
        elif stretch.role == CONTENT and stretch.cue is not None:
            cue = stretches[stretch.cue]
            act = by_cue.setdefault(stretch.cue, Act([], None, (cue.start, cue.end), 0.0))
            act.content.append((stretch.start, stretch.end))
            act.members.append(stretch)
        elif stretch.role == SOURCE and stretch.cue is not None:
            sources.setdefault(stretch.cue, []).append(stretch)
    for index, act in by_cue.items():
        if index in sources:
            best = max(sources[index], key=lambda s: s.sure * s.link)
            act.source = best.start, best.end
        act.score = _sureness(act, stretches[index])
    return sorted((*by_cue.values(), *orphans), key=lambda act: act.content[0])


def _sureness(act: Act, cue: Stretch) -> float:
    total = sum(m.last - m.first + 1 for m in act.members)
    content = sum(m.sure * (m.last - m.first + 1) for m in act.members) / total
    return content * cue.sure
