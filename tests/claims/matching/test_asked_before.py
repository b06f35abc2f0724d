"""Which wishes for a check are one, and which only look like it."""

from __future__ import annotations

import pytest

from claims.actions.check_requests import ask_for_check
from claims.actions.submitting import Sender
from claims.matching.asked_before import digest_of, may_be_the_same
from claims.models import CheckRequest
from claimtracker.ledger import audit

SAME = [
    ("Nobody was hurt in 2024.", "In 2024 nobody was hurt."),
    ("Crime rose in London last year.", "In London crime rose last year."),
    ("Zoll und Steuern stiegen.", "Zoll und Steuern stiegen!"),
    ("The mayor has closed three schools in the north.", "The mayor closed three schools in the north."),
    (
        "The harbour handled 4 million tonnes last year.",
        "The harbour handled 4 million tonnes in the last year",
    ),
    (
        "President Biden signed the bill on gun control.",
        "President Joe Biden signed the bill on gun control.",
    ),
]
WRITTEN_OTHERWISE = [
    ("The harbour handled 4 million tonnes.", "The harbour handled 4m tonnes."),
    ("The mayor closed three schools.", "The mayor closed 3 schools."),
    ("The mayor didn't sign the contract.", "The mayor did not sign the contract"),
]
OTHER = [
    ("Crime rose in London last year.", "Crime fell in London last year."),
    ("The mayor closed three schools in the district.", "The mayor closed seven schools in the district."),
    ("President Biden signed the bill on guns.", "President Trump signed the bill on guns."),
    ("The minister denied that the dam is unsafe.", "The minister said that the dam is unsafe."),
    # a name that only its place gives a capital, and names of more than one word
    ("Biden won the vote in Ohio.", "Trump won the vote in Ohio."),
    ("Joe Biden signed the bill on guns.", "Hunter Biden signed the bill on guns."),
    ("West Virginia voted for Biden.", "Virginia voted for Biden."),
    ("The Bank of England raised its rates.", "The Bank of Scotland raised its rates."),
    ("Biden and Trump signed the bill on guns.", "Biden signed the bill on guns."),
    # what the comparison of claims does not know to be opposites
    ("Vaccines cause autism in children.", "Vaccines prevent autism in children."),
    ("Zoll und Steuern stiegen im Mai.", "Zoll und Steuern sanken im Mai."),
    ("Die Stadt hat die Schule gebaut.", "Die Stadt hat die Schule nicht gebaut."),
    # who did it to whom
    ("Israel attacked Iran on Friday.", "Iran attacked Israel on Friday."),
    ("Israeli jets attacked Iranian forces.", "Israeli jets were attacked by Iranian forces."),
    ("It cost 4.2 million.", "It cost 4,2 million."),
    ("It cost 4 million.", "It cost 5 million."),
    ("It cost £4 million.", "It cost €4 million."),
    ("It was 5 degrees in Oslo.", "It was -5 degrees in Oslo."),
    ("It wasn't so in 2024.", "It was so in 2024."),
    ("The former president was jailed.", "The president was jailed."),
]


@pytest.mark.parametrize(("one", "other"), [*SAME, *WRITTEN_OTHERWISE])
def test_the_same_in_like_words_is_one_wish(one: str, other: str) -> None:
    assert may_be_the_same(one, other)
    assert may_be_the_same(other, one)


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_opposites_other_numbers_and_other_names_are_another(one: str, other: str) -> None:
    assert not may_be_the_same(one, other)
    assert not may_be_the_same(other, one)
    assert digest_of(one) != digest_of(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("The city spent 14 million.", "  the CITY spent 14 million"), ("Up 5% in May.", "up 5 % in may")],
)
def test_case_spaces_and_punctuation_are_no_difference(one: str, other: str) -> None:
    assert digest_of(one) == digest_of(other)


@pytest.mark.django_db
@pytest.mark.parametrize(("pairs", "rows"), [(SAME, 1), (OTHER, 2)])
def test_so_they_are_counted(pairs: list[tuple[str, str]], rows: int) -> None:
    for one, other in pairs:
        CheckRequest.objects.all().delete()
        for name, text in (("wire", one), ("echo", other)):
            ask_for_check(
                text, sender=Sender(f"partner:{name}", audit.partner_actor(f"partner:{name}", name))
            )
        assert CheckRequest.objects.count() == rows, one
