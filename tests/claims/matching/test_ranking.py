"""From candidates to grades."""

from __future__ import annotations

from claims.matching.agreement import Agreement, compare, parts_of
from claims.matching.ranking import POSSIBLE, STRONG, Calibration, Likeness, judge
from claims.matching.wording import Kind

CALIBRATION = Calibration(
    slope=12.0,
    offset=-4.0,
    background=0.5,
    strong={"post": 0.65, "statement": 0.9},
    possible={"post": 0.1, "statement": 0.2},
)
NOTHING = compare(parts_of("something is so"), parts_of("another matter"))


def judged(*found: Likeness, is_thin: bool = False, kind: Kind = Kind.POST) -> list[tuple[int, str | None]]:
    return [
        (one.place, one.grade) for one in judge(found, kind=kind, is_thin=is_thin, calibration=CALIBRATION)
    ]


def alike(cosine: float, bm25: float = 0.0, agreement: Agreement = NOTHING) -> Likeness:
    return Likeness(bm25, cosine, agreement)


def test_the_likest_comes_first() -> None:
    assert [place for place, _ in judged(alike(0.4), alike(0.9), alike(0.6))] == [1, 2, 0]


def test_words_count_beside_meaning() -> None:
    assert [place for place, _ in judged(alike(0.6), alike(0.5, bm25=30))] == [1, 0]


def test_far_above_the_usual_is_strong_and_a_little_above_possible() -> None:
    assert judged(alike(1.0), alike(0.7), alike(0.5)) == [(0, STRONG), (1, POSSIBLE), (2, None)]


def test_where_everything_is_alike_nothing_is_strong() -> None:
    crowd = [alike(0.9 - step / 1000) for step in range(12)]
    assert {grade for _, grade in judged(*crowd)} == {None}


def test_a_lonely_candidate_in_a_small_collection_needs_likeness_of_its_own() -> None:
    assert judged(alike(0.55)) == [(0, None)]


def test_thin_texts_are_only_ever_possible() -> None:
    assert judged(alike(1.0), is_thin=True) == [(0, POSSIBLE)]


def test_another_number_lowers_a_match_and_keeps_it_from_being_strong() -> None:
    here = parts_of("The storm killed 1,400 people in Ohio.")
    same = compare(here, parts_of("The storm killed 1,400 people in Ohio."))
    other = compare(here, parts_of("The storm killed 1,200 people in Ohio."))
    assert any(not reason.agrees and reason.there == "1,200" for reason in other.reasons)
    assert judged(alike(0.98, agreement=other), alike(0.98, agreement=same)) == [(1, STRONG), (0, POSSIBLE)]


def test_the_same_words_are_strong_in_the_smallest_collection() -> None:
    said = parts_of("The tram line to the harbour cost a fortune to build.")
    assert judged(alike(0.6, agreement=compare(said, said))) == [(0, STRONG)]


def test_kinds_have_thresholds_of_their_own() -> None:
    assert judged(alike(0.92), kind=Kind.POST) == [(0, STRONG)]
    assert judged(alike(0.92), kind=Kind.STATEMENT) == [(0, POSSIBLE)]


def test_nothing_found_is_nothing_judged() -> None:
    assert judged() == []
