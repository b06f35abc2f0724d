"""What a language must provide to be read."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from claims.extraction.model import Block, Extraction


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The word lists that finding claims starts from; lower case."""

    everyday_words: frozenset[str]  # articles, pronouns, prepositions: they give the language away
    speech_verbs: frozenset[str]  # lemmas that put words into somebody's mouth as fact
    role_nouns: frozenset[str]  # offices and trades people are called by
    honorifics: frozenset[str]
    months: frozenset[str]
    weekdays: frozenset[str]
    number_words: frozenset[str]


class LanguageReader(Protocol):
    """One language. Its methods are deterministic and ask no network."""

    @property
    def code(self) -> str:
        """Its ISO 639-1 code: "en"."""
        ...

    @property
    def name(self) -> str:
        """What it is called in English."""
        ...

    @property
    def script(self) -> str:
        """How Unicode names the letters it is written in: "LATIN", "CYRILLIC"."""
        ...

    @property
    def pipeline(self) -> str:
        """The package of the spaCy pipeline that parses it; "" where its reader needs none."""
        ...

    @property
    def lexicon(self) -> Lexicon: ...

    def likeness(self, words: Sequence[str]) -> float:
        """How much lower-case words look like this language, from 0 to 1; 0.3 and more settles it."""
        ...

    def sentences(self, text: str, start: int, end: int) -> list[tuple[int, int]]:
        """The sentences of text[start:end], in order and without outer space."""
        ...

    def read(
        self, text: str, blocks: Sequence[Block], *, published: datetime.date | None = None
    ) -> Extraction:
        """The claims of an article in this language."""
        ...
