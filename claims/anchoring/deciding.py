"""What became of each passage of a text. Doubt is never resolved by a guess: it is for a person.

A place is taken silently only where the whole sentence stands word for word, in order between the sentences
around it or unmistakably elsewhere; where nobody else is said to have said it; and where whom it speaks of,
when it names nobody itself, did not change before it.
"""

from __future__ import annotations

from collections.abc import Sequence

from .aligning import Alignment, Window
from .contexts import Contexts
from .fates import Anchored, Fate, Passage
from .searching import CONTEXT_SHARE, Place, Search, located
from .words import Words, cut

METHOD = "sentences 1"
FLOOR = 0.45  # below this score nothing elsewhere in the text is the passage in other words
FLOOR_IN_PLACE = 0.32  # nor, below this, what stands in its old place
MARGIN = 0.1  # by less than this a better place is not clearly better than the next
LOOK_ALIKE = 0.6  # words alike enough to be mistaken for the passage
_SURROUNDED = 0.3  # what a sentence's surroundings must keep for it to stand where it stood
_FEWEST_WORDS = 5  # a shorter sentence is known by what stands around it alone


def reanchor(old: str, new: str, passages: Sequence[Passage]) -> list[Anchored]:
    """What became of each passage of ``old`` in ``new``, in the order of ``passages``. No two are carried to
    the same place. Raises ValueError for a passage that lies outside of the text or holds no words."""
    reader = _Reader(cut(old), cut(new))
    return [reader.fate_of(one) for one in passages]


class _Reader:
    def __init__(self, old: Words, new: Words) -> None:
        self._old, self._new = old, new
        self._alignment = Alignment(old, new)
        self._search = Search(self._alignment)
        self._contexts = Contexts(self._alignment)

    def fate_of(self, passage: Passage) -> Anchored:
        words = self._old.words_at(passage.start, passage.end)
        host = Window(*self._old.sentences_at(passage.start, passage.end))
        same = self._same(host)
        places = self._search.places(host, self._old.folded[slice(*words)], apart=same)
        if same is None:
            return self._changed(passage, host, words, places)
        surroundings = self._alignment.surroundings(host, same)
        here = Place(same, 1.0, surroundings, is_free=True)
        fate, why = self._standing(host, here, places)
        start, end = self._carried(passage, words, host, same)
        if fate is Fate.REWORDED and places and places[0].is_free and places[0].score > here.score:
            here, places = places[0], [here, *places[1:]]
            start, end = self._span(located(self._old, host, words, self._new, here.window))
        return Anchored(fate, start, end, _round(here.score), _best(places), why)

    def _same(self, host: Window) -> Window | None:
        """The new sentences that are surely the passage's, word for word and side by side."""
        first = self._alignment.same.get(host.first)
        if first is None:
            return None
        kept = all(
            self._alignment.same.get(host.first + step) == first + step for step in range(1, len(host))
        )
        return Window(first, first + len(host) - 1) if kept else None

    def _standing(self, host: Window, here: Place, others: Sequence[Place]) -> tuple[Fate, str]:
        """For a passage whose sentence stands word for word at ``here``."""
        if (doubt := self._contexts.doubt(host, here.window)) is not None:
            return Fate.REWORDED, doubt
        in_place = self._alignment.is_in_place(host, here.window)
        rivals = [one for one in others if one.is_free and one.words >= LOOK_ALIKE]
        rival = max(rivals, key=lambda one: one.surroundings, default=None)
        if rival is not None and rival.surroundings >= here.surroundings + (MARGIN if in_place else 0):
            return Fate.REWORDED, "The same words stand elsewhere, and similar ones stand in their old place."
        known = len(self._old.of(host.first, host.last)) >= _FEWEST_WORDS
        if not known and self._alignment.side(host.first, here.window.first, -1) < 1:
            return Fate.REWORDED, "The same few words stand there, but what they stand behind changed."
        if in_place and here.surroundings >= _SURROUNDED:
            return Fate.UNCHANGED, "The same words stand in the same place."
        if not in_place and self._search.is_replaced(host):
            return Fate.REWORDED, "The same words stand elsewhere, and others have taken their old place."
        if not known and here.surroundings < _SURROUNDED:
            return Fate.REWORDED, "The same few words stand elsewhere, too few to know them by."
        return Fate.MOVED, "The same words stand in another place, and nothing like them in the old one."

    def _changed(
        self, passage: Passage, host: Window, words: tuple[int, int], places: Sequence[Place]
    ) -> Anchored:
        """For a passage whose sentence stands nowhere word for word, or nobody knows which it is."""
        free = [
            place for place in places if place.is_free and not self._search.belongs_to_another(host, place)
        ]
        best = free[0] if free else None
        if best is None or best.score < self._floor(host, best):
            return Anchored(
                Fate.REMOVED, None, None, _best(free), _best(places), "Nothing in the new text is like it."
            )
        span = located(self._old, host, words, self._new, best.window)
        others = [one for one in places if not one.window.overlaps(best.window)]
        return Anchored(
            Fate.REWORDED,
            *self._span(span),
            _round(best.score),
            _best(others),
            self._how(words, span, best, others),
        )

    def _floor(self, host: Window, place: Place) -> float:
        return FLOOR_IN_PLACE if self._alignment.is_in_place(host, place.window) else FLOOR

    def _how(
        self, words: tuple[int, int], span: tuple[int, int], best: Place, others: Sequence[Place]
    ) -> str:
        same = self._old.folded[slice(*words)] == self._new.folded[slice(*span)]
        if same and others and others[0].words == 1.0 == best.words:
            return "The same words stand in several places, and which of them these are is not clear."
        if same:
            return "Its own words stand, but the sentence around them changed."
        if others and others[0].score > best.score - MARGIN:
            return "It stands in other words, and two places come into question."
        return "It stands in other words."

    def _carried(
        self, passage: Passage, words: tuple[int, int], host: Window, same: Window
    ) -> tuple[int, int]:
        """The place of the passage's very characters in the same words elsewhere."""
        step = self._new.sentences[same.first].first - self._old.sentences[host.first].first
        first, last = words[0] + step, words[1] + step
        start = self._new.starts[first] + max(0, passage.start - self._old.starts[words[0]])
        whole = start + passage.end - passage.start
        if self._new.raw[start:whole] == self._old.raw[passage.start : passage.end]:
            return start, whole
        left_out = max(0, self._old.ends[words[1] - 1] - passage.end)
        end = max(self._new.starts[last - 1] + 1, self._new.ends[last - 1] - left_out)
        return (start, end) if start < end else self._span((first, last))

    def _span(self, words: tuple[int, int]) -> tuple[int, int]:
        return self._new.starts[words[0]], self._new.ends[words[1] - 1]


def _best(places: Sequence[Place]) -> float:
    return _round(places[0].score) if places else 0.0


def _round(score: float) -> float:
    return round(score, 4)


__all__ = ["CONTEXT_SHARE", "FLOOR", "FLOOR_IN_PLACE", "LOOK_ALIKE", "MARGIN", "METHOD", "reanchor"]
