"""How the words of a rule or a topic are looked for in a text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

_QUOTES = "\"“”„'‘’"


def first_word_in(words: Iterable[str], text: str) -> str | None:
    """The first of ``words`` that stands in ``text`` (casefolded by the caller), or None.

    A word is found at the beginning of a word, so that "vaccin" finds "vaccines"; one in quotation marks is
    found as the whole word only; one that begins with a sign, such as "€", is found anywhere.
    """
    return next((word for word in words if (looked_for := _pattern(word)) and looked_for.search(text)), None)


@lru_cache(maxsize=4096)
def _pattern(word: str) -> re.Pattern[str] | None:
    said = " ".join(word.casefold().split())
    is_whole = len(said) > 2 and said[0] in _QUOTES and said[-1] in _QUOTES
    bare = said.strip(_QUOTES).strip() if is_whole else said
    if not bare:
        return None
    begins = r"(?<!\w)" if bare[0].isalnum() else ""
    ends = r"(?!\w)" if is_whole and bare[-1].isalnum() else ""
    return re.compile(begins + r"\s+".join(re.escape(part) for part in bare.split()) + ends)
