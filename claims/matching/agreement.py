"""Two statements set side by side: what they share, where they contradict, and how to say so.

``ours`` is the statement at hand ("here"), ``theirs`` the known one ("there"). What only one side tells is no
contradiction: a known claim leaves out much, and so does a post.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields

from claims.matching.comparing import compare_dates, compare_names, compare_numbers, compare_polarity
from claims.matching.naming import told_name
from claims.matching.parts import PARTS_VERSION, Parts, parts_of
from claims.matching.sides import Part, Reason, Side

__all__ = [
    "FEATURES",
    "PARTS_VERSION",
    "Agreement",
    "Features",
    "Part",
    "Parts",
    "Reason",
    "Side",
    "compare",
    "parts_of",
    "sentence",
]
MOST_REASONS = 8


@dataclass(frozen=True, slots=True)
class Features:
    """What a ranking rests on, in this order; all from 0 to 1, counts capped and brought there."""

    names_shared: float  # of the weight of our names, the share found there
    names_shared_back: float  # of the weight of theirs, the share found here
    names_missing: float  # weight of ours not found there; 1 is three names or more
    names_here: float
    names_there: float
    numbers_shared: float
    numbers_shared_back: float
    numbers_agreeing: float
    numbers_contradicting: float
    numbers_here: float
    numbers_there: float
    dates_shared: float
    dates_contradicting: float
    dates_here: float
    dates_there: float
    negation_shared: float
    polarity_differs: float
    direction_differs: float
    called_false_differs: float
    words_shared: float
    words_shared_back: float


FEATURES = tuple(field.name for field in fields(Features))


@dataclass(frozen=True, slots=True)
class Agreement:
    """What the comparison gives: features for a ranking, reasons for people, contradictions first."""

    features: Features
    reasons: tuple[Reason, ...]

    def vector(self) -> tuple[float, ...]:
        """The features' values in the order of FEATURES."""
        return astuple(self.features)

    def contradicts(self) -> bool:
        return any(not reason.agrees for reason in self.reasons)


def compare(ours: Parts | Side, theirs: Parts | Side) -> Agreement:
    """Sets our statement against theirs. Empty parts agree in nothing and contradict nothing."""
    here = ours if isinstance(ours, Side) else Side(ours)
    there = theirs if isinstance(theirs, Side) else Side(theirs)
    names, numbers = compare_names(here, there), compare_numbers(here, there)
    dates, polarity = compare_dates(here, there), compare_polarity(here, there)
    shared = here.bag & there.bag
    features = Features(
        **names.values,
        **numbers.values,
        **dates.values,
        **polarity.values,
        called_false_differs=float(here.false != there.false),
        words_shared=len(shared) / max(1, len(here.bag)),
        words_shared_back=len(shared) / max(1, len(there.bag)),
    )
    reasons = [*numbers.reasons, *dates.reasons, *polarity.reasons, *names.reasons]
    reasons.sort(key=lambda reason: reason.agrees)
    return Agreement(features, tuple(reasons[:MOST_REASONS]))


def sentence(reason: Reason) -> str:
    """The reason in plain English, for people who decide: "1,200 there, 1,400 here"."""
    here, there = reason.here, reason.there
    if reason.part == "negation":
        return _about_negation(reason)
    if not reason.agrees:
        return f"{there} there, {here} here"
    if reason.part == "name":
        return f"Both name {told_name(here, there)}"
    if here.casefold() == there.casefold():
        return f"Both say {here}"
    return f"{there} there and {here} here fit each other"


def _about_negation(reason: Reason) -> str:
    here, there = reason.here, reason.there
    if reason.agrees:
        return f"Both deny it: “{there}” there, “{here}” here"
    if not there:
        return f"Says it happened; here it did not (“{here}”)"
    if not here:
        return f"Says it did not happen (“{there}”); here it did"
    return f"“{there}” there, “{here}” here"
