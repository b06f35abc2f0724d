"""The comparisons of two statements, one for each kind of part. Each gives values and reasons."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from claims.matching.measuring import Amount, comparable, dates_fit, exclude, fit, same_precision
from claims.matching.naming import found_in_words, same_name
from claims.matching.sides import Denial, Direction, Reason, Side
from claims.matching.stems import stem_of
from claims.matching.words import HALF_DENIALS

_HALF_DENIALS = frozenset(map(stem_of, HALF_DENIALS))
_MOST = 3.0  # names or numbers that count in full
_NEARBY = 3  # words around a word that make it the same as its like elsewhere


class Compared(NamedTuple):
    """What one comparison found."""

    values: dict[str, float]
    reasons: list[Reason]


def compare_names(here: Side, there: Side) -> Compared:
    """Which names of each side the other has, under whatever form."""
    reasons: list[Reason] = []
    told: set[str] = set()
    weights, found = [0.0, 0.0], [0.0, 0.0]
    for side, (one, other) in enumerate(((here, there), (there, here))):
        for name in one.names:
            weights[side] += name.weight
            twin = next((n for n in other.names if same_name(name, n)), None)
            if twin is not None:
                found[side] += name.weight
                if side == 0 and told.isdisjoint((name.written, twin.written)):
                    reasons.append(Reason("name", True, name.written, twin.written))
                    told.update((name.written, twin.written))
            elif found_in_words(name, other.bag):
                found[side] += 0.9 * name.weight
    values = {
        "names_shared": found[0] / weights[0] if weights[0] else 0.0,
        "names_shared_back": found[1] / weights[1] if weights[1] else 0.0,
        "names_missing": min(1.0, (weights[0] - found[0]) / _MOST),
        "names_here": min(1.0, weights[0] / _MOST),
        "names_there": min(1.0, weights[1] / _MOST),
    }
    reasons.sort(key=lambda reason: -len(reason.here.split()))
    return Compared(values, reasons[:3])


def compare_numbers(here: Side, there: Side) -> Compared:
    """Which numbers agree, and which cannot both be right of the same thing."""
    ours, theirs = list(here.amounts), list(there.amounts)
    reasons: list[Reason] = []
    count = len(ours), len(theirs)
    for strict in (True, False):
        for one in tuple(ours):
            twin = next((o for o in theirs if _agree(one, o, here, there, strict=strict)), None)
            if twin is not None:
                ours.remove(one)
                theirs.remove(twin)
                reasons.append(Reason("number", True, one.written, twin.written))
    agreeing = len(reasons)
    against = 0
    for one, other in _contradictions(ours, theirs, here, there):
        reasons.append(Reason("number", False, one.written, other.written))
        against += 1
    values = {
        "numbers_shared": agreeing / count[0] if count[0] else 0.0,
        "numbers_shared_back": agreeing / count[1] if count[1] else 0.0,
        "numbers_agreeing": min(1.0, agreeing / _MOST),
        "numbers_contradicting": min(1.0, against / 2),
        "numbers_here": min(1.0, count[0] / _MOST),
        "numbers_there": min(1.0, count[1] / _MOST),
    }
    return Compared(values, reasons)


def _agree(one: Amount, other: Amount, here: Side, there: Side, *, strict: bool) -> bool:
    """Whether two numbers are the same; one that may be so by chance only where it is said of the same."""
    if not fit(one, other):
        return False
    if one.kind != other.kind and (
        strict or (one.is_measured() and other.kind) or (other.is_measured() and one.kind)
    ):
        return False
    if one.kind == other.kind and one.is_telling() and other.is_telling():
        return True
    if strict and one.kind and one.size == other.size and not one.vague and not one.is_measured():
        return True
    if one.kind != other.kind and one.size != other.size:
        return False
    return bool((here.near(one.place) & there.near(other.place)) - {one.kind})


def _contradictions(
    ours: list[Amount], theirs: list[Amount], here: Side, there: Side
) -> Iterator[tuple[Amount, Amount]]:
    """Numbers without a twin that measure the same thing: the only one of their kind on each side."""
    for one in ours:
        rivals = [other for other in theirs if other.kind == one.kind]
        if not one.kind or len(rivals) != 1 or sum(o.kind == one.kind for o in ours) != 1:
            continue
        other = rivals[0]
        if not exclude(one, other) or not comparable(one, other):
            continue
        about = (here.near(one.place) & there.near(other.place)) - {one.kind}
        if about:
            yield one, other


def compare_dates(here: Side, there: Side) -> Compared:
    """Which dates fit; two stand against each other where each side tells but one, of the same thing."""
    reasons: list[Reason] = []
    for one in here.dates:
        twin = next((other for other in there.dates if dates_fit(one.when, other.when)), None)
        if twin is not None:
            reasons.append(Reason("date", True, one.written, twin.written))
    shared, against = len(reasons), 0
    if not shared and len(here.dates) == len(there.dates) == 1:
        one, other = here.dates[0], there.dates[0]
        if same_precision(one.when, other.when) and here.near(one.place) & there.near(other.place):
            against = 1
            reasons.append(Reason("date", False, one.written, other.written))
    values = {
        "dates_shared": shared / len(here.dates) if here.dates else 0.0,
        "dates_contradicting": float(against),
        "dates_here": float(bool(here.dates)),
        "dates_there": float(bool(there.dates)),
    }
    return Compared(values, reasons[:2])


def compare_polarity(here: Side, there: Side) -> Compared:
    """Whether one side denies what the other says, and whether both point the same way."""
    reasons: list[Reason] = []
    alike = _denied_alike(here, there)
    if alike is not None:
        reasons.append(Reason("negation", True, alike[0].written, alike[1].written))
    else:
        said = _denied_only(here, there)
        if said is not None:
            reasons.append(Reason("negation", False, said.written, ""))
        elif (said := _denied_only(there, here)) is not None:
            reasons.append(Reason("negation", False, "", said.written))
    differs = bool(reasons) and not reasons[0].agrees
    turned = None if differs else _turned(here, there)
    if turned is not None:
        reasons.append(Reason("negation", False, turned[0].written, turned[1].written))
    values = {
        "negation_shared": float(alike is not None),
        "polarity_differs": float(differs),
        "direction_differs": float(turned is not None),
    }
    return Compared(values, reasons)


def _denied_alike(here: Side, there: Side) -> tuple[Denial, Denial] | None:
    for one in here.denials:
        words = set(here.words[one.first : one.after])
        for other in there.denials:
            if not words.isdisjoint(there.words[other.first : other.after]):
                return one, other
    return None


def _denied_only(one: Side, other: Side) -> Denial | None:
    """What the one denies and the other says outright, of the same thing and in nearly the same words."""
    if not _HALF_DENIALS.isdisjoint(other.bag):
        return None
    for denial in one.denials:
        if denial.is_supposed():
            continue
        words = one.words[denial.first : denial.after]
        shared = [word for word in words if word in other.bag and word not in other.denied]
        if not shared or len(shared) < len(words) - (len(words) > 2):
            continue
        around = one.near(denial.first) - set(words)
        place = other.words.index(shared[0])
        if around & other.near(place, _NEARBY):
            return denial
    return None


def _turned(here: Side, there: Side) -> tuple[Direction, Direction] | None:
    """Opposite ends of one scale, said of the same thing."""
    for one in here.directions:
        signs = {d.sign for d in there.directions if d.scale == one.scale}
        if signs != {-one.sign} or any(d.sign != one.sign for d in here.directions if d.scale == one.scale):
            continue
        other = next(d for d in there.directions if d.scale == one.scale)
        about = here.near(one.place, _NEARBY) & there.near(other.place, _NEARBY)
        if about - {here.words[one.place], there.words[other.place]}:
            return one, other
    return None
