"""Whether words that somebody quotes stand in a text, and where. Plain functions over strings.

Spacing, kinds of quotation marks and dashes, and upper and lower case are no difference. An omission written
as "…", "..." or "[…]" may stand for anything of some length. Words in square brackets are the quoter's own.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

CONTEXT = 60  # code points on either side that go into the locator
NEAR_ENOUGH = 0.8  # share of words in order that a passage with small differences has in common
LONGEST_OMISSION = 2_000  # code points that an ellipsis may stand for
_MOST_ANCHORS = 200
_MOST_COMPARED = 6
_LONG_QUOTATION = 200  # words

_SAME = {
    **dict.fromkeys("‘’‚‛′`´", "'"),
    **dict.fromkeys("“”„‟″«»", '"'),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    "\u00ad": "",
    "\u200b": "",
    "\ufeff": "",
}
_OMISSION = re.compile(r"\[\s*(?:…|\.\.\.)\s*\]|\(\s*(?:…|\.\.\.)\s*\)|…|\.\.\.")
_OWN_WORDS = re.compile(r"\[[^\[\]]{1,200}\]")
_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)*")
_NUMBER = re.compile(r"\d")
_NEGATIONS = frozenset(
    {"not", "no", "never", "none", "nor", "without", "cannot", "nicht", "kein", "keine", "nie", "ne", "pas"}
)
_EDGES = " \t\n\"'.,;:!?-"


class Found(StrEnum):
    """``NEAR`` has small differences in its words, never in a number or a negation."""

    FOUND = "found"
    NEAR = "near"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Passage:
    """What was found, or of a missing quotation what comes nearest. Positions are code points of the text,
    start inclusive, end exclusive; both are 0 and ``exact`` is empty when nothing is like it."""

    found: Found
    start: int = 0
    end: int = 0
    exact: str = ""
    prefix: str = ""
    suffix: str = ""
    similarity: float = 0.0


@dataclass(frozen=True, slots=True)
class _Folded:
    """A text in one spelling, with the place of each of its characters in the original."""

    text: str
    places: Sequence[int]


def find_quotation(quotation: str, text: str) -> Passage:
    """Where ``quotation`` stands in ``text``, as exactly as it does."""
    pieces = _pieces(quotation)
    if not pieces or not text:
        return Passage(Found.MISSING)
    folded = _fold(text)
    span = _in_order(pieces, folded)
    if span is not None:
        return _passage(Found.FOUND, text, *span, 1.0)
    # what was left out is not compared, so that less may differ in what is there
    enough = NEAR_ENOUGH if len(pieces) == 1 else (1 + NEAR_ENOUGH) / 2
    return _nearest(" ".join(pieces), text, enough)


def same_words(one: str, other: str) -> bool:
    """Whether two passages differ in nothing that a reader would call a difference."""
    return _fold(one).text.strip(_EDGES) == _fold(other).text.strip(_EDGES)


def _pieces(quotation: str) -> list[str]:
    """The quotation's words between its omissions and the quoter's own insertions, in one spelling."""
    marked = _OWN_WORDS.sub("…", _OMISSION.sub("…", quotation))
    folded = (_fold(piece).text.strip(_EDGES) for piece in marked.split("…"))
    return [piece for piece in folded if piece]


def _fold(text: str) -> _Folded:
    kept: list[str] = []
    places: list[int] = []
    spaced = True
    for place, character in enumerate(text):
        if character.isspace():
            if not spaced:
                kept.append(" ")
                places.append(place)
            spaced = True
            continue
        if character.isascii() and character != "`":  # nearly all of most texts
            kept.append(character.lower())
            places.append(place)
            spaced = False
            continue
        for one in _SAME.get(character, character):
            for folded in unicodedata.normalize("NFKC", one).casefold():
                kept.append(" " if folded.isspace() else folded)
                places.append(place)
                spaced = False
    return _Folded("".join(kept), places)


def _in_order(pieces: list[str], folded: _Folded) -> tuple[int, int] | None:
    """The first place where all pieces stand one after the other, as positions of the original."""
    start = _find_whole(pieces[0], folded.text, 0)
    while start is not None:
        end: int | None = start + len(pieces[0])
        for piece in pieces[1:]:
            assert end is not None  # noqa: S101 - tells the type checker
            following = _find_whole(piece, folded.text, end)
            end = None if following is None or following - end > LONGEST_OMISSION else following + len(piece)
            if end is None:
                break
        if end is not None:
            return folded.places[start], folded.places[end - 1] + 1
        start = _find_whole(pieces[0], folded.text, start + 1)
    return None


def _find_whole(piece: str, text: str, start: int) -> int | None:
    """Where ``piece`` stands as whole words: "1.7 million" does not stand in "11.7 million"."""
    at = text.find(piece, start)
    while at >= 0:
        before = text[at - 1] if at else " "
        after = text[at + len(piece)] if at + len(piece) < len(text) else " "
        if not (before.isalnum() and piece[0].isalnum()) and not (after.isalnum() and piece[-1].isalnum()):
            is_part_of_number = (piece[0].isdigit() and re.search(r"\d[.,]$", text[max(0, at - 2) : at])) or (
                piece[-1].isdigit() and re.match(r"[.,]\d", text[at + len(piece) : at + len(piece) + 2])
            )
            if not is_part_of_number:
                return at
        at = text.find(piece, at + 1)
    return None


def _nearest(quotation: str, text: str, enough: float) -> Passage:
    """The passage of the text with most of the quotation's words in their order."""
    wanted = [word[0].casefold() for word in _WORD.finditer(quotation)]
    words = [(word[0].casefold(), word.start(), word.end()) for word in _WORD.finditer(text)]
    if not wanted or not words:
        return Passage(Found.MISSING)
    best: tuple[float, int, int] = (0.0, 0, 0)
    for first in _windows(wanted, [word[0] for word in words]):
        window = [word[0] for word in words[first : first + len(wanted) + len(wanted) // 4 + 2]]
        # in a long quotation frequent words are no anchors: comparing each with each takes minutes
        is_long = len(wanted) > _LONG_QUOTATION
        blocks = SequenceMatcher(None, wanted, window, autojunk=is_long).get_matching_blocks()
        common = [block for block in blocks if block.size]
        if not common:
            continue
        low, high = common[0].b, common[-1].b + common[-1].size
        shared = sum(block.size for block in common)
        similarity = 2 * shared / (len(wanted) + high - low)
        if similarity > best[0]:
            best = (similarity, first + low, first + high)
    similarity, low, high = best
    if similarity < NEAR_ENOUGH / 2:
        return Passage(Found.MISSING)
    start, end = words[low][1], words[high - 1][2]
    same_facts = _facts(wanted) == _facts([word[0] for word in words[low:high]])
    found = Found.NEAR if similarity >= enough and same_facts else Found.MISSING
    return _passage(found, text, start, end, round(similarity, 3))


def _windows(wanted: list[str], words: list[str]) -> list[int]:
    """Where windows begin that hold many of the wanted words, the most promising first."""
    places: dict[str, list[int]] = {word: [] for word in wanted}
    for place, word in enumerate(words):
        if word in places:
            places[word].append(place)
    rarest = sorted((word for word in places if places[word]), key=lambda word: len(places[word]))[:5]
    begins: set[int] = set()
    for word in rarest:
        offset = wanted.index(word)
        begins.update(max(0, place - offset - 1) for place in places[word][:_MOST_ANCHORS])
    needed = Counter(wanted)

    def promise(begin: int) -> int:
        return (Counter(words[begin : begin + len(wanted) + 2]) & needed).total()

    return sorted(begins, key=promise, reverse=True)[:_MOST_COMPARED]


def _facts(words: list[str]) -> Counter[str]:
    """The words in which no difference is small."""
    return Counter(
        word for word in words if _NUMBER.search(word) or word in _NEGATIONS or word.endswith("n't")
    )


def around(text: str, start: int, end: int) -> dict[str, str]:
    """The locator of a passage: its ``exact`` words, and what stands before and after."""
    return {
        "exact": text[start:end],
        "prefix": text[max(0, start - CONTEXT) : start],
        "suffix": text[end : end + CONTEXT],
    }


def _passage(found: Found, text: str, start: int, end: int, similarity: float) -> Passage:
    return Passage(
        found=found,
        start=start,
        end=end,
        **around(text, start, end),
        similarity=similarity,
    )
