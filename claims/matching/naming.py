"""The people, places and bodies that a statement names, told by capitals, and when two names are one."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from operator import attrgetter

from claims.extraction import lexicon
from claims.extraction.lexicon import FEMALE_NAMES, HONORIFICS, MALE_NAMES, MONTHS, NATIONS, NOBLE, ROLE_NOUNS
from claims.extraction.place_names import PLACES
from claims.matching.stems import folded, stem_of
from claims.matching.tokens import Word, unfolded
from claims.matching.words import AFTER_A_SUBJECT, COMMON, SHORT_MONTHS, SPELT_LIKE_WORDS

MOST_NAMES = 12
_LONGEST_NAME = 6  # words
_GIVEN_NAMES = FEMALE_NAMES | MALE_NAMES
_PLACE_WORDS = frozenset(name.lower() for name in PLACES if " " not in name)
_CALENDAR = (MONTHS | lexicon.WEEKDAYS) - {"spring", "summer", "fall", "winter", "autumn", "may", "march"}
_LINKS = frozenset(("of", "de", "la", "van", "von", "der", "del", "bin", "al", "for", "the"))
_NO_END = (lexicon.FUNCTION_WORDS | _CALENDAR | _LINKS) - {"us"}
_TITLES = ROLE_NOUNS | HONORIFICS | NOBLE | {"vice", "former", "prime", "first", "then", "sen", "rep", "gov"}
_OF_TWO_WORDS = {
    "united states": "us",
    "united states of america": "us",
    "united kingdom": "uk",
    "great britain": "uk",
    "european union": "eu",
    "saudi arabia": "sa",
    "new zealand": "nz",
    "south africa": "za",
}


def names_in(words: Sequence[Word], text: str, closed: Sequence[tuple[int, int]] = ()) -> list[str]:
    """The names as written, each once, in order. A word that may owe its capital to its place is none.

    `closed` are stretches that are no names: dates.
    """
    titled, mixed = _titled_sentences(words), any(word.text.islower() for word in words)
    open_words = [w for w in words if not any(s <= w.start < e for s, e in closed)] if closed else words
    found: dict[str, None] = {}
    for whole in _runs(open_words, text):
        for run in _split_at_titles(_trimmed(whole)):
            if run and _is_name(run, words, titled, mixed):
                found.setdefault(_written(run))
        if len(found) >= MOST_NAMES:
            break
    return list(found)[:MOST_NAMES]


def _split_at_titles(run: list[Word]) -> list[list[Word]]:
    """ "U.S. President Donald Trump" names a country and a person; "Pope Francis" stays whole."""
    titles = [i for i, word in enumerate(run) if word.lower in _TITLES]
    if not titles or len(run) - titles[-1] <= 2 - bool(titles[0]) or run[-1].lower in ("jr", "sr"):
        return [run]
    return [run[: titles[0]], run[titles[-1] + 1 :]]


def _titled_sentences(words: Sequence[Word]) -> frozenset[int]:
    """Sentences whose words all begin with capitals, as in headlines: their capitals tell nothing."""
    capitals: dict[int, int] = {}
    longer: dict[int, int] = {}
    for word in words:
        if len(word.text) > 3 and word.text.isalpha() and word.lower not in lexicon.FUNCTION_WORDS:
            longer[word.sentence] = longer.get(word.sentence, 0) + 1
            capitals[word.sentence] = capitals.get(word.sentence, 0) + word.text[0].isupper()
    return frozenset(s for s, count in longer.items() if count > 3 and capitals[s] >= 0.8 * count)


def _runs(words: Sequence[Word], text: str) -> Iterator[list[Word]]:
    """Capitalised words that follow each other, with "of" and the like between two of them."""
    run: list[Word] = []
    links = 0  # small words at the run's end
    for word in words:
        near = bool(run) and text[run[-1].end : word.start] in (" ", "-", ". ") and not _ends(run[-1])
        if word.text[0].isupper():
            if run and (not near or word.opens):
                yield run[: len(run) - links]
                run = []
            run.append(word)
            links = 0
        elif near and not links and word.lower in _LINKS and word.lower != "the":
            run.append(word)
            links = 1
        elif near and links == 1 and word.lower == "the" and run[-1].lower in ("of", "for"):
            run.append(word)
            links = 2
        elif run:
            yield run[: len(run) - links]
            run, links = [], 0
    if run:
        yield run[: len(run) - links]


def _ends(word: Word) -> bool:
    return word.lower.endswith(("'s", "’s"))


def _is_common(word: Word) -> bool:
    head = word.lower.partition("'")[0].partition("’")[0]
    return head in COMMON or head.removesuffix("s") in COMMON or word.lower in COMMON


def _trimmed(run: list[Word]) -> list[Word]:
    """The run without the words at its ends that are no part of a name."""
    first, after = 0, len(run)
    while first < after and (
        (run[first].lower in lexicon.FUNCTION_WORDS and (run[first].lower != "new" or after - first == 1))
        or run[first].lower in _CALENDAR
        or run[first].lower in _LINKS
        or (run[first].lower in HONORIFICS and after - first > 1)
        or (run[first].opens and _is_common(run[first]))
    ):
        if run[first].text in SPELT_LIKE_WORDS and len(run) - first == 1:
            break
        first += 1
    while after > first + 1 and run[after - 1].lower in _NO_END:
        after -= 1
    return run[first:after] if after - first <= _LONGEST_NAME else run[first : first + _LONGEST_NAME]


def _is_name(run: list[Word], words: Sequence[Word], titled: frozenset[int], mixed: bool) -> bool:
    """`mixed`: the statement has small letters too, so that capitals throughout tell an acronym."""
    word = run[0]
    known = any(w.lower in _PLACE_WORDS or w.lower in NATIONS for w in run)
    if word.sentence in titled:
        return len(run) < 4 and (known or (len(run) > 1 and word.lower in _GIVEN_NAMES))
    if len(run) > 1:
        return not all(w.text.isupper() and len(w.text) > 1 for w in run)
    if word.text in SPELT_LIKE_WORDS:
        return mixed and not word.opens
    if known or _ends(word):
        return not _is_common(word) or word.text.isupper()
    if _is_common(word) or len(word.text) < 2 or word.lower in _TITLES or word.lower in SHORT_MONTHS:
        return False
    if word.text.isupper():
        return len(word.text) <= 5 and mixed
    if not word.opens:
        return True
    at = bisect_right(words, word.start, key=attrgetter("start"))
    following = words[at].lower if at < len(words) else ""
    return word.lower in _GIVEN_NAMES or (following in AFTER_A_SUBJECT and not word.lower.endswith("ing"))


def _written(run: list[Word]) -> str:
    words = [w.text for w in run]
    for mark in ("'s", "’s"):
        words[-1] = words[-1].removesuffix(mark)
    return " ".join(words)


def words_of_tag(word: Word) -> list[str]:
    """The words that a hashtag or a handle is made of."""
    return [part for part in unfolded(word.text) if len(part) > 1]


class Name:
    """A name ready to be compared: its words' stems, its nation, its initials, and what it weighs."""

    __slots__ = ("first", "initials", "key", "last", "nation", "stems", "weight", "written")

    def __init__(self, written: str) -> None:
        self.written = written
        plain = folded(written)
        words = plain.replace("-", " ").split()
        self.nation = _OF_TWO_WORDS.get(plain.removeprefix("the ")) or (
            NATIONS.get(words[0]) if len(words) == 1 else None
        )
        if self.nation is None and len(words) == 1:
            self.nation = NATIONS.get(words[0].rstrip("s")) or (
                NATIONS.get("u.s.") if words[0] in ("u.s", "america's") else None
            )
        core = [w for w in words if w.rstrip(".") not in _TITLES and w not in _LINKS] or words
        self.stems = tuple(stem for w in core if len(stem := stem_of(w)) > 1) or (stem_of(words[0]),)
        self.key = frozenset(self.stems)
        self.first, self.last = self.stems[0], self.stems[-1]
        capitals = [w[0] for w in written.replace("-", " ").split() if w[0].isupper()]
        self.initials = "".join(capitals).lower() if len(capitals) > 2 else ""
        self.weight = 0.4 if self.nation or plain in _PLACE_WORDS else 0.7 if len(self.stems) == 1 else 1.0

    def is_place(self) -> bool:
        return self.weight == 0.4


