"""By which words a text is known again that another outlet printed almost unchanged. Plain, and the same in
every process: no hash here depends on Python's own.

A text is the set of its runs of five words (shingles). Bands of MinHash values find the few texts that may
share most of them: half of the bands are of the whole text, half of its opening alone, because what an outlet
cuts it cuts at the end. The shingles themselves then decide (:func:`is_near_identical`).

Chosen on the 830 news articles of seven outlets in PolNeAR's training part that have 80 words or more
(`python -m bench.wire_copies`). Of their 344,035 pairs seven are one text printed twice: of the shorter 69
to 100 per cent stands in the longer. All seven are found and confirmed, and no other pair (precision 1.0),
many of which are of one event with the same quotations: the most that another pair shares is 51 per cent, a
short piece around a long quotation. Copies made of 208 of them as outlets do (other headline, byline, agency
line and house style, sentences reworded or put in, the end cut off) are found and confirmed in these shares:

    kept of the story           100%   80%   60%   50%   40%   30%
    1 sentence in 20 changed    1.00  1.00  0.98  0.95  0.93  0.87
    3 sentences in 20 changed   1.00  1.00  0.98  0.96  0.92  0.82
    6 sentences in 20 changed   1.00  0.99  0.94  0.88  0.85  0.76
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

SHINGLE = 5  # words
OPENING = 200  # words
BANDS = 24  # of the whole text, and as many of its opening
ROWS = 3  # MinHash values in a band: all must agree
METHOD = f"words{SHINGLE}-minhash{BANDS}x{ROWS}-opening{OPENING}-1"

CONTAINED_FROM = 0.6  # shared shingles of the shorter text's, where there are enough of them to tell:
ENOUGH = 60
JACCARD_FROM = 0.5  # else shared of all shingles of both

AT_ONCE = 2_048  # shingles, so that what is computed at a time stays near the processor

Shingles = NDArray[np.uint64]

_WORD = re.compile(r"[^\W_]+")
_APOSTROPHES = str.maketrans("", "", "'’‘`´")
_SPREAD, _MIX_1, _MIX_2 = (
    np.uint64(0x9E3779B97F4A7C15),
    np.uint64(0xBF58476D1CE4E5B9),
    np.uint64(0x94D049BB133111EB),
)


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """``bands``: sorted signed 64-bit numbers. Two of one ``method`` that share one may be near-identical."""

    method: str
    bands: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Likeness:
    """``jaccard``: shared shingles of all; ``contained``: of the shorter text's."""

    shared: int
    jaccard: float
    contained: float


def fingerprint_of(text: str) -> Fingerprint:
    """The text's bands; none for a text without a word. Linear in its length."""
    hashed = _word_hashes(text)
    if not len(hashed):
        return Fingerprint(METHOD, ())
    whole = _bands(_shingles(hashed), _SEEDS[: BANDS * ROWS])
    opening = _bands(_shingles(hashed[:OPENING]), _SEEDS[BANDS * ROWS :])
    return Fingerprint(METHOD, tuple(sorted({*whole, *opening})))


def shingles_of(text: str) -> Shingles:
    """The hashes of the text's runs of five words, each once, in order; one of all words if it has fewer."""
    return _shingles(_word_hashes(text))


def likeness_of(one: Shingles, other: Shingles) -> Likeness:
    """How much two texts share by their shingles."""
    shared = len(np.intersect1d(one, other, assume_unique=True))
    total, shorter = len(one) + len(other) - shared, min(len(one), len(other))
    return Likeness(shared, shared / total if total else 0.0, shared / shorter if shorter else 0.0)


def is_near_identical(one: Shingles, other: Shingles) -> bool:
    """Whether one text is the other as an outlet prints it: most of the shorter one stands in the longer."""
    like = likeness_of(one, other)
    if min(len(one), len(other)) >= ENOUGH:
        return like.contained >= CONTAINED_FROM
    return like.jaccard >= JACCARD_FROM


def _word_hashes(text: str) -> NDArray[np.uint64]:
    plain = unicodedata.normalize("NFKC", text).translate(_APOSTROPHES).casefold()
    known: dict[str, int] = {}
    found = []
    for match in _WORD.finditer(plain):
        word = match[0]
        value = known.get(word)
        if value is None:
            value = int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "little")
            known[word] = value
        found.append(value)
    return np.array(found, dtype=np.uint64)


def _shingles(hashed: NDArray[np.uint64]) -> Shingles:
    if not len(hashed):
        return hashed
    length = min(SHINGLE, len(hashed))
    count = len(hashed) - length + 1
    run = np.zeros(count, dtype=np.uint64)
    for place in range(length):
        run = _mixed(run * _SPREAD + hashed[place : place + count])
    return np.unique(run)


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Every bit of a value spread over all of its bits (the finish of SplitMix64)."""
    values = (values ^ (values >> np.uint64(30))) * _MIX_1
    values = (values ^ (values >> np.uint64(27))) * _MIX_2
    mixed: NDArray[np.uint64] = values ^ (values >> np.uint64(31))
    return mixed


def _seeds(count: int) -> NDArray[np.uint64]:
    return _mixed(np.arange(1, count + 1, dtype=np.uint64) * _SPREAD)


_SEEDS = _seeds(2 * BANDS * ROWS)


def _bands(shingles: Shingles, seeds: NDArray[np.uint64]) -> list[int]:
    """One number for each band, in which the band's own seeds take part: equal bands are of one place."""
    least = np.full(len(seeds), np.iinfo(np.uint64).max, dtype=np.uint64)
    columns = seeds[:, None]
    factors = columns | np.uint64(1)
    for start in range(0, len(shingles), AT_ONCE):
        some = shingles[None, start : start + AT_ONCE]
        least = np.minimum(least, ((some ^ columns) * factors).min(axis=1))
    rows = least.reshape(-1, ROWS)
    values = seeds.reshape(-1, ROWS)[:, 0]
    for place in range(ROWS):
        values = _mixed(values * _SPREAD + rows[:, place])
    return [int(value) for value in values.view(np.int64)]
