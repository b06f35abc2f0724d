"""Pieces that are no sentences: which are left out, and how the others are worded."""

from __future__ import annotations

import pytest

from claims.extraction import ExtractedClaim, extract


def offered(text: str) -> list[str]:
    return [claim.quote for claim in extract(text).claims]


def one_with(text: str, words: str) -> ExtractedClaim:
    found = [claim for claim in extract(text).claims if words in claim.quote]
    assert found, offered(text)
    return min(found, key=lambda claim: claim.end - claim.start)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Ida Long found that the council had lost £3m after the lease was signed.", "the lease was signed"),
        ("The housing watchdog criticised the bank for the manner in which it lends.", "manner"),
        ("Ida Long blamed greed for the state of the roads.", "greed for"),
        ("Two shops closed in Leeds. It rose last year.", "It rose"),
        ("The finance ministry said it had received no letter.", "no letter"),
        ("Mayor Ida Long praised the scheme.", "praised"),
        ("The bank apologised to its customers.", "apologised"),
        ("Ida Long declined to say whether she would resign.", "declined"),
    ],
)
def test_fragments_stances_and_bare_pronouns_are_not_offered(text: str, words: str) -> None:
    assert not [quote for quote in offered(text) if words in quote]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Ida Long said the general would use the losses the rebels suffered in Mosul.", "the losses"),
        ("Nurses fled Leeds after bombs had killed six people in the ward.", "bombs had killed six people"),
        ("Ida Long blamed Poland for the shooting.", "Poland for the shooting"),
        ("The ministers said they had reached an agreement on fishing.", "they had reached"),
    ],
)
def test_pieces_with_a_figure_a_name_or_harm_still_are(text: str, words: str) -> None:
    assert [quote for quote in offered(text) if words in quote]


def test_a_time_clause_with_a_figure_is_quoted_without_its_conjunction() -> None:
    claim = one_with("The ward was closed after managers had ignored nine letters.", "nine letters")
    assert claim.quote == "managers had ignored nine letters"
    assert claim.text == "Managers had ignored nine letters."


def test_an_accusation_is_worded_with_the_accused_for_its_subject() -> None:
    text = "The nurses' union accused the bank of ignoring two warnings."
    claim = one_with(text, "two warnings")
    assert claim.quote == "ignoring two warnings"
    assert claim.text == "The bank ignored two warnings."


def test_a_participle_gets_its_subject_and_a_tense() -> None:
    text = "The coalition lost its majority in Torvale on Sunday, winning 58 of the 121 seats in parliament."
    claim = one_with(text, "58")
    assert claim.quote == "winning 58 of the 121 seats in parliament"
    assert claim.text == "The coalition won 58 of the 121 seats in parliament."


def test_a_presupposed_fact_is_worded_as_a_sentence() -> None:
    text = (
        'The general said: "The aim of today is to make use of the losses the rebels have suffered in Mosul."'
    )
    claim = one_with(text, "losses")
    assert claim.quote == "the losses the rebels have suffered in Mosul"
    assert claim.text == "The rebels have suffered losses in Mosul."


def test_a_coordinated_clause_gets_the_name_its_pronoun_stands_for() -> None:
    text = "Ida Long met the mayor. She closed four libraries in May and sold the old fire station for £3m."
    claim = one_with(text, "£3m")
    assert claim.text == "Ida Long sold the old fire station for £3m."


def test_a_clause_about_somebodys_relative_is_no_sentence_about_them() -> None:
    text = "Ida Long, whose son Callum, 17, died in August, said the council had closed 14 youth clubs."
    for claim in extract(text).claims:
        assert not (claim.text.startswith("Ida Long, whose") and claim.text.endswith("."))


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("The price of the 9.2-mile line rose from £212m to £276m in Leeds.", "from £212m to £276m"),
        ("Of the 70 shops that stood in Leeds in May, 19 have closed.", "19"),
        ("The dam, built with a $2bn loan from Poland, supplies 40 percent of its power.", "40 percent"),
        ("The bank in Leeds cut its 30-strong board by 12 percent.", "12 percent"),
        ("The grant to Leeds went up by £4m.", "£4m"),
        ("A 9.2-mile line was opened in Leeds by Ida Long.", "9.2-mile"),
    ],
)
def test_the_figure_in_the_reason_is_the_statements_own(text: str, figure: str) -> None:
    reasons = [reason for claim in extract(text).claims for reason in claim.reasons]
    assert f"a number: {figure}" in reasons


def test_a_time_clause_that_leads_in_stays_with_its_sentence() -> None:
    text = "Before the vote was counted, the mayor sold 40 houses to a bank in Leeds."
    assert one_with(text, "40 houses").text == text
