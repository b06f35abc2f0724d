"""Which rule takes a claim, by every condition there is, and how urgent it is: plain rules over facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from time import process_time

import pytest

from reviews.placement import priority
from reviews.placement.facts import ClaimFacts, TopicWords
from reviews.placement.rules import Conditions, Otherwise, Rule, Rulebook, place
from reviews.placement.words import first_word_in, searchable

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
HEALTH = TopicWords(7, "Health", ("hospital", "vaccin"), harm=2 / 3, harm_label="serious")
FACTS = ClaimFacts(
    claim_id=1,
    home=10,
    words=searchable("The hospital lost 4 beds\nThe hospital lost 4 beds"),
    headlines=searchable("Cuts hit the clinic"),
    claimant="Ann Lee",
    kind="quantity",
    score=0.8,
    signs=("a number: 4",),
    languages=frozenset({"en-gb"}),
    partners=frozenset({"city-wire"}),
    desks=frozenset({10}),
    outlets=frozenset({"City Wire"}),
    asked_by=frozenset({"city-wire"}),
    newest=NOW - timedelta(hours=1),
)
WEIGHTS = {"check_worthiness": 50, "reach": 15, "harm": 15, "freshness": 10, "partners": 10}


def book(*rules: Rule, otherwise: Otherwise = Otherwise(None, 48)) -> Rulebook:  # noqa: B008 - frozen
    return Rulebook(rules, (HEALTH,), otherwise, {10: "Politics", 11: "World"}, {"quantity": "Quantity"})


def rule(number: int = 1, **conditions: object) -> Rule:
    return Rule(number, f"Rule {number}", Conditions(**conditions), desk=20, deadline_hours=12)


@pytest.mark.parametrize(
    ("conditions", "because"),
    [
        ({"topics": frozenset({7})}, "topic Health"),
        ({"topics": frozenset({8})}, None),
        ({"desks": frozenset({10, 11})}, "came in at Politics"),
        ({"desks": frozenset({11})}, None),
        ({"claimants": ("ann lee",)}, "said by Ann Lee"),
        ({"claimants": ("Lee",)}, "said by Ann Lee"),
        ({"claimants": ("Le'e", "Bo")}, None),
        ({"kinds": frozenset({"quantity"})}, "kind quantity"),
        ({"kinds": frozenset({"cause"})}, None),
        ({"min_score": 0.8}, "score at least 0.80"),
        ({"min_score": 0.81}, None),
        ({"max_score": 0.8}, "score at most 0.80"),
        ({"max_score": 0.79}, None),
        ({"languages": frozenset({"en"})}, "language en-gb"),
        ({"languages": frozenset({"en-us", "de"})}, None),
        ({"partners": frozenset({"city-wire", "other"})}, "sent by city-wire"),
        ({"partners": frozenset({"other"})}, None),
        ({"keywords": ("Hospital",)}, "“Hospital”"),
        ({"keywords": ("moon", "clinic")}, "“clinic” in the headline"),
        ({"keywords": ("moon",)}, None),
    ],
)
def test_each_condition_decides_and_says_so(conditions: dict[str, object], because: str | None) -> None:
    placed = place(FACTS, book(rule(**conditions)))
    assert (placed.rule is not None) is (because is not None)
    assert placed.because == (() if because is None else (because,))


def test_all_conditions_of_a_rule_have_to_hold() -> None:
    one = rule(keywords=("hospital",), topics=frozenset({7}), claimants=("Ann Lee",))
    assert place(FACTS, book(one)).because == ("“hospital”", "topic Health", "said by Ann Lee")
    assert place(replace(FACTS, claimant="Bo Ray"), book(one)).rule is None


def test_the_first_rule_that_matches_decides() -> None:
    placed = place(FACTS, book(rule(1, min_score=0.9), rule(2), rule(3, keywords=("hospital",))))
    assert placed.rule is not None
    assert placed.rule.rule_id == 2


def test_what_no_rule_matches_goes_somewhere_all_the_same() -> None:
    at_home = place(FACTS, book(rule(min_score=1)))
    assert (at_home.rule, at_home.desk, at_home.deadline_hours) == (None, 10, 48)
    elsewhere = place(FACTS, book(otherwise=Otherwise(30, 24, "triage")))
    assert (elsewhere.desk, elsewhere.deadline_hours, elsewhere.first_step) == (30, 24, "triage")


@pytest.mark.parametrize(
    ("words", "text", "found"),
    [
        (("vaccin",), "two vaccines", "vaccin"),
        (("tax",), "the surtax rose", None),
        (("tax",), "by taxi", "tax"),
        (('"tax"',), "by taxi", None),
        (('"tax"',), "a tax, he said", '"tax"'),
        (("€",), "it cost 40€", "€"),
        (("Air Strike",), "an air  strike", "Air Strike"),
        (("prix",), "straße und prix", "prix"),
        (("STRASSE",), "die Straße", "STRASSE"),
        (("", "  ", '""', "b"), "a b", "b"),
        (("a.b",), "axb", None),
        (("co-op",), "the Co-op's shops", "co-op"),
        (("op",), "the co-op", "op"),
        (("air strike",), "an air\nstrikes", "air strike"),
        (("“air strike”",), "air strikes", None),
        (("\x02", "\x03"), "any text", None),
        (("any",), "\x02any\x03", "any"),
    ],
)
def test_words_are_found_at_the_beginning_of_words(
    words: tuple[str, ...], text: str, found: str | None
) -> None:
    assert first_word_in(words, searchable(text)) == found


def test_a_thousand_words_are_looked_for_in_a_week_of_claims_while_somebody_types() -> None:
    text = searchable("The council said that the hospital would lose beds in the winter, and more. " * 5)
    claims = [replace(FACTS, claim_id=number, words=text) for number in range(500)]
    rules = [
        rule(number, keywords=tuple(f"never{number}x{word}" for word in range(10))) for number in range(1, 31)
    ]
    began = process_time()
    for facts in claims:
        assert place(facts, book(*rules)).rule is None
    assert process_time() - began < 2  # a hundredth of this is usual; patterns took a hundred times as long


def weighed(facts: ClaimFacts = FACTS, **options: object) -> priority.Priority:
    return priority.weigh(facts, (HEALTH,), **{"weights": WEIGHTS, "fresh_hours": 72, "now": NOW, **options})


def test_the_parts_make_the_points() -> None:
    found = weighed()
    points = {part.part: round(part.points, 1) for part in found.parts}
    assert points == {"check_worthiness": 40, "reach": 0, "harm": 10, "freshness": 10, "partners": 6}
    assert found.points == 66
    assert {part.part: part.why for part in found.parts} == {
        "check_worthiness": "0.80: a number: 4",
        "reach": "1 outlet",
        "harm": "Health: serious",
        "freshness": "last appeared 20 November 11:00 UTC",
        "partners": "sent by city-wire",
    }


def test_weights_need_not_add_up_to_a_hundred() -> None:
    assert weighed(weights={name: weight * 3 for name, weight in WEIGHTS.items()}).points == 66
    only_worth = {**dict.fromkeys(WEIGHTS, 0), "check_worthiness": 2}
    found = weighed(weights=only_worth)
    assert (found.points, found.until) == (80, None)


def test_what_a_rule_adds_is_a_part_and_the_sum_stays_within_bounds() -> None:
    high = weighed(extra=[("rule", 60, "rule “Libel”")])
    assert high.points == 100
    assert high.as_json()[-1] == {"part": "rule", "value": 1.0, "points": 60, "why": "rule “Libel”"}
    assert weighed(extra=[("rule", -100, "rule “Later”")]).points == 0
    assert len(weighed(extra=[("rule", 0, "nothing")]).parts) == 5


@pytest.mark.parametrize(("outlets", "value"), [(0, 0), (1, 0), (2, 0.25), (4, 0.5), (16, 1), (400, 1)])
def test_reach_grows_by_doubling(outlets: int, value: float) -> None:
    assert priority.reach(outlets) == value


def test_freshness_falls_in_steps_and_says_when_the_next_comes() -> None:
    def at(hours: float) -> tuple[float, datetime | None]:
        return priority.freshness(NOW - timedelta(hours=hours), fresh_hours=72, now=NOW)

    assert at(0) == (1, NOW + timedelta(hours=7.2))
    assert at(7.3)[0] == pytest.approx(0.9)
    assert at(71)[0] == pytest.approx(0.1)
    assert at(72) == (0, None)
    assert at(-30) == (1, NOW + timedelta(hours=7.2))
    assert priority.freshness(None, fresh_hours=72, now=NOW) == (0, None)
