"""What differs between two versions of an article, by paragraphs and their words. Plain functions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import Literal

from .word_diff import Kind, Run, word_diff

_ALIKE = 0.4  # of the words of two paragraphs, for one to be the other in new words
_MOST_PAIRS = 10_000  # paragraphs that are compared with each other; more are shown as gone and come
_MOST_LINES = 3_000

Change = Literal["same", "changed", "gone", "come"]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """``runs`` are its words: without those that came the older text's, without those gone the newer's."""

    change: Change
    runs: tuple[Run, ...]

    @property
    def text(self) -> str:
        return " ".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Group:
    """Paragraphs in a row: ``is_far`` where none of them changed and no change is beside them."""

    paragraphs: tuple[Paragraph, ...]
    is_far: bool


def text_diff(old: str, new: str) -> list[Paragraph]:
    """Every paragraph of both texts in order. One that moved is gone in one place and come in another."""
    before, after = _lines(old), _lines(new)
    if max(len(before), len(after)) > _MOST_LINES:
        return list(_replaced(before, after))
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    found: list[Paragraph] = []
    for tag, first, last, low, high in matcher.get_opcodes():
        if tag == "equal":
            found += [_whole("same", Kind.SAME, line) for line in before[first:last]]
        else:
            found += _replaced(before[first:last], after[low:high])
    return found


def folded(paragraphs: Sequence[Paragraph], *, around: int = 1) -> list[Group]:
    """Groups: those with a change, each with ``around`` unchanged paragraphs beside it, and between them what
    stayed as it was."""
    near = {
        index + step
        for index, paragraph in enumerate(paragraphs)
        if paragraph.change != "same"
        for step in range(-around, around + 1)
    }
    rows = groupby(enumerate(paragraphs), key=lambda row: row[0] in near)
    return [Group(tuple(each for _index, each in group), not is_near) for is_near, group in rows]


def _lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.split("\n") if line.strip()]


def _whole(change: Change, kind: Kind, line: str) -> Paragraph:
    return Paragraph(change, (Run(kind, line),))


def _replaced(before: Sequence[str], after: Sequence[str]) -> Iterator[Paragraph]:
    """Paragraphs that stand in each other's place: those alike are one in new words, in the order of both."""
    pairs = _pairs(before, after) if len(before) * len(after) <= _MOST_PAIRS else []
    at = there = 0
    for mine, theirs in [*pairs, (len(before), len(after))]:
        yield from (_whole("gone", Kind.GONE, line) for line in before[at:mine])
        yield from (_whole("come", Kind.COME, line) for line in after[there:theirs])
        if mine < len(before):
            yield Paragraph("changed", tuple(word_diff(before[mine], after[theirs])))
        at, there = mine + 1, theirs + 1


def _pairs(before: Sequence[str], after: Sequence[str]) -> list[tuple[int, int]]:
    """Those that together are most alike, none crossing another."""
    mine, theirs = [set(line.split()) for line in before], [set(line.split()) for line in after]
    best = [[0.0] * (len(after) + 1) for _ in range(len(before) + 1)]
    for i in range(len(before) - 1, -1, -1):
        for j in range(len(after) - 1, -1, -1):
            alike = _likeness(mine[i], theirs[j])
            both = best[i + 1][j + 1] + alike if alike >= _ALIKE else 0.0
            best[i][j] = max(both, best[i + 1][j], best[i][j + 1])
    found, i, j = [], 0, 0
    while i < len(before) and j < len(after):
        if best[i][j] == best[i + 1][j]:
            i += 1
        elif best[i][j] == best[i][j + 1]:
            j += 1
        else:
            found.append((i, j))
            i, j = i + 1, j + 1
    return found


def _likeness(mine: set[str], theirs: set[str]) -> float:
    return len(mine & theirs) / max(len(mine), len(theirs), 1)