@lru_cache(maxsize=50_000)
def name_of(written: str) -> Name:
    """The name made ready, kept for the next comparison."""
    return Name(written)


def same_name(one: Name, other: Name) -> bool:
    """Whether both stand for the same: "Obama" for "Barack Obama", "WHO" for its long name."""
    if one.nation or other.nation:
        return one.nation == other.nation
    if one.key == other.key:
        return True
    short, long = (one, other) if len(one.stems) <= len(other.stems) else (other, one)
    if len(short.stems) == 1:
        if long.initials and short.written.replace(".", "").lower() == long.initials:
            return True
        return not short.is_place() and short.first in (long.first, long.last)
    return short.key <= long.key


def found_in_words(name: Name, words: frozenset[str]) -> bool:
    """Whether the other statement has the name, however it writes it: in small letters, in a hashtag."""
    if name.nation:
        return not words.isdisjoint(_nation_stems(name.nation))
    if name.key <= words:
        return True
    # a person's surname alone
    return (
        len(name.stems) in (2, 3) and name.written.split()[0].lower() in _GIVEN_NAMES and name.last in words
    )


@lru_cache(maxsize=200)
def _nation_stems(nation: str) -> frozenset[str]:
    return frozenset(stem_of(word) for word, code in NATIONS.items() if code == nation)


def told_name(one: str, other: str) -> str:
    """Which of two spellings of one name to show: the plain name, rather "Barack Obama" than "Obama"."""
    short, long = sorted((one, other), key=len)
    fuller = len(short.split()) == 1 and long.split()[0].lower() in _GIVEN_NAMES
    return long if fuller else short
