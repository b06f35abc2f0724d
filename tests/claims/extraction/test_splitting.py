"""One fact per claim."""

from __future__ import annotations

import re

import pytest

from claims.extraction import extract


def words_of(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))


def quotes(text: str) -> list[str]:
    return [claim.quote for claim in extract(text).claims]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Rents rose by 8 percent in 2023, although wages in the city fell by 2 percent.",
            ["Rents rose by 8 percent in 2023", "wages in the city fell by 2 percent"],
        ),
        (
            "The council closed four libraries in May and sold the old fire station for £3m.",
            ["The council closed four libraries in May", "sold the old fire station for £3m"],
        ),
        (
            "Ida Long said that 40 shops had closed, and that the council had paid out £3m.",
            ["40 shops had closed", "the council had paid out £3m"],
        ),
        (
            "The ministers met in Paris on 20 January in order to improve the strategy.",
            ["The ministers met in Paris on 20 January"],
        ),
    ],
)
def test_compound_sentences_come_apart(text: str, expected: list[str]) -> None:
    assert quotes(text) == expected


def test_a_relative_clause_between_commas_is_a_fact_of_its_own() -> None:
    text = "The terminal, which opened in June after two delays, has cost the city £41m."
    found = quotes(text)
    assert "The terminal, which opened in June after two delays" in found
    assert any(quote.endswith("£41m") for quote in found)


def test_a_fact_inside_a_purpose_is_its_own_words_only() -> None:
    text = (
        'The general said: "The aim of today is to make use of the losses the rebels have suffered in Mosul '
        'and to finish this."'
    )
    assert quotes(text) == ["the losses the rebels have suffered in Mosul"]


def test_the_wording_gives_a_clause_its_subject_back() -> None:
    claims = extract("The council closed four libraries in May and sold the old fire station for £3m.").claims
    assert [claim.text for claim in claims] == [
        "The council closed four libraries in May.",
        "The council sold the old fire station for £3m.",
    ]
    relative = extract("The terminal, which opened in June after two delays, is used by 900 ships.").claims[0]
    assert relative.text == "The terminal opened in June after two delays."


def test_wordings_invent_no_words() -> None:
    text = "The council, which met in Leeds on Monday, closed 4 libraries and sold 12 houses to a bank."
    for claim in extract(text).claims:
        assert words_of(claim.text) <= words_of(text)


def test_no_fact_is_offered_twice() -> None:
    text = "Police said 300 people were arrested in Leeds on Monday, and that 12 officers were hurt."
    spans = [(claim.start, claim.end) for claim in extract(text).claims]
    assert len(spans) == 2
    assert spans[0][1] <= spans[1][0]
