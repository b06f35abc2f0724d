"""What is known of a statement already: the search, the parts of what it found, and the judgement."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from ..models import MatchEntry
from .agreement import Agreement, compare, parts_of
from .calibrations import calibration_for, method_of
from .candidates import Candidate, Mode, OtherModelSearched, find_candidates
from .ranking import Likeness, judge, likeness_before_parts
from .slots import searched_slot
from .text_search import configuration_for
from .wording import Statement

LOOKED_AT = 30  # candidates whose parts are compared
ATTEMPTS = 3  # the searched slot may be switched between its reading and the search


@dataclass(frozen=True, slots=True)
class Found:
    """A statement that was found. Probability, lift (see ranking) and grade are None without vectors."""

    candidate: Candidate
    agreement: Agreement
    lift: float | None = None
    probability: float | None = None
    grade: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found, best first, and the method that found it."""

    found: list[Found]
    method: str


def find_known(
    statement: Statement,
    *,
    language: str = "",
    exclude: Collection[int] = (),
    mode: Mode = "hybrid",
    limit: int = 10,
    published_only: bool = False,
) -> Finding:
    """The best ``limit`` entries for ``statement``; of claims in ``exclude`` (ids) none. ``published_only``
    leaves out what nobody has published a review of, before anything is judged: no score then tells that
    there is more.

    Four statements however much there is. Where no vectors can be searched, words alone are, and nothing is
    graded. Reads only; runs the encoder, so never call it inside a transaction that holds locks.
    """
    candidates, version = _candidates(statement, language, exclude, mode)
    if published_only:
        candidates = [one for one in candidates if one.known_claim_id is not None]
    ranked = sorted(candidates, key=_first_order(mode))[: max(LOOKED_AT, limit)]
    parts = dict(
        MatchEntry.objects.filter(pk__in=[one.entry_id for one in ranked]).values_list("pk", "parts")
    )
    ours = parts_of(statement.text)
    agreements = [compare(ours, _as_parts(parts.get(one.entry_id))) for one in ranked]
    with_vector = [place for place, one in enumerate(ranked) if one.cosine is not None]
    if mode != "hybrid" or not version or not with_vector:
        plain = [Found(one, how) for one, how in zip(ranked, agreements, strict=True)]
        return Finding(plain[:limit], method_of(version, mode))
    scored = [
        Likeness(ranked[place].bm25, ranked[place].cosine or 0.0, agreements[place]) for place in with_vector
    ]
    judged = judge(
        scored, kind=statement.kind, is_thin=statement.is_thin, calibration=calibration_for(version)
    )
    found = [
        Found(
            ranked[with_vector[one.place]],
            agreements[with_vector[one.place]],
            one.lift,
            one.probability,
            one.grade,
        )
        for one in judged
    ]
    return Finding(found[:limit], method_of(version, mode))


def _candidates(
    statement: Statement, language: str, exclude: Collection[int], mode: Mode
) -> tuple[list[Candidate], str]:
    """The search's candidates and the version of the encoder, empty when only words were searched."""
    configuration = configuration_for(language)
    for attempt in range(ATTEMPTS):
        slot = searched_slot() if mode != "lexical" else None
        vector, version = None, ""
        if slot is not None and statement.for_vectors:
            _number, embedder = slot
            version, vector = embedder.version, embedder.embed([statement.for_vectors])[0]
        try:
            found = find_candidates(
                statement.for_words,
                vector,
                model_version=version,
                configuration=configuration,
                mode=mode,
                exclude=exclude,
            )
        except OtherModelSearched:
            if attempt + 1 == ATTEMPTS:
                raise
        else:
            return found, version
    raise AssertionError("unreachable")


def _first_order(mode: Mode) -> Any:
    """By what the candidates are ordered before their parts are known."""

    def key(one: Candidate) -> tuple[float, int]:
        if mode == "lexical":
            return -one.bm25, one.entry_id
        if mode == "semantic":
            return -(one.cosine or 0.0), one.entry_id
        return -likeness_before_parts(one.bm25, one.cosine or 0.0), one.entry_id

    return key


def _as_parts(stored: Any) -> Any:
    return stored or {}
