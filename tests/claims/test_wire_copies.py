"""Which offer is a claim of a near-identical article: the same words, voice, sentence and days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from claims.matching.same_statement import Said
from claims.matching.wire_copies import Placed, StandingClaims, is_same_claim, sentence_around

WORDS = "the council cut its budget by 9 per cent"
DAY = date(2026, 3, 4)


def placed(
    sentence: str = f"On Monday {WORDS}, Helen Marsh said.",
    *,
    quote: str = WORDS,
    text: str = "",
    claimant: str = "Helen Marsh",
    day: date = DAY,
    edited: bool = False,
) -> Placed:
    return Placed(Said(text or quote.capitalize(), quote, claimant), sentence, day, edited)


SAME = {
    "word for word": placed(),
    "other quotation marks": placed(f"On Monday “{WORDS}”, Helen Marsh said."),
    "with a dateline": placed(f"EASTMOUTH (Reuters) - On Monday {WORDS}, Helen Marsh said."),
    "said to somebody": placed(f"On Monday {WORDS}, Helen Marsh told Reuters."),
    "the surname only": placed(claimant="Marsh"),
    "put in full": placed(text="The council of Eastmouth cut the town's budget by 9 per cent"),
    "five days on": placed(day=DAY + timedelta(days=5)),
    "reworded by a person": placed(text="The city spends less", edited=True),
}
OTHER = {
    "other words": placed(quote="the council cut its budget by 8 per cent"),
    "another voice": placed(claimant="Bo Kim"),
    "nobody's word": placed(claimant=""),
    "another place": placed(f"In Leeds on Monday {WORDS}, Helen Marsh said."),
    "denied": placed(f"It is not true that on Monday {WORDS}, Helen Marsh said."),
    "another wording": placed(text="The county cut its budget by 9 per cent"),
    "a month on, for “on Monday”": placed(day=DAY + timedelta(days=30)),
}


@pytest.mark.parametrize("standing", SAME.values(), ids=SAME)
def test_this_is_the_claim(standing: Placed) -> None:
    assert is_same_claim(placed(), standing)
    assert StandingClaims([(7, standing)]).same_as(placed()) == 7


@pytest.mark.parametrize("standing", OTHER.values(), ids=OTHER)
def test_this_is_not(standing: Placed) -> None:
    assert not is_same_claim(placed(), standing)
    assert StandingClaims([(7, standing)]).same_as(placed()) is None


@pytest.mark.parametrize(("when", "same"), [("in May", False), ("in May 2014", True), ("", True)])
def test_a_month_later_only_what_does_not_count_from_the_day_is_the_same(when: str, same: bool) -> None:
    one = placed(f"{WORDS.capitalize()} {when}.")
    assert is_same_claim(one, replace(one, day=DAY + timedelta(days=30))) == same
    assert is_same_claim(one, replace(one, day=None))


def test_the_first_that_fits_is_it() -> None:
    there = [(1, placed(claimant="Bo Kim")), (2, placed()), (3, placed())]
    assert StandingClaims(there).same_as(placed()) == 2


def test_the_sentence_ends_where_it_ends_and_with_its_line() -> None:
    body = "Headline\nIt rained. Prices rose by 9 per cent, he said. “So what?” Nobody knows.\nEnd"

    def around(words: str) -> str:
        start = body.index(words)
        return sentence_around(body, start, start + len(words)).strip()

    assert around("Prices rose") == "Prices rose by 9 per cent, he said."
    assert around("Headline") == "Headline"
    assert around("Nobody") == "Nobody knows."
    endless = "word " * 100_000
    assert len(sentence_around(endless, 250_000, 250_010)) < 1300
