"""Whether what stands around a sentence still lets it say the same: who says it, and of whom it speaks."""

from __future__ import annotations

from collections.abc import Sequence

from .aligning import Alignment, Window
from .words import Reference, Words

_LOOK_BACK = 3  # sentences in which whoever "he" is was named
_OPENERS, _CLOSERS = "“„«", "”»"


class Contexts:
    """Reads the surroundings of the sentences of an alignment's two texts."""

    def __init__(self, alignment: Alignment) -> None:
        self._alignment = alignment
        self._old_quotations = _quotations(alignment.old)
        self._new_quotations = _quotations(alignment.new)

    def doubt(self, old: Window, new: Window) -> str | None:
        """Why the same sentences may say something else, or None."""
        if self._frame(self._alignment.old, self._old_quotations, old) != self._frame(
            self._alignment.new, self._new_quotations, new
        ):
            return "The same words stand there, but what frames the quotation changed."
        if self._meant(self._alignment.old, old.first) != self._meant(
            self._alignment.new, new.first, as_in=old.first
        ):
            return "The same words stand there, but whom they speak of may have changed."
        return None

    def _meant(self, text: Words, sentence: int, *, as_in: int | None = None) -> frozenset[str]:
        """The names before a sentence of which it speaks without naming them itself; ``as_in`` is the old
        sentence that it is."""
        old = self._alignment.old
        words = old.sentences[sentence if as_in is None else as_in]
        refers = self._alignment.vocabulary.refers_back(old.folded[words.first : words.last])
        if refers is Reference.NONE:
            return frozenset()
        for index in range(sentence - 1, max(-1, sentence - 1 - _LOOK_BACK), -1):
            if (
                refers is Reference.DEFINITE
                and text.sentences[index].paragraph != text.sentences[sentence].paragraph
            ):
                break
            if names := self._names(text, index):
                return names
        return frozenset()

    def _names(self, text: Words, sentence: int) -> frozenset[str]:
        return self._alignment.vocabulary.names(text.of(sentence, sentence))

    def _frame(self, text: Words, quotations: Sequence[Window], window: Window) -> list[str]:
        """The words outside of the marks in the other sentences of the quotation that the window is in."""
        around = {
            index
            for one in range(window.first, window.last + 1)
            for index in range(quotations[one].first, quotations[one].last + 1)
        } - set(range(window.first, window.last + 1))
        if not around:
            return []
        return _outside(text, Window(min(min(around), window.first), max(max(around), window.last)), around)


def _quotations(text: Words) -> list[Window]:
    """For each sentence the sentences of its paragraph that one quotation joins it to, itself at least."""
    joined: list[Window] = []
    begun, inside, paragraph = 0, False, -1
    for index, sentence in enumerate(text.sentences):
        if sentence.paragraph != paragraph:
            inside, paragraph = False, sentence.paragraph
        if not inside:
            begun = index
        for word in range(sentence.first, sentence.last):
            inside = _after(text, word, inside)
        joined.append(Window(begun, index))
    for index in range(len(joined) - 2, -1, -1):
        if joined[index + 1].first == joined[index].first:
            joined[index] = joined[index + 1]
    return joined


def _outside(text: Words, window: Window, wanted: set[int]) -> list[str]:
    found, inside = [], False
    for index in range(window.first, window.last + 1):
        sentence = text.sentences[index]
        for word in range(sentence.first, sentence.last):
            was = inside
            inside = _after(text, word, inside)
            if index in wanted and not was and not inside:
                found.append(text.folded[word])
    return found


def _after(text: Words, word: int, inside: bool) -> bool:
    """Whether the text is inside of a quotation after this word."""
    if text.folded[word] != '"':
        return inside
    mark = text.raw[text.starts[word]]
    if mark in _OPENERS:
        return True
    return False if mark in _CLOSERS else not inside
