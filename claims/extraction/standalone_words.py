"""The parsed words of an article by their place in it, whichever parse they are from."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from claims.extraction.parsing import Parsed

if TYPE_CHECKING:
    from spacy.tokens import Token

_FINITE = ("VBD", "VBZ", "VBP", "MD")


@dataclass(frozen=True, slots=True)
class Word:
    """A token and where it stands in the article; `sentence` counts the reporter's sentences."""

    start: int
    end: int
    token: Token
    parsed: Parsed
    sentence: int


class Words:
    """All words in the order of the article; those that stand in for a quotation are left out."""

    def __init__(self, parsed: Iterable[Parsed]) -> None:
        self.all: list[Word] = []
        self.docs: dict[int, Parsed] = {}
        sentence = 0
        starts: list[tuple[int, int]] = []
        for piece in parsed:
            self.docs[id(piece.doc)] = piece
            for part in piece.sentences():
                if piece.within is None:
                    sentence += 1
                    number = sentence
                    starts.append((piece.start_of(part[0]), sentence))
                else:
                    found = bisect_left(starts, (piece.start_of(part[0]), 0))
                    number = starts[found - 1][1] if found else 0
                self.all.extend(_words_of(piece, part, number))
        self.all.sort(key=lambda word: (word.start, word.end))
        self._starts = [word.start for word in self.all]

    def between(self, start: int, end: int) -> Sequence[Word]:
        """The words whose first character is in text[start:end]."""
        return self.all[bisect_left(self._starts, start) : bisect_left(self._starts, end)]


def _words_of(piece: Parsed, tokens: Iterable[Token], sentence: int) -> Iterable[Word]:
    for token in tokens:
        if token.is_space:
            continue
        start, end = piece.bounds(token, token)
        stands_in = len(token.text) > 1 and piece.positions[token.idx] == piece.positions[token.idx + 1]
        if not stands_in:
            yield Word(start, end, token, piece, sentence)


def finite_verb(verb: Token) -> Token | None:
    """The word of a verb group that carries tense and number: "has" of "has fallen"."""
    auxiliary = next((c for c in verb.children if c.dep_ in ("aux", "auxpass") and c.tag_ in _FINITE), None)
    return auxiliary or (verb if verb.tag_ in _FINITE else None)
