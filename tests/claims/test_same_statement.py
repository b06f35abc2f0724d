"""Which offers of one article state the same, and which only look like it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.matching.same_statement import Said, groups_of, same_statement
from claims.matching.statement_words import words_of

CUT = "The council cut its budget by 9 per cent"


def said(text: str, claimant: str = "", *, quote: str = "", head: bool = False, people: str = "") -> Said:
    names = frozenset(name for name in people.split(", ") if name)
    return Said(text, quote or text, claimant, in_headline=head, people=names)


SAME = {
    "the same sentence again": (said(CUT), said(f"{CUT}.")),
    "case and marks": (said(CUT), said("“The council cut its budget by 9 per cent”")),
    "numbers as they are written": (said(CUT), said("The council cut its budget by nine percent.")),
    "a short scale": (
        said("Repairs of the bridge cost £9.4m"),
        said("Repairs of the bridge cost £9.4 million"),
    ),
    "grouped digits": (said("The museum drew 12500 visitors"), said("The museum drew 12,500 visitors")),
    "a shortened not": (
        said("The mayor didn't sign the builder's contract"),
        said("The mayor did not sign the builder's contract"),
    ),
    "one voice is not known": (said(CUT), said(CUT, "Ann Lee")),
    "the name in full once": (said(CUT, "Lee"), said(CUT, "Ann Lee")),
    "a headline in the present": (
        said("Council closes four libraries in Eastmouth", head=True),
        said("The council closed four libraries in Eastmouth"),
    ),
    "an irregular one": (
        said("Labour wins three seats in the north", head=True),
        said("Labour has won three seats in the north."),
    ),
    "a day that only one gives": (
        said("In all, 691 delegates are up for grabs in five states."),
        said("In all, 691 delegates are up for grabs Tuesday in five states."),
    ),
    "a month that only one gives": (said(CUT), said(f"{CUT} in March")),
    "a first name": (
        said("Lee cut the budget by 9 per cent", people="Ann Lee"),
        said("Ann Lee cut the budget by 9 per cent", people="Ann Lee"),
    ),
    "a title": (
        said("Mayor Ann Lee cut the budget by 9 per cent", people="Ann Lee"),
        said("Ann Lee cut the budget by 9 per cent", people="Ann Lee"),
    ),
    "a long sentence with a loose word": (
        said("It takes 1,237 delegates to win the Republican nomination for president."),
        said("It takes 1,237 delegates to win the Republican nomination for president."),
    ),
    "the same long words, one put in full": (
        said(
            "Eastmouth council lost £2m on the sale of three parks last year",
            quote="the council lost £2m on the sale of three parks last year",
        ),
        said("The council lost £2m on the sale of three parks last year"),
    ),
}

OTHER = {
    "another number": (said(CUT), said("The council cut its budget by 8 per cent")),
    "a number that only one has": (said("The council cut its budget"), said(CUT)),
    "another year": (
        said("Crime fell in the town centre in 2015"),
        said("Crime fell in the town centre in 2016"),
    ),
    "another day": (
        said("The council voted on Monday to close four libraries"),
        said("The council voted on Tuesday to close four libraries"),
    ),
    "days on either side": (
        said("On Monday the council closed four libraries in town"),
        said("The council closed four libraries in town last week"),
    ),
    "a not": (
        said("The mayor signed the contract in May"),
        said("The mayor never signed the contract in May"),
    ),
    "other claimants": (said(CUT, "Ann Lee"), said(CUT, "Bo Kim")),
    "claimants of one surname": (said(CUT, "Ann Lee"), said(CUT, "Bruce Lee")),
    "another order": (
        said("Labour beat the Conservatives in three wards of Leeds"),
        said("The Conservatives beat Labour in three wards of Leeds"),
    ),
    "another place": (said("Crime rose by 5 per cent in Leeds"), said("Crime rose by 5 per cent in York")),
    "a place that only one names": (
        said("Crime rose by 5 per cent"),
        said("Crime rose by 5 per cent in York"),
    ),
    "a word that narrows": (
        said("Three teachers were dismissed by the school board"),
        said("Three senior teachers were dismissed by the school board"),
    ),
    "a hedge": (
        said("The minister took money from the builder"),
        said("The minister may have taken money from the builder"),
    ),
    "a plural": (
        said("The minister resigned over the loan scandal"),
        said("The ministers resigned over the loan scandal"),
    ),
    "done and suffered": (
        said("The minister accused the bank of fraud"),
        said("The minister was accused of fraud by the bank"),
    ),
    "other people of one surname": (
        said("Ann Lee cut the budget of the town", people="Ann Lee, Bruce Lee"),
        said("Bruce Lee cut the budget of the town", people="Ann Lee, Bruce Lee"),
    ),
    "words that belong to a place's name": (
        said("The North Carolina primary drew record crowds"),
        said("The Carolina primary drew record crowds"),
    ),
    "the tense outside of a headline": (
        said("Labour leads in three northern seats"),
        said("Labour led in three northern seats"),
    ),
    "a loose short sentence": (said("It takes 2,383 to win."), said("It takes 2,383 to win.")),
    "a loose sentence with other words behind it": (
        said("He sold four of the libraries to a builder in May 2014", quote="He sold four of them"),
        said("He sold four of the libraries to a builder in May 2014", quote="who sold four"),
    ),
    "too little said": (said("The lead is bigger."), said("The lead is bigger.")),
    "no sentence": (said("including wide support for the other candidates"),) * 2,
    "we, of nobody known": (said("We spent more on roads than any other town in Kent"),) * 2,
    "part of it": (
        said("Cruz has 11 delegates and Rubio has 10"),
        said("Cruz has 11 delegates"),
    ),
}


@pytest.mark.parametrize("pair", SAME.values(), ids=SAME)
def test_these_are_one_claim(pair: tuple[Said, Said]) -> None:
    one, other = pair
    assert same_statement(one, other)
    assert same_statement(other, one)
    assert groups_of(pair) == [[0, 1]]


@pytest.mark.parametrize("pair", OTHER.values(), ids=OTHER)
def test_these_are_two(pair: tuple[Said, Said]) -> None:
    one, other = pair
    assert not same_statement(one, other)
    assert not same_statement(other, one)
    assert groups_of(pair) == [[0], [1]]


def test_a_group_is_no_chain() -> None:
    """Somebody unknown may be either of two people; they are not each other."""
    offers = [said(CUT, "Ann Lee"), said(CUT), said(CUT, "Bo Kim")]
    assert groups_of(offers) == [[0, 1], [2]]


def test_what_is_said_three_times_is_one_group() -> None:
    offers = [said(CUT), said("Rents rose faster in Eastmouth than in London"), said(f"{CUT}."), said(CUT)]
    assert groups_of(offers) == [[0, 2, 3], [1]]


TEXT = "the council mayor cut budget by 9 8 per cent not in march on monday has lee ann closed closes four"
WORDS = st.sampled_from(TEXT.split())


@given(st.lists(st.lists(WORDS, min_size=1, max_size=9).map(" ".join).map(str.capitalize), max_size=8))
def test_every_offer_is_in_one_group_of_its_equals(texts: list[str]) -> None:
    offers = [said(text) for text in texts]
    groups = groups_of(offers)
    assert sorted(place for group in groups for place in group) == list(range(len(offers)))
    for group in groups:
        for one in group:
            assert all(same_statement(offers[one], offers[other]) for other in group if other != one)


@given(st.text(max_size=80), st.text(max_size=80))
def test_it_does_not_matter_which_comes_first(one: str, other: str) -> None:
    assert same_statement(said(one), said(other)) == same_statement(said(other), said(one))


def test_words_do_not_hang_on_how_they_are_set() -> None:
    assert words_of("Mr Lee’s plan: 9.4m more — “can’t” wait") == words_of(
        "lee's plan 9.4 million more can not wait"
    )
    assert words_of("") == ()


def test_three_thousand_offers_are_compared_in_good_time() -> None:
    offers = [
        said(f"The council cut the budget of ward {n % 1000} in the north by {n} pounds") for n in range(1500)
    ]
    offers += [
        said(f"The council of ward{n} closed library{n % 50} in the north of the town") for n in range(1500)
    ]
    began = time.process_time()
    assert len(groups_of(offers)) == 3000
    assert time.process_time() - began < 10
