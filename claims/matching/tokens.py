"""A statement cut into words with their places: what all readers of parts walk over."""

from __future__ import annotations

import html
import re
from typing import NamedTuple

from claims.extraction.lexicon import HONORIFICS

LONGEST_STATEMENT = 4_000  # characters read; a claim or a post is shorter
_UNREADABLE = re.compile(r"(?:https?://|www\.|pic\.twitter\.com/)[^\s—]*|\S{61,}|\x00")
# "— Name (@handle) January 14, 2020", as copied posts end; without the "@" only where a date follows
_DAY = r"(?:[A-Z][a-z]+ \d{1,2}, \d{4})"
_SIGNED = re.compile(
    r"(?:[—–]|(?<=\s)-)(?P<by>[^—–\n]{0,60}?"
    rf"(?:\(@\w{{1,30}}\)|\(\w[\w ]{{0,40}}\)(?=\s*{_DAY})))(?:\s*{_DAY})?"
)
_WORD = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W\d_]\.[^\W\d_](?!\w)|[#@]?\w+(?:['’&]\w+)*")
_CAMEL = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+|[^\W\d_A-Za-z]+")
_ENDS_SENTENCE = re.compile(r"[.!?\n…]")
_OPENS = re.compile(r"[.!?\n…:;“”\"(\[—–•|]|^['‘]|\s['‘]")
_ABBREVIATED = frozenset(("st", "jr", "sr", "mt", "vs", "no", "ft", "lt"))


class Word(NamedTuple):
    """A word of the statement. `opens`: nothing of its sentence or its quotation stands before it."""

    start: int
    end: int
    text: str
    lower: str
    opens: bool
    sentence: int


def readable(text: str) -> tuple[str, str]:
    """The statement without addresses, and who posted it ("" where nobody signed).

    The signature of a copied post, with its date, is nothing that the post states.
    """
    text = text[:LONGEST_STATEMENT]
    if "&" in text:
        text = html.unescape(text)
    text = _UNREADABLE.sub(" ", text)
    if "(" not in text:
        return text, ""
    return _SIGNED.sub(" ", text), " ".join(match["by"] for match in _SIGNED.finditer(text))


def words_in(text: str) -> list[Word]:
    """The words in order. A hashtag or a handle is one word, with its sign."""
    found: list[Word] = []
    sentence, before, opens = 0, 0, True
    for match in _WORD.finditer(text):
        start, end = match.span()
        gap = text[before:start]
        if found and gap != " ":
            dotted = gap.startswith(".") and _dot_belongs_to(found[-1])
            opens = not dotted and _OPENS.search(gap) is not None
            if not dotted and _ENDS_SENTENCE.search(gap):
                sentence += 1
        word = match[0]
        found.append(Word(start, end, word, word.lower(), opens, sentence))
        before, opens = end, False
    return found


def _dot_belongs_to(word: Word) -> bool:
    return (
        (len(word.text) == 1 and word.text.isupper())
        or word.lower in HONORIFICS
        or word.lower in _ABBREVIATED
    )


def unfolded(tag: str) -> list[str]:
    """The words inside a hashtag or a handle: "#AustralianFires", "@realDonaldTrump"."""
    return _CAMEL.findall(tag[1:])
