"""Where in a new text a passage may stand whose sentence is not there word for word."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from .aligning import Alignment, Window
from .words import Words

CONTEXT_SHARE = 0.25  # of a score is how well the surroundings fit; the rest is how well the words do
_RAREST = 8  # words by which a sentence is looked for
_MOST_PLACES = 30  # sentences of one word; a word of more does not tell where to look
_LOOKED_AT = 6  # sentences that share the most
_NEAR = 12  # sentences of its old place that are looked at whatever they share
_OF_ANOTHER = 0.1  # so much better another old sentence must fit for a place to be that one's
_ITS_OWN = 0.35  # and so little of what sets the passage apart from it may stand there


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of the new text and how well it fits. ``is_free``: it is no other old sentence."""

    window: Window
    words: float
    surroundings: float
    is_free: bool

    @property
    def score(self) -> float:
        return (1 - CONTEXT_SHARE) * self.words + CONTEXT_SHARE * self.surroundings


class Search:
    """Looks for passages of one old text in one new text."""

    def __init__(self, alignment: Alignment) -> None:
        self._alignment = alignment
        self._old, self._new = alignment.old, alignment.new
        self._new_with = _index(self._new, range(len(self._new.sentences)))
        changed = [one for one in range(len(self._old.sentences)) if one not in alignment.same]
        self._changed_with = _index(self._old, changed)

    def places(self, host: Window, passage: Sequence[str], *, apart: Window | None) -> list[Place]:
        """Where the passage, whose sentences are ``host``, may stand, best first; not in ``apart``."""
        own = {
            self._alignment.same[one]
            for one in range(host.first, host.last + 1)
            if one in self._alignment.same
        }
        found: dict[Window, Place] = {}
        sizes = {len(host)} if apart else {len(host), len(host) + 1, max(1, len(host) - 1)}
        for window in self._windows(host, sizes, own):
            if window not in found and not (apart and window.overlaps(apart)):
                found[window] = self._place(host, passage, window, own)
        return sorted(found.values(), key=lambda place: (-place.score, place.window.first, len(place.window)))

    def belongs_to_another(self, host: Window, place: Place) -> bool:
        """Whether the place is what became of another old sentence, with nothing of the passage's own."""
        there = self._words(self._new, place.window)
        mine = self._words(self._old, host)
        mine_fits = self._likeness(mine, there)
        for other, _shared in self._alike(there, self._changed_with):
            if host.first <= other <= host.last:
                continue
            theirs = self._words(self._old, Window(other, other))
            if self._likeness(theirs, there) < mine_fits + _OF_ANOTHER:
                continue
            own = mine - theirs
            if self._weight(own & there) < _ITS_OWN * self._weight(own):
                return True
        return False

    def is_replaced(self, host: Window) -> bool:
        """Whether between what stood around the host there now stands something new."""
        low, high = self._alignment.gap(host)
        apart = high - low - 1
        return 0 < apart <= _NEAR and any(
            one not in self._alignment.taken
            and (
                self._alignment.side(host.first, one, -1) == 1.0
                or self._alignment.side(host.last, one, 1) == 1.0
            )
            for one in range(low + 1, high)
        )

    def _windows(self, host: Window, sizes: Collection[int], own: set[int]) -> Iterator[Window]:
        low, high = self._alignment.gap(host)
        near = range(low + 1, min(high, low + 1 + _NEAR)) if high - low > 1 else ()
        alike = [one for one, _shared in self._alike(self._words(self._old, host), self._new_with)]
        last = len(self._new.sentences) - 1
        for seed in dict.fromkeys([*alike, *near]):
            for size in sizes:
                for first in range(max(0, seed - size + 1), min(seed, last - size + 1) + 1):
                    window = Window(first, first + size - 1)
                    if len(window) == 1 or self._is_free(window, own):
                        yield window

    def _place(self, host: Window, passage: Sequence[str], window: Window, own: set[int]) -> Place:
        there = self._words(self._new, window)
        mine = Counter(passage)
        held = self._weight(mine & there) / (self._weight(mine) or 1)
        return Place(
            window=window,
            words=(held + self._likeness(self._words(self._old, host), there)) / 2,
            surroundings=self._alignment.surroundings(host, window),
            is_free=self._is_free(window, own),
        )

    def _is_free(self, window: Window, own: set[int]) -> bool:
        return all(
            one in own or one not in self._alignment.taken for one in range(window.first, window.last + 1)
        )

    def _alike(self, words: Counter[str], index: dict[str, list[int]]) -> list[tuple[int, float]]:
        """Sentences that share the most of the rarest of these words."""
        known = [(self._alignment.vocabulary.weight(word), word) for word in words if word in index]
        shared: defaultdict[int, float] = defaultdict(float)
        for weight, word in sorted(known, reverse=True)[:_RAREST]:
            if len(index[word]) <= _MOST_PLACES:
                for one in index[word]:
                    shared[one] += weight
        return sorted(shared.items(), key=lambda item: (-item[1], item[0]))[:_LOOKED_AT]

    def _likeness(self, mine: Counter[str], theirs: Counter[str]) -> float:
        both = self._weight(mine) + self._weight(theirs)
        return 2 * self._weight(mine & theirs) / both if both else 0.0

    def _weight(self, words: Counter[str]) -> float:
        return self._alignment.vocabulary.weigh(words)

    def _words(self, text: Words, window: Window) -> Counter[str]:
        if len(window) == 1:
            return self._alignment.bag(text.sentences[window.first].key)
        return Counter(text.of(window.first, window.last))


def located(
    old: Words, host: Window, passage: tuple[int, int], new: Words, window: Window
) -> tuple[int, int]:
    """The words of the new window that stand where the passage stood in its sentences."""
    base, there = old.sentences[host.first].first, new.sentences[window.first].first
    mine, theirs = old.of(host.first, host.last), new.of(window.first, window.last)
    first, last = passage[0] - base, passage[1] - base
    start, end = 0, len(theirs)
    for block in SequenceMatcher(None, mine, theirs, autojunk=False).get_matching_blocks():
        if not block.size:
            continue
        if block.a <= first:
            within = min(first - block.a, block.size)
            start = block.b + within
        if block.a + block.size >= last:
            end = block.b + max(0, last - block.a)
            break
    if start >= end:
        start, end = 0, len(theirs)
    return there + start, there + end


def _index(text: Words, sentences: Iterable[int]) -> dict[str, list[int]]:
    found: defaultdict[str, list[int]] = defaultdict(list)
    for index in sentences:
        one = text.sentences[index]
        for word in set(text.folded[one.first : one.last]):
            if word[0].isalnum():
                found[word].append(index)
    return dict(found)
