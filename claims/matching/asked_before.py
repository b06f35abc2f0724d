"""Whether two partners ask for the same: plain functions over their words. Careful, since people merge the
rest: what the comparison of claims holds against it is another question, and so is any other word or order.
The comparison knows not every opposite ("cause", "prevent"), English only, and not who did it to whom.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

from claims.extraction.lexicon import FEMALE_NAMES, MALE_NAMES

from .agreement import Parts, compare, parts_of
from .statement_words import Words, words_of

ALIKE_FROM = 0.75  # trigrams in common, as PostgreSQL counts them

_SIGN = r"[%‰€£$¥₹±°−]|(?<!\w)[-+](?=\d)"  # that make a number another one
_WORD = re.compile(rf"[^\W_]+(?:[.,]\d+)*|{_SIGN}")
_SIGNS = re.compile(_SIGN)
_ADD_NOTHING = frozenset({"has", "have", "had", "also", "then", "too"})
_TURNS = frozenset({"last", "this", "past"})
_PLACING = frozenset({"in", "on", "at", "during", "since"})
_LONGEST_PLACE = 6  # words of "In the east of London", which may stand at the end too
_OTHER_NAME = 0.1  # of names that are missing; less is one that the other has without capitals to tell it


def digest_of(text: str) -> str:
    """The same for texts that differ in case, spaces and punctuation only."""
    plain = " ".join(_WORD.findall(unicodedata.normalize("NFKC", text).casefold()))
    return hashlib.sha256(plain.encode()).hexdigest()


def may_be_the_same(one: str, other: str) -> bool:
    """Whether two texts of like words mean the same: every word of each is accounted for, and the comparison
    of claims has nothing against it. How a number is written, a first name, "has", and whether "in 2024"
    stands first or later are no difference."""
    if _SIGNS.findall(one) != _SIGNS.findall(other):
        return False
    mine, theirs = parts_of(one), parts_of(other)
    return _nothing_against(mine, theirs) and _same_words(
        words_of(one), words_of(other), _first_names(mine) | _first_names(theirs)
    )


def _nothing_against(mine: Parts, theirs: Parts) -> bool:
    for found in (compare(mine, theirs), compare(theirs, mine)):
        differs = found.features.direction_differs or found.features.names_missing >= _OTHER_NAME
        if differs or found.contradicts():
            return False
    return True


def _same_words(one: Words, other: Words, first_names: frozenset[str]) -> bool:
    shared = frozenset(one) & frozenset(other)
    if _telling(one, first_names - shared) == _telling(other, first_names - shared):
        return True
    return _is_moved(one, other) or _is_moved(other, one)


def _telling(words: Words, left_out: frozenset[str]) -> list[str]:
    return [
        word
        for word, after in zip(words, (*words[1:], ""), strict=True)
        if word not in _ADD_NOTHING and word not in left_out and not (word == "in" and after in _TURNS)
    ]


def _first_names(parts: Parts) -> frozenset[str]:
    """First names in front of more of their name: "Joe" of "Joe Biden", not "West" of "West Virginia"."""
    given = (word.casefold() for name in parts.get("names", ()) for word in name.split()[:-1])
    return frozenset(word for word in given if word in FEMALE_NAMES or word in MALE_NAMES)


def _is_moved(one: Words, other: Words) -> bool:
    """Whether where or when it was opens the one, and stands later in the other."""
    if not one or one[0] not in _PLACING or len(one) != len(other):
        return False
    for length in range(2, min(_LONGEST_PLACE, len(one)) + 1):
        place, rest = one[:length], one[length:]
        if any(rest[:at] + place + rest[at:] == other for at in range(1, len(rest) + 1)):
            return True
    return False
