"""How the words of a rule or a topic are looked for in a text.

Words are looked for as plain parts of a text in which each word's beginning and end are marked: a dry run
looks for a thousand words in two thousand claims while somebody types, for which patterns are too slow.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

_BEGINS, _ENDS = "\x02", "\x03"
_QUOTES = "\"“”„'‘’"
_WORD = re.compile(r"\w+")


def searchable(text: str) -> str:
    """``text`` as first_word_in wants it: casefolded, with one space between words, and words marked."""
    plain = " ".join(text.translate(_NO_MARKS).casefold().split())
    return _WORD.sub(f"{_BEGINS}\\g<0>{_ENDS}", plain)


_NO_MARKS = {ord(_BEGINS): " ", ord(_ENDS): " "}
searchable_name = lru_cache(maxsize=4096)(searchable)


def first_word_in(words: Iterable[str], text: str) -> str | None:
    """The first of ``words`` that stands in ``text``, which is searchable, or None.

    A word is found at the beginning of a word, so that "vaccin" finds "vaccines"; one in quotation marks is
    found as the whole word only; one that begins with a sign, such as "€", is found anywhere.
    """
    return next((word for word in words if (part := _looked_for(word)) and part in text), None)


@lru_cache(maxsize=4096)
def _looked_for(word: str) -> str:
    said = " ".join(word.split())
    is_whole = len(said) > 2 and said[0] in _QUOTES and said[-1] in _QUOTES
    marked = searchable(said.strip(_QUOTES) if is_whole else said)
    return marked if is_whole else marked.removesuffix(_ENDS)
