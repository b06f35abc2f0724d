"""What can become of a passage when its text changes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Fate(StrEnum):
    """What is known about a passage is carried along only where it is ``UNCHANGED`` or ``MOVED``.
    ``REWORDED`` is for a person: other words, another sentence around them, or a doubt which place it is."""

    UNCHANGED = "unchanged"
    MOVED = "moved"
    REWORDED = "reworded"
    REMOVED = "removed"


SILENT = frozenset((Fate.UNCHANGED, Fate.MOVED))


@dataclass(frozen=True, slots=True)
class Passage:
    """Code points of the old text, start inclusive, end exclusive."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Anchored:
    """Where a passage stands in the new text; ``start`` and ``end`` are None where it was removed.

    ``score`` is how well that place fits, ``runner_up`` how well the best other one does (both 0 to 1), and
    ``why`` says it in a sentence.
    """

    fate: Fate
    start: int | None
    end: int | None
    score: float
    runner_up: float
    why: str
