"""A claim's words as a short sentence of their own, with nothing added but a capital and a full stop."""

from __future__ import annotations

import re

from claims.extraction.parsing import Parsed
from claims.extraction.speakers import noun_phrase
from claims.extraction.splitting import Piece

_SPACE = re.compile(r"\s+")
_LOOSE_MARKS = re.compile(r"^[\s,;:–—-]+|[\s,;:–—-]+$")


def standalone(quote: str) -> str:
    """The quote tidied: one line, no unpaired marks at its ends, a capital first letter, a full stop."""
    words = _SPACE.sub(" ", quote).strip()
    words = _LOOSE_MARKS.sub("", words)
    words = words.replace("[", "").replace("]", "")
    for left, right in (("“", "”"), ("«", "»"), ('"', '"'), ("(", ")")):
        words = _unpaired_removed(words, left, right)
    words = words.strip()
    if not words:
        return _SPACE.sub(" ", quote).strip()
    words = words[0].upper() + words[1:]
    return words if words[-1] in ".!?…" else words + "."


def worded(text: str, piece: Piece, parsed: Parsed, start: int, end: int) -> str:
    """The claim as a sentence: a clause that shares its subject gets it back, in the article's own words."""
    subject, head = piece.subject, piece.head
    if piece.role == "relative" and subject is not None:
        pronoun = next(
            (c for c in head.children if c.dep_ in ("nsubj", "nsubjpass") and c.tag_ in ("WDT", "WP")), None
        )
        if pronoun is not None and pronoun.i > piece.first.i:
            thing = text[parsed.start_of(piece.first) : parsed.end_of(subject)]
            return standalone(f"{thing} {text[parsed.end_of(pronoun) : end].strip()}")
    if (
        piece.role == "conj"
        and subject is not None
        and subject.i < piece.first.i
        and subject.pos_ in ("NOUN", "PROPN")
    ):
        first, last = noun_phrase(subject)
        if last.i < piece.first.i and last.i - first.i < 8:
            return standalone(f"{text[slice(*parsed.bounds(first, last))]} {text[start:end]}")
    return standalone(text[start:end])


def _unpaired_removed(words: str, left: str, right: str) -> str:
    if left == right:
        return words.replace(left, "") if words.count(left) % 2 else words
    if words.count(left) == words.count(right):
        return words
    return words.replace(left, "").replace(right, "")
