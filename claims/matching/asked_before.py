"""Whether two partners ask for the same: plain functions over their words. Careful, since people merge the
rest: other numbers, or a "not" in one of them, are another question."""

from __future__ import annotations

import hashlib
import re
import unicodedata

ALIKE_FROM = 0.75  # trigrams in common, as PostgreSQL counts them

_WORD = re.compile(r"[^\W_]+(?:[.,]\d+)*")
_DENIALS = frozenset("not no never none nobody nothing without neither nor cannot".split())  # noqa: SIM905 - one line
_SHORT_DENIAL = re.compile(r"n['’]t\b", re.IGNORECASE)


def digest_of(text: str) -> str:
    """The same for texts that differ in case, spaces and signs only."""
    plain = " ".join(_WORD.findall(unicodedata.normalize("NFKC", text).casefold()))
    return hashlib.sha256(plain.encode()).hexdigest()


def may_be_the_same(one: str, other: str) -> bool:
    """Whether nothing in two texts of like words says that they mean something else."""
    return _figures(one) == _figures(other) and _denials(one) == _denials(other)


def _figures(text: str) -> list[str]:
    return sorted(word for word in _WORD.findall(text) if any(letter.isdigit() for letter in word))


def _denials(text: str) -> int:
    words = _WORD.findall(text.casefold())
    return sum(word in _DENIALS for word in words) + len(_SHORT_DENIAL.findall(text))
