"""Which sentences of the old text are which of the new one, word for word."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .words import Vocabulary, Words

_MOST_TWINS = 40  # places of the same words that are compared; more are told apart by their order alone
_CLEAR = 0.4  # by so much the surroundings of one place must fit better than those of any other
_KNOWN_BY_ORDER = (
    0.5  # as many twins as before: the same turn is the same one, if its surroundings fit so well
)


@dataclass(frozen=True, slots=True)
class Window:
    """Sentences ``first`` to ``last`` of a text, inclusive."""

    first: int
    last: int

    def __len__(self) -> int:
        return self.last - self.first + 1

    def overlaps(self, other: Window) -> bool:
        return self.first <= other.last and other.first <= self.last


class Alignment:
    """``same`` maps each old sentence to the new one that it is for sure, word for word. ``anchors`` are
    those of it that kept their order and stand once in either text: between them lies a place."""

    def __init__(self, old: Words, new: Words) -> None:
        self.old, self.new = old, new
        self.vocabulary = Vocabulary(old, new)
        self._bags: dict[str, Counter[str]] = {}
        self._old_at, self._new_at = _places(old), _places(new)
        pairs = [
            (mine[0], self._new_at[key][0])
            for key, mine in self._old_at.items()
            if len(mine) == 1 == len(self._new_at.get(key, ()))
        ]
        self.anchors = dict(_in_order(sorted(pairs)))
        self.same: dict[int, int] = dict(pairs)
        self._anchored = sorted(self.anchors)
        self._pair_twins()
        self.taken = {new: old for old, new in self.same.items()}

    def with_the_words_of(self, old: int) -> Sequence[int]:
        """The new sentences that are word for word the old one."""
        return self._new_at.get(self.old.sentences[old].key, ())

    def gap(self, window: Window) -> tuple[int, int]:
        """Between which new sentences (both exclusive) the old place of a window lies."""
        before = bisect_left(self._anchored, window.first)
        after = bisect_left(self._anchored, window.last + 1)
        low = self.anchors[self._anchored[before - 1]] if before else -1
        high = self.anchors[self._anchored[after]] if after < len(self._anchored) else len(self.new.sentences)
        return low, high

    def is_in_place(self, old: Window, new: Window) -> bool:
        low, high = self.gap(old)
        return low < new.first and new.last < high

    def surroundings(self, old: Window, new: Window) -> float:
        """How much of what stands around the old window stands around the new one, 0 to 1."""
        return (self.side(old.first, new.first, -1) + self.side(old.last, new.last, 1)) / 2

    def side(self, old: int, new: int, step: int) -> float:
        """The same on one side: the next sentence, or the next but one where one came or went between."""
        mine = [self._at(self.old, old + step), self._at(self.old, old + 2 * step)]
        theirs = [self._at(self.new, new + step), self._at(self.new, new + 2 * step)]
        if mine[0] == theirs[0]:
            return 1.0
        if (theirs[1] and mine[0] == theirs[1]) or (mine[1] and mine[1] == theirs[0]):
            return 0.7
        same = 0.5 if mine[1] and mine[1] == theirs[1] else 0.0
        return max(same, 0.8 * self._likeness(mine[0], theirs[0]))

    def bag(self, key: str) -> Counter[str]:
        """The words of a sentence, counted."""
        bag = self._bags.get(key)
        if bag is None:
            bag = self._bags[key] = Counter(key.split(" ") if key else ())
        return bag

    def _likeness(self, one: str, other: str) -> float:
        """The share of words that two sentences have in common."""
        mine, theirs = self.bag(one), self.bag(other)
        both = mine.total() + theirs.total()
        return 2 * (mine & theirs).total() / both if mine and theirs else 0.0

    def _at(self, text: Words, index: int) -> str:
        return text.sentences[index].key if 0 <= index < len(text.sentences) else ""

    def _pair_twins(self) -> None:
        for key, mine in self._old_at.items():
            theirs = self._new_at.get(key, [])
            if not theirs or len(mine) == len(theirs) == 1:
                continue
            if max(len(mine), len(theirs)) > _MOST_TWINS:
                if len(mine) == len(theirs):
                    self.same.update(
                        (one, other)
                        for one, other in zip(mine, theirs, strict=True)
                        if self._fit(one, other) >= _KNOWN_BY_ORDER
                    )
                continue
            self.same.update(self._sure_pairs(mine, theirs))

    def _sure_pairs(self, mine: Sequence[int], theirs: Sequence[int]) -> Mapping[int, int]:
        """The twins of which surroundings and order leave no doubt."""
        fits = {(one, other): self._fit(one, other) for one in mine for other in theirs}
        sure: dict[int, int] = {}
        for turn, one in enumerate(mine):
            by_order = theirs[turn] if len(mine) == len(theirs) else None
            best = max(theirs, key=lambda other: (fits[one, other], other == by_order))
            fit = fits[one, best]
            rival = max(
                [fits[one, other] for other in theirs if other != best]
                + [fits[other, best] for other in mine if other != one],
                default=0.0,
            )
            if fit - rival >= _CLEAR or (best == by_order and fit >= max(rival, _KNOWN_BY_ORDER)):
                sure[one] = best
        return sure

    def _fit(self, old: int, new: int) -> float:
        one, other = Window(old, old), Window(new, new)
        return self.surroundings(one, other) * (1.0 if self.is_in_place(one, other) else 0.8)


def _places(text: Words) -> Mapping[str, list[int]]:
    found: defaultdict[str, list[int]] = defaultdict(list)
    for index, sentence in enumerate(text.sentences):
        found[sentence.key].append(index)
    return found


def _in_order(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The most pairs that rise on both sides. ``pairs`` rise on the first."""
    tails: list[int] = []  # the new place in which the best row of each length ends
    ends: list[int] = []  # and the index of that pair
    before: list[int] = []
    for index, (_old, new) in enumerate(pairs):
        length = bisect_left(tails, new)
        before.append(ends[length - 1] if length else -1)
        tails[length : length + 1] = [new]
        ends[length : length + 1] = [index]
    row, index = [], ends[-1] if ends else -1
    while index >= 0:
        row.append(pairs[index])
        index = before[index]
    return row[::-1]
