"""The languages that articles are read in: one module each, behind one interface.

A second language is one module with a class that fits LanguageReader, and one `register` call. Detection,
refusal and reading then take it in; nothing else in the extractor asks which language it is.
"""

from __future__ import annotations

from claims.extraction.languages.english import EnglishReader
from claims.extraction.languages.interface import LanguageReader, Lexicon

__all__ = ["DEFAULT", "LanguageReader", "Lexicon", "reader_of", "readers", "register", "unregister"]

DEFAULT = "en"  # what a few words in its letters are taken for
_readers: dict[str, LanguageReader] = {}


def register(reader: LanguageReader) -> None:
    """Let articles in this language be read. Raises ValueError for a code that is taken or is no code."""
    if not (2 <= len(reader.code) <= 3 and reader.code.isalpha() and reader.code.islower()):
        raise ValueError(
            f"“{reader.code}” is no language code. Give two or three small letters, such as “fr”."
        )
    if reader.code in _readers:
        raise ValueError(
            f"“{reader.code}” is read by {_readers[reader.code].name} already. Unregister it first."
        )
    _readers[reader.code] = reader


def unregister(code: str) -> None:
    """Stop reading a language. Raises ValueError for English, and KeyError for one that is not registered."""
    if code == DEFAULT:
        raise ValueError(
            "English is the language that short texts are taken for; it always stays registered."
        )
    del _readers[code]


def readers() -> tuple[LanguageReader, ...]:
    """Every registered language, English first."""
    return tuple(_readers.values())


def reader_of(code: str) -> LanguageReader:
    """The reader of a language. Raises KeyError for one that is not registered."""
    return _readers[code]


register(EnglishReader())
