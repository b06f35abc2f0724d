"""A claim's words as a short sentence of their own, with nothing added but a capital and a full stop."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from claims.extraction.fragments import is_sentence, relative_pronoun, shared_subject
from claims.extraction.parsing import Parsed
from claims.extraction.speakers import noun_phrase
from claims.extraction.splitting import Piece

if TYPE_CHECKING:
    from spacy.tokens import Token

_SPACE = re.compile(r"\s+")
_LOOSE_MARKS = re.compile(r"^[\s,;:–—-]+|[\s,;:–—-]+$")
_JOINED_NAME = re.compile(r"-\] ")  # "[Bashar al-] Assad" is one name
_LONGEST_SUBJECT = 8  # tokens


def tidied(quote: str) -> str:
    """The quote on one line, without unpaired marks or an editor's brackets; otherwise as it stands."""
    words = _SPACE.sub(" ", quote).strip()
    words = _LOOSE_MARKS.sub("", words)
    words = _JOINED_NAME.sub("-", words).replace("[", "").replace("]", "")
    for left, right in (("“", "”"), ("«", "»"), ('"', '"'), ("(", ")")):
        words = _unpaired_removed(words, left, right)
    return words.strip() or _SPACE.sub(" ", quote).strip()


def standalone(quote: str) -> str:
    """The quote tidied, with a capital first letter and a full stop."""
    words = tidied(quote)
    words = words[:1].upper() + words[1:]
    return words if words[-1:] in ".!?…" else words + "."


def worded(text: str, piece: Piece, parsed: Parsed, start: int, end: int) -> str:
    """The claim as a sentence: a clause that shares its subject gets it back, in the article's own words.

    What cannot be made a sentence stays as it is quoted, without capital or full stop.
    """
    pronoun = relative_pronoun(piece)
    if pronoun is not None and piece.subject is not None:
        thing = text[parsed.start_of(piece.first) : parsed.end_of(piece.subject)]
        return standalone(f"{thing} {text[parsed.end_of(pronoun) : end].strip()}")
    subject = shared_subject(piece)
    if subject is not None:
        first, last = noun_phrase(subject)
        if last.i < piece.first.i and last.i - first.i < _LONGEST_SUBJECT:
            words = text[slice(*parsed.bounds(first, last))]
            if piece.role == "conj":
                return standalone(f"{words} {text[start:end]}")
            return tidied(f"{_inside_sentence(words, first)} {text[start:end]}")
    return standalone(text[start:end]) if is_sentence(piece) else tidied(text[start:end])


def _inside_sentence(words: str, first: Token) -> str:
    """Without the capital that the first word has only because a sentence began with it."""
    began = first.is_sent_start and first.pos_ in ("DET", "PRON", "ADJ", "NUM")
    return words[:1].lower() + words[1:] if began else words


def _unpaired_removed(words: str, left: str, right: str) -> str:
    if left == right:
        return words.replace(left, "") if words.count(left) % 2 else words
    if words.count(left) == words.count(right):
        return words
    return words.replace(left, "").replace(right, "")
