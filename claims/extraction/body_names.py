"""Bodies by what stands for their long names: their initials, or how the names begin."""

from __future__ import annotations

import re
from collections.abc import Iterable

Span = tuple[int, int]

_ARTICLE = re.compile(r"^[Tt]he\s+")
_FEWEST, _MOST = 3, 6  # letters of an acronym


class SpelledBodies:
    """Built once an article, so that a question does not walk over every name in it."""

    def __init__(self, named: Iterable[tuple[str, Span]]) -> None:
        self._longest: dict[str, tuple[str, Span]] = {}
        self._by_initials: dict[str, dict[str, None]] = {}
        self._by_beginning: dict[str, dict[str, None]] = {}
        for name, span in named:
            long = _ARTICLE.sub("", name)
            known = self._longest.get(long)
            if known is None or len(name) > len(known[0]):
                self._longest[long] = name, span
            initials = "".join(word[0] for word in re.findall(r"\w+", long) if word[0].isupper())
            self._by_initials.setdefault(initials, {})[long] = None
            ends = [space.start() for space in re.finditer(" ", long)]
            for end in ends[1:]:
                self._by_beginning.setdefault(long[:end], {})[long] = None

    def find(self, words: str) -> tuple[str, Span] | None:
        """The one name that the words stand for, with where it is; None where several may be meant."""
        bare = _ARTICLE.sub("", words)
        found = dict(self._by_beginning.get(bare, {}))
        if bare.isupper() and _FEWEST <= len(bare) <= _MOST:
            found.update(self._by_initials.get(bare, {}))
        return self._longest[next(iter(found))] if len(found) == 1 else None
