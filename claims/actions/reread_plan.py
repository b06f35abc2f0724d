"""What a newer reading means for the claims that are there. Plain: spans in, a plan out.

Which words count as the same: a claim that nobody touched is the found one when the two share at least half
of the longer one's code points, the best pairs first. Words that people decided on (dismissed ones too) are
not offered again: a found span is theirs when it is the best partner of one of theirs by the same rule, or
when at least half of it lies inside of theirs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ..extraction import ExtractedClaim


@dataclass(frozen=True, slots=True)
class Standing:
    """An appearance that is there. ``kept``: people decided on its claim, or something rests on it."""

    key: int
    start: int
    end: int
    kept: bool


@dataclass(slots=True)
class Plan:
    """``refreshed``: key → what was found in its place. ``kept`` and ``gone`` are keys."""

    refreshed: dict[int, ExtractedClaim] = field(default_factory=dict)
    kept: list[int] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)
    new: list[ExtractedClaim] = field(default_factory=list)


def plan_rereading(standing: Sequence[Standing], found: Sequence[ExtractedClaim]) -> Plan:
    """Each found claim goes to one place only; each claim that nobody touched takes at most one of them."""
    plan = Plan(kept=[one.key for one in standing if one.kept])
    settled: set[int] = set()  # positions in ``found``
    for one, number in _pairs(standing, found):
        if number in settled or one.key in plan.refreshed:
            continue
        settled.add(number)
        if not one.kept:
            plan.refreshed[one.key] = found[number]
    theirs = _Cover([one for one in standing if one.kept])
    plan.new = [
        item
        for number, item in enumerate(found)
        if number not in settled and theirs.of(item.start, item.end) * 2 < item.end - item.start
    ]
    plan.gone = [one.key for one in standing if not one.kept and one.key not in plan.refreshed]
    return plan


def _pairs(standing: Sequence[Standing], found: Sequence[ExtractedClaim]) -> list[tuple[Standing, int]]:
    """Those that share half of the longer one, the closest first; of equal ones what people decided on."""
    close = []
    for one, number, shared in _overlaps(standing, found):
        item = found[number]
        together = max(one.end, item.end) - min(one.start, item.start)
        if shared * 2 >= max(one.end - one.start, item.end - item.start):
            close.append((-shared / together, not one.kept, item.start, one.key, one, number))
    close.sort(key=lambda entry: entry[:4])
    return [(one, number) for *_, one, number in close]


def _overlaps(
    standing: Sequence[Standing], found: Sequence[ExtractedClaim]
) -> Iterator[tuple[Standing, int, int]]:
    """Every standing and found span that share code points, and how many; a sweep from left to right."""
    waiting = sorted(range(len(found)), key=lambda number: found[number].start)
    active: list[int] = []
    at = 0
    for one in sorted(standing, key=lambda one: one.start):
        while at < len(waiting) and found[waiting[at]].start < one.end:
            active.append(waiting[at])
            at += 1
        active = [number for number in active if found[number].end > one.start]
        for number in active:
            shared = min(one.end, found[number].end) - max(one.start, found[number].start)
            if shared > 0:
                yield one, number, shared


class _Cover:
    """How much of a span lies inside of these, together."""

    def __init__(self, spans: Sequence[Standing]) -> None:
        self._spans = sorted((one.start, one.end) for one in spans)

    def of(self, start: int, end: int) -> int:
        covered, at = 0, start
        for left, right in self._spans:
            covered += max(0, min(end, right) - max(at, left))
            at = max(at, min(end, right))
        return covered
