"""Who is behind a statement."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from claims.extraction import ExtractedClaim, Extraction, extract

Reader = Callable[[str], Extraction]


def claim_with(text: str, words: str) -> ExtractedClaim:
    claims = [claim for claim in extract(text).claims if words in claim.quote]
    assert claims, f"no claim holds {words!r}: {[c.quote for c in extract(text).claims]}"
    return min(claims, key=lambda claim: claim.end - claim.start)


@pytest.mark.parametrize(
    ("text", "words", "claimant", "attribution"),
    [
        ("Police said 300 people were arrested in Leeds.", "300 people", "Police", "reported"),
        ("Some 300 people were arrested in Leeds, police said.", "300 people", "police", "reported"),
        ("Some 300 people were arrested in Leeds, said police.", "300 people", "police", "reported"),
        (
            "Rents rose by 8 percent in 2023, according to a report by the housing ministry.",
            "8 percent",
            "a report by the housing ministry",
            "reported",
        ),
        (
            "According to the housing ministry, rents rose by 8 percent in 2023.",
            "8 percent",
            "the housing ministry",
            "reported",
        ),
        (
            "A survey by Delphi Research found that 61 percent of voters oppose the tax.",
            "61 percent",
            "A survey by Delphi Research",
            "reported",
        ),
        (
            '"We lost 40 ships in the war," said Admiral Jon Hale.',
            "40 ships",
            "Jon Hale",
            "quoted",
        ),
        (
            "Jon Hale told reporters that the navy had lost 40 ships in the war.",
            "40 ships",
            "Jon Hale",
            "reported",
        ),
        (
            "Mayor Ada Holt denied that the city had wasted £3m on the bridge.",
            "£3m",
            "Ada Holt",
            "reported",
        ),
        (
            "Ada Holt accused the council of hiding the cost of the bridge from voters.",
            "hiding the cost",
            "Ada Holt",
            "reported",
        ),
        (
            "A senior official, who asked not to be named, said 14 soldiers had died.",
            "14 soldiers",
            "A senior official",
            "reported",
        ),
        ("The city closed four libraries in March.", "four libraries", None, "author"),
        (
            "Holt's report shows that emissions fell by 12 percent.",
            "12 percent",
            "Holt's report",
            "reported",
        ),
    ],
)
def test_frames(text: str, words: str, claimant: str | None, attribution: str) -> None:
    claim = claim_with(text, words)
    assert (claim.claimant, claim.attribution) == (claimant, attribution)
    assert "said" not in claim.quote
    assert "ccording" not in claim.quote


def test_a_surname_a_title_and_a_pronoun_lead_to_the_fullest_name() -> None:
    text = (
        "Britain's health secretary Ann Marlow visited Leeds with the French health minister, Luc Petit.\n\n"
        "Marlow said 40 hospitals had been repaired since May. She added that 12 more were closed in June. "
        "The French minister said 90 clinics had been built in France.\n\n"
        '"We have hired 3,000 nurses," the British health secretary said.\n'
    )
    assert claim_with(text, "40 hospitals").claimant == "Ann Marlow"
    assert claim_with(text, "12 more").claimant == "Ann Marlow"
    assert claim_with(text, "90 clinics").claimant == "Luc Petit"
    assert claim_with(text, "3,000 nurses").claimant == "Ann Marlow"


def test_he_said_is_the_last_speaker_of_that_gender() -> None:
    text = (
        "Mr Tom Reed and Mrs Ida Long met in Cardiff. Long said 40 shops had closed. "
        "He said 12 of them were empty before the storm.\n"
    )
    assert claim_with(text, "40 shops").claimant == "Ida Long"
    assert claim_with(text, "12 of them").claimant == "Tom Reed"


def test_following_sentences_of_a_speech_keep_their_speaker() -> None:
    text = (
        'Ida Long said: "The storm destroyed 40 shops. The council paid out £3m. It took six months."\n\n'
        '"Another 12 shops closed in Newport," she said. "They had no insurance."\n'
    )
    for words in ("40 shops", "£3m", "12 shops"):
        claim = claim_with(text, words)
        assert (claim.claimant, claim.attribution) == ("Ida Long", "quoted")


def test_a_quotation_alone_in_its_paragraph_belongs_to_who_was_announced() -> None:
    text = 'Ida Long was asked about the storm. She said:\n\n"The storm destroyed 40 shops in Newport."\n'
    assert claim_with(text, "40 shops").claimant == "Ida Long"


def test_a_quotation_before_its_frame_gets_it() -> None:
    text = (
        '"The storm destroyed 40 shops. It was the worst since 1987," Ida Long told reporters in Newport.\n'
    )
    assert claim_with(text, "40 shops").claimant == "Ida Long"


def test_a_speech_over_two_paragraphs() -> None:
    text = (
        'Ida Long told reporters: "The storm destroyed 40 shops in Newport.\n\n'
        '"The council has paid out £3m since March."\n'
    )
    assert claim_with(text, "£3m").claimant == "Ida Long"


def test_words_in_quotation_marks_inside_a_paraphrase_are_judged_by_dominance() -> None:
    mostly_reported = 'Ida Long said the council had spent £3m on a "useless" new bridge in Newport.'
    mostly_quoted = 'Ida Long said the council "spent £3m on a bridge that nobody in Newport uses".'
    assert claim_with(mostly_reported, "£3m").attribution == "reported"
    assert claim_with(mostly_quoted, "£3m").attribution == "quoted"


def test_people_who_share_a_surname_are_told_apart() -> None:
    text = (
        "Bill Harmon visited Flint with his wife, Grace Harmon.\n\n"
        "Bill Harmon criticised the law in a speech on Monday. Harmon said 25 million people had lost out.\n"
    )
    assert claim_with(text, "25 million").claimant == "Bill Harmon"


def test_the_common_noun_of_a_body_leads_to_its_full_name() -> None:
    text = (
        "The Joint River Commission met in Halla on Monday. "
        "The commission said 200,000 tonnes of rice had been lost.\n"
    )
    claim = claim_with(text, "200,000")
    assert claim.claimant == "The Joint River Commission"


def test_the_photographer_is_nobodys_source() -> None:
    text = (
        "Storm hits Newport\nBroken windows in the high street Ida Long/Reuters\n\n"
        "Long lines of cars left Newport on Monday. Police said 40 shops were destroyed.\n"
    )
    assert claim_with(text, "40 shops").claimant == "Police"


def test_initials_lead_to_the_long_name() -> None:
    text = (
        "The World Health Organization (WHO) met in Geneva on Monday. "
        "WHO said two billion people had no clean water.\n"
    )
    assert claim_with(text, "two billion").claimant == "The World Health Organization"


def test_the_president_is_not_the_vice_president() -> None:
    text = (
        "Vice President Joan Marsh spoke in Leeds. The president said 40 ships had been lost in the war. "
        "Ms Marsh said 12 more were damaged.\n"
    )
    assert claim_with(text, "40 ships").claimant == "The president"
    assert claim_with(text, "12 more").claimant == "Joan Marsh"


def test_somebody_never_named_in_full_can_be_he_or_she() -> None:
    text = "A retired teacher visited Leeds. Mr Holt met her. He said 40 schools had closed since May.\n"
    claim = claim_with(text, "40 schools")
    assert claim.claimant == "Holt"


def test_reported_speech_goes_on_for_two_sentences_in_its_tense() -> None:
    text = (
        "Ida Long said the council had spent £3m on the bridge. It had also sold 40 houses to a bank. "
        "Another 12 houses had been burned down. Some 9 others had been flooded. The bridge opened in 1903.\n"
    )
    assert claim_with(text, "40 houses").claimant == "Ida Long"
    assert claim_with(text, "40 houses").attribution == "reported"
    assert claim_with(text, "12 houses").claimant == "Ida Long"
    assert claim_with(text, "9 others").claimant is None
    assert claim_with(text, "1903").claimant is None


def test_a_share_of_people_is_a_figure_and_no_speaker() -> None:
    claim = claim_with("Some 26 percent of voters in Leeds say they have paid no tax.", "26 percent")
    assert (claim.claimant, claim.attribution) == (None, "author")


def test_what_the_newspaper_can_reveal_is_its_own_voice() -> None:
    text = "The mayor's salary rose from £120,000 to £138,000 in April, the Echo can reveal."
    claim = claim_with(text, "£120,000")
    assert (claim.claimant, claim.attribution) == (None, "author")
    assert "Echo" not in claim.quote
