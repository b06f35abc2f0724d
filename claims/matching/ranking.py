"""From candidates to ranked matches: how alike, how probable, which grade, and why. Plain.

A candidate's likeness is the cosine of the vectors plus BM25 over 100, which served as well as z-scores over
the whole collection and needs nothing but the candidate; reciprocal ranks served worse. Parts that agree or
contradict move it a little. Probability comes from how far it stands above what is always found for a
question (the fourth to tenth best), by a logistic curve fitted on dev questions (``bench.fit_matching``).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from .agreement import Agreement, Reason
from .wording import Kind

BM25_SCALE = 100.0
BACKGROUND = slice(3, 10)  # places whose mean likeness is what any question finds here
# what one unit of a feature adds to the likeness
ADJUSTMENTS = {
    "numbers_agreeing": 0.03,
    "numbers_contradicting": -0.06,
    "dates_shared": 0.03,
    "dates_contradicting": -0.04,
    "polarity_differs": -0.04,
}
SAME_WORDS = 0.95  # of the words of either side, the share that the other has too
STRONG, POSSIBLE = "strong", "possible"


@dataclass(frozen=True, slots=True)
class Calibration:
    """An encoder's curve and thresholds. ``background`` is the least that a question finds anywhere: it
    stands in where a collection is too small to tell. ``strong`` and ``possible``: kind → probability."""

    slope: float
    offset: float
    background: float
    strong: dict[str, float]
    possible: dict[str, float]

    def probability(self, lift: float) -> float:
        return 1 / (1 + math.exp(-(self.slope * lift + self.offset)))


@dataclass(frozen=True, slots=True)
class Likeness:
    """One candidate as the search scored it, with what its parts say."""

    bm25: float
    cosine: float
    agreement: Agreement

    @property
    def total(self) -> float:
        features = self.agreement.features
        moved = sum(weight * getattr(features, name) for name, weight in ADJUSTMENTS.items())
        return self.cosine + self.bm25 / BM25_SCALE + moved


@dataclass(frozen=True, slots=True)
class Judged:
    """``place`` in the candidates that were given; ``lift`` is how far it stands above what is usual; no
    grade when it is not worth showing."""

    place: int
    lift: float
    probability: float
    grade: str | None


def likeness_before_parts(bm25: float, cosine: float) -> float:
    """By this the candidates are chosen whose parts are looked at."""
    return cosine + bm25 / BM25_SCALE


def judge(found: Sequence[Likeness], *, kind: Kind, is_thin: bool, calibration: Calibration) -> list[Judged]:
    """The candidates of one question, best first. Give the whole list: its middle says what is usual."""
    totals = [one.total for one in found]
    order = sorted(range(len(found)), key=lambda place: (-totals[place], place))
    usual = [totals[place] for place in order[BACKGROUND]]
    background = max([calibration.background, *([sum(usual) / len(usual)] if usual else [])])
    judged = []
    for place in order:
        lift = totals[place] - background
        probability = calibration.probability(lift)
        if said_in_the_same_words(found[place].agreement):
            probability = max(probability, calibration.strong[kind])
        contradicts = any(reason_lowers(reason) for reason in found[place].agreement.reasons)
        grade = None
        if probability >= calibration.strong[kind] and not is_thin and not contradicts:
            grade = STRONG
        elif probability >= calibration.possible[kind]:
            grade = POSSIBLE
        judged.append(Judged(place, lift, probability, grade))
    return judged


def said_in_the_same_words(agreement: Agreement) -> bool:
    """However small the collection, and whoever is said to have claimed it: this is the same statement."""
    features = agreement.features
    return min(features.words_shared, features.words_shared_back) >= SAME_WORDS


def reason_lowers(reason: Reason) -> bool:
    """Whether a reason keeps a match from being called very likely: another number or another day."""
    return not reason.agrees and reason.part in ("number", "date")
