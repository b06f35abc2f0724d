"""What is offered, what is not, and the reasons given."""

from __future__ import annotations

import pytest

from claims.extraction import ExtractedClaim, extract
from claims.extraction.offering import MOST_OFFERED
from claims.samples import load_samples


def only(text: str) -> ExtractedClaim:
    claims = extract(text).claims
    assert len(claims) == 1, [claim.quote for claim in claims]
    return claims[0]


@pytest.mark.parametrize(
    "text",
    [
        "Should a hospital be allowed to investigate itself?",
        "Close the border now.",
        "The next meeting of the council is on 12 December.",
        "The minister promised to build 400 houses by May.",
        "The government will cut taxes next year.",
        "We must do more to help the farmers of this country.",
        "I am proud of the people of Leeds.",
        '"It is a disgrace," said Ida Long.',
        '"I deplore that," said Ida Long.',
        "The minister is playing with fire and matches.",
        "The hospital would not comment on the report.",
        "The details have not been announced.",
        "Ida Long hopes to meet the minister in May.",
        "It was a beautiful day.",
        "He asked whether the bridge was safe.",
    ],
)
def test_no_claims(text: str) -> None:
    assert extract(text).claims == ()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Floods killed several hundred people in Benin.", "a number: several hundred"),
        ("Germany sold 40 tanks to Poland in May.", "names an actor: Germany"),
        ("Ida Long accused the bank of hiding its losses.", "an accusation"),
        ("Bomb attacks killed 12 people in Kabul.", "harm to people or things"),
        ("Rents in Leeds rose by 8 percent.", "a comparison"),
        ("The factory closed because of high taxes in Poland.", "a cause and its effect"),
    ],
)
def test_reasons_are_words_for_people(text: str, reason: str) -> None:
    claim = extract(text).claims[0]
    assert reason in claim.reasons
    assert len(claim.reasons) <= 5


def test_a_figure_is_quoted_with_its_sign_and_unit() -> None:
    assert "a number: £9.4m" in only("The city of Leeds spent £9.4m on the bridge.").reasons
    assert "a number: 38%" in only("The grant to Leeds was cut by 38% in May.").reasons


def test_figures_and_harm_outrank_bare_events() -> None:
    grave = only("Two bombs killed 60 people in Kabul on Monday.")
    plain = only("The mayor of Leeds opened the new library.")
    assert grave.score > plain.score


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Floods killed several hundred people in Benin.", "quantity"),
        ("The factory in Leeds closed because taxes were raised.", "cause"),
        ("Poland has more tanks than Germany has, at 900.", "comparison"),
        ("The court in Leeds convicted the banker in May.", "legal"),
        ("The vaccine prevents the disease in children in Benin.", "scientific"),
        ("The ministers met in Paris on Monday.", "event"),
        ("Ida Long rejected the charge of the police in Leeds on Monday.", "quotation"),
    ],
)
def test_kinds(text: str, kind: str) -> None:
    assert extract(text).claims[0].kind == kind


def test_a_short_article_offers_at_most_twenty() -> None:
    text = " ".join(f"Police in Leeds arrested {n} men in May {1900 + n}." for n in range(21, 34))
    assert len(extract(text).claims) <= MOST_OFFERED


def test_every_sample_yields_a_good_number_of_claims_and_speakers() -> None:
    for sample in load_samples():
        claims = extract(sample.body).claims
        assert 10 <= len(claims) <= 26, sample.slug
        assert len({claim.claimant for claim in claims if claim.claimant}) >= 3, sample.slug


def test_a_reason_names_the_acronym_that_the_article_has() -> None:
    claim = only("Soldiers bombed IS camps near Raqqa on Monday.")
    assert any("IS" in reason for reason in claim.reasons)
    assert not any(stand_in in reason for reason in claim.reasons for stand_in in ("UN", "NHS", "NATO"))
