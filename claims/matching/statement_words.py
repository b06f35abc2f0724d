"""What is compared when two wordings may be one statement: their words, however they are set. Plain."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

LONGEST = 4_000  # code points that are looked at: a claim is a sentence or two

_PIECE = re.compile(r"\d+(?:[.,]\d+)*|%|[^\W\d_]+(?:'[^\W\d_]+)*")
_GROUPED = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_QUOTES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'"})
_SCALES = {
    **{"m": "million", "mn": "million", "mln": "million", "bn": "billion", "b": "billion"},
    **{"tn": "trillion", "trn": "trillion", "k": "thousand"},
}
_SMALL = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_FIGURES = {word: str(value) for value, word in enumerate(_SMALL, 2)}
_SHORTENED = {"won't": "will not", "can't": "can not", "cannot": "can not", "shan't": "shall not"}
_ENDINGS = {"'re": "are", "'ve": "have", "'ll": "will", "'m": "am"}
_FILLER = frozenset({"a", "an", "the", "that", "s", "mr", "mrs", "ms", "dr"})

Words = tuple[str, ...]


def words_of(text: str) -> Words:
    """The words in lower case, without punctuation, articles and forms of address; "9.4m" is "9.4 million",
    "per cent" and "%" are "percent", "nine" is "9" and "didn't" is "did not"."""
    plain = unicodedata.normalize("NFKC", text[:LONGEST]).translate(_QUOTES).casefold()
    pieces = _PIECE.findall(_GROUPED.sub("", plain))
    found: list[str] = []
    for piece in pieces:
        if piece == "cent" and found and found[-1] == "per":
            found[-1] = "percent"
        else:
            found.extend(_written_out(piece, found[-1] if found else ""))
    return tuple(word for word in found if word and word not in _FILLER)


def is_number(word: str) -> bool:
    return word[0].isdecimal()


def _written_out(piece: str, before: str) -> Sequence[str]:
    if piece == "%":
        return ("percent",)
    if before and is_number(before) and piece in _SCALES:
        return (_SCALES[piece],)
    if piece in _FIGURES:
        return (_FIGURES[piece],)
    if "'" not in piece and piece != "cannot":
        return (piece,)
    if piece in _SHORTENED:
        return _SHORTENED[piece].split()
    if piece.endswith("n't"):
        return piece[:-3], "not"
    stem, mark, ending = piece.rpartition("'")
    return stem, _ENDINGS.get(mark + ending, "")
