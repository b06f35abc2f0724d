"""Which words count as the same when an article is read again."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from claims.actions.reread_plan import Plan, Standing, plan_rereading
from claims.extraction.model import ExtractedClaim


def claim(start: int, end: int) -> ExtractedClaim:
    facts: Any = (None, None, "author", "event", 0.5, (), "")
    return ExtractedClaim("x", "x" * (end - start), start, end, *facts)


def plan(standing: list[tuple[int, int, bool]], found: list[tuple[int, int]]) -> Plan:
    rows = [Standing(key, start, end, kept) for key, (start, end, kept) in enumerate(standing)]
    return plan_rereading(rows, [claim(*span) for span in found])


def spans(claims: Any) -> list[tuple[int, int]]:
    return [(one.start, one.end) for one in claims]


def test_the_same_span_is_refreshed_and_another_is_new_and_what_is_missing_is_gone() -> None:
    made = plan([(0, 40, False), (50, 90, False)], [(0, 40), (100, 140)])
    assert spans(made.refreshed.values()) == [(0, 40)]
    assert list(made.refreshed) == [0]
    assert spans(made.new) == [(100, 140)]
    assert (made.gone, made.kept) == ([1], [])


def test_half_of_the_longer_one_makes_them_the_same() -> None:
    assert list(plan([(0, 40, False)], [(20, 60)]).refreshed) == [0]
    apart = plan([(0, 40, False)], [(21, 61)])
    assert (spans(apart.new), apart.gone) == ([(21, 61)], [0])


def test_a_compound_that_is_split_lives_on_in_its_closest_part() -> None:
    made = plan([(0, 100, False)], [(0, 60), (65, 100)])
    assert spans(made.refreshed.values()) == [(0, 60)]
    assert spans(made.new) == [(65, 100)]


def test_what_people_decided_on_is_not_offered_again_under_a_slightly_different_span() -> None:
    for again in [(0, 40), (5, 45), (0, 60), (0, 20), (10, 30), (30, 45)]:
        made = plan([(0, 40, True)], [again])
        assert (made.new, made.refreshed, made.gone, made.kept) == ([], {}, [], [0]), again


def test_a_sentence_that_only_holds_dismissed_words_is_offered() -> None:
    assert spans(plan([(0, 30, True)], [(0, 100)]).new) == [(0, 100)]
    assert spans(plan([(0, 40, True)], [(25, 60)]).new) == [(25, 60)]


def test_an_untouched_claim_inside_a_kept_one_is_still_refreshed() -> None:
    made = plan([(0, 100, True), (60, 100, False)], [(0, 100), (62, 100)])
    assert spans(made.refreshed.values()) == [(62, 100)]
    assert (made.new, made.gone) == ([], [])


def test_of_two_that_share_a_place_the_one_that_people_decided_on_has_it() -> None:
    made = plan([(0, 40, True), (2, 42, False)], [(1, 41)])
    assert (made.refreshed, made.gone) == ({}, [1])


SPANS = st.lists(
    st.tuples(st.integers(0, 60), st.integers(1, 30)).map(lambda pair: (pair[0], sum(pair))),
    unique=True,
    max_size=12,
)


@given(SPANS, SPANS, st.integers(0, 2**12))
def test_every_claim_gets_one_place_and_every_place_one_claim(
    there: list[tuple[int, int]], again: list[tuple[int, int]], bits: int
) -> None:
    standing = [(*span, bool(bits >> number & 1)) for number, span in enumerate(there)]
    made = plan(standing, again)
    untouched = {key for key, (_start, _end, kept) in enumerate(standing) if not kept}
    assert set(made.refreshed) | set(made.gone) == untouched
    assert not set(made.refreshed) & set(made.gone)
    placed = spans(made.refreshed.values()) + spans(made.new)
    assert len(placed) == len(set(placed))
    assert set(placed) <= set(again)
    # what moves never lands on a span that another claim holds
    held = {span: key for key, span in enumerate(there)}
    for key, item in made.refreshed.items():
        assert held.get((item.start, item.end), key) == key
    assert not set(spans(made.new)) & set(there)
    assert plan_again_is_quiet(made, standing)


def plan_again_is_quiet(made: Plan, standing: list[tuple[int, int, bool]]) -> bool:
    """The same reading once more finds every one of its claims where the first left it."""
    after = [(*standing[key][:2], True) for key in made.kept]
    after += [(item.start, item.end, False) for item in made.refreshed.values()]
    after += [(item.start, item.end, False) for item in made.new]
    again = [(item.start, item.end) for item in [*made.refreshed.values(), *made.new]]
    second = plan(after, again)
    return not second.new and not second.gone
