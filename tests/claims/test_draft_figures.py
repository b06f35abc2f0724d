"""Figures in indirect speech beside the transcript: told where they differ, quiet where they stand there."""

from __future__ import annotations

import pytest

from claims.draft_figures import figures_beside
from claims.draft_reading import quotations_beside
from claims.extraction import extract
from claims.transcript_reading import LONGEST_SHOWN, Transcript


def found(body: str, transcript: str) -> list[tuple[str, str]]:
    """(the figure of the draft, what the transcript has instead) of each remark."""
    remarks = figures_beside(body, transcript, extract(body).claims, quotations_beside(body, transcript))
    return [(body[one.start : one.end], one.instead) for one in remarks]


MINISTER = (
    "Crime in our cities is up 14 per cent on last year, and nobody is happy about it. "
    "We will put 450 more officers on the streets. The budget for that is 32 million pounds."
)
DIFFERS = {
    "the minister's crime figure": (
        "The interior minister said on Monday that crime in the cities had risen by 40 per cent in a year.",
        MINISTER,
        [("40 per cent", "14 per cent")],
    ),
    "a count of people": (
        "Justice minister Ann Lee said 540 more officers would be put on the streets.",
        MINISTER,
        [("540", "450")],
    ),
    "money, three digits turned round": (
        "According to the minister, the budget for the new officers is £23m.",
        MINISTER,
        [("£23m", "32 million pounds")],
    ),
    "a slip between million and billion": (
        "The chancellor said the government had borrowed $3.4 billion last month.",
        "CHANCELLOR REEVE: Last month we borrowed 3.4 million dollars, less than anybody had forecast.",
        [("$3.4 billion", "3.4 million dollars")],
    ),
    "spoken in words": (
        "Mayor Tom Okafor said rents in the city had gone up by 30% since he took office.",
        "OKAFOR: Since I took office rents in this city have gone up by thirteen per cent. That's too much.",
        [("30%", "thirteen per cent")],
    ),
    "captions without full stops": (
        "The head of the hospital said 1,200 patients were waiting for an operation.",
        "so we have at the moment in this hospital\n2,100 patients waiting for an operation and\n"
        "that is a record",
        [("1,200", "2,100")],
    ),
    "with the time of each line": (
        "Defence secretary Mark Hall said that 90 per cent of the recruits finish their training.",
        "[00:14:03] HALL: What I can tell you is\n"
        "[00:14:09] HALL: 60 per cent of the recruits finish their training.",
        [("90 per cent", "60 per cent")],
    ),
    "nowhere, said by the only one who speaks": (
        "Water company chief Jane Roe said that 8,000 households were without water on Tuesday.",
        "We're sorry. Households in the north were without water on Tuesday and we've brought bottles.",
        [("8,000", "")],
    ),
    "nowhere and nothing like it": (
        "The minister said that inflation had fallen to 2.1 per cent.",
        "Thank you for coming. I shall be brief, since the train leaves at five.",
        [("2.1 per cent", "")],
    ),
    "a share that was another": (
        "Education minister Lena Roe said two thirds of the schools had no music teacher.",
        "ROE: A third of our schools have no music teacher. It's a disgrace.",
        [("two thirds", "A third")],
    ),
    "a year": (
        "Environment minister Per Holm said the last coal plant would close in 2029.",
        "HOLM: The last coal plant will close in 2035, and not a day later.",
        [("2029", "2035")],
    ),
    "one of two figures": (
        "The police chief said 12 people had been hurt and 45 arrested at the march.",
        "At the march 12 people were hurt. We've arrested 35 people so far.",
        [("45", "")],
    ),
    "among several speakers, who is named": (
        "Finance minister Eva Lind said unemployment was at 7.8 percent. The trade union leader Karl Berg "
        "said that 3,000 jobs were at risk at the harbour.",
        "HOST: Welcome.\nLIND: Unemployment is at 8.7 percent, you know that.\n"
        "BERG: At the harbour alone 3,000 jobs are at risk.",
        [("7.8 percent", "8.7 percent")],
    ),
}
SAME = {
    "per cent, %, percent": (
        "The minister said crime had risen by 14%.",
        MINISTER,
    ),
    "words for digits": (
        "The minister said crime had risen by fourteen percent.",
        MINISTER,
    ),
    "digits for words": (
        "Mayor Tom Okafor said rents had gone up by 13 per cent.",
        "OKAFOR: Rents have gone up by thirteen per cent.",
    ),
    "rounded, with a word that says so": (
        "The minister said the state had built nearly 900 homes last year.",
        "Last year we built 893 homes.",
    ),
    "rounded, as papers do": (
        "The minister said the new bridge had cost £3.2m.",
        "The new bridge has cost us 3,184,000 pounds in all.",
    ),
    "a point heard as a word": (
        "The minister said the new bridge had cost £1.5 million.",
        "It's cost one point five million, the bridge, and it's worth every penny.",
    ),
    "more than": (
        "The union leader said more than 40 per cent of nurses thought of leaving.",
        "Forty-three per cent of nurses think of leaving. Forty-three!",
    ),
    "one of the ends of a range": (
        "The minister said up to 50 schools would close.",
        "Between 40 and 50 schools will close.",
    ),
    "money whose name went unsaid": (
        "The minister said £40 million more would go to schools.",
        "We'll find another 40 million for the schools.",
    ),
    "pounds": (
        "The minister said families would get £40 a week.",
        "Families will get forty pounds a week, every week.",
    ),
    "dollars of a country": (
        "The minister said the port would cost A$300m.",
        "The port is three hundred million dollars, that's the price.",
    ),
    "half and fifty": (
        "The minister said half of all pupils walked to school.",
        "Fifty per cent of our pupils walk to school, fifty per cent!",
    ),
    "one in five": (
        "The minister said one in five children lived in poverty.",
        "Twenty per cent of the children in this country live in poverty.",
    ),
    "doubled": (
        "The minister said the number of complaints had doubled.",
        "The number of complaints is up by 100 per cent.",
    ),
    "kilometres and miles": (
        "The minister said the new line would be 80 kilometres long.",
        "The new line is going to be about fifty miles long.",
    ),
    "a dozen": (
        "The police chief said 12 people had been hurt.",
        "A dozen people were hurt, I'm afraid.",
    ),
    "the year, spoken": (
        "The minister said the plant would close in 2035.",
        "It closes in twenty thirty-five.",
    ),
    "last year": (
        "The minister said the plant had closed in 2025.",
        "The plant closed last year. In 2020 we said it would.",
    ),
    "the reporter's own sum in brackets": (
        "The minister said the bridge had cost £3.2m ($4.1m).",
        "The bridge has cost 3.2 million pounds.",
    ),
    "the reporter's own sentence": (
        "Some 2,300 people came to the square on Saturday. The mayor said she was proud.",
        "MAYOR: I am proud of this city.",
    ),
    "small numbers counted by whoever writes": (
        "The minister said the two countries would talk again.",
        "We'll talk again, of course we will.",
    ),
    "somebody whom the transcript is not of": (
        "“We have never been better prepared than today,” minister Ann Lee said. Police in Northfield said "
        "that 312 people had been arrested.",
        "LEE: We have never been better prepared than today. I thank everybody.",
    ),
    "somebody whom a transcript without names is not of": (
        "“We have never been better prepared than today,” minister Ann Lee said. Police in Northfield said "
        "that 312 people had been arrested.",
        "We have never been better prepared than today. I thank everybody.",
    ),
    "a quotation, which is compared word by word": (
        "“We built 900 new homes since 2019,” the mayor Ann Lee said.",
        "MAYOR: We built 90 new homes since 2019.",
    ),
    "no transcript": ("The minister said crime had risen by 40 per cent.", " \n"),
}


@pytest.mark.parametrize("case", DIFFERS)
def test_a_figure_that_was_not_said_is_told_with_what_was(case: str) -> None:
    body, transcript, expected = DIFFERS[case]
    assert found(body, transcript) == expected


@pytest.mark.parametrize("case", SAME)
def test_a_figure_that_stands_there_in_another_form_is_no_remark(case: str) -> None:
    body, transcript = SAME[case]
    assert found(body, transcript) == []


def test_the_nearest_words_of_the_transcript_are_told() -> None:
    body, transcript, _expected = DIFFERS["the minister's crime figure"]
    (one,) = figures_beside(body, transcript, extract(body).claims, [])
    assert one.said.startswith("Crime in our cities is up 14 per cent on last year")
    assert one.as_json()["within"][0] <= one.start < one.end <= one.as_json()["within"][1]
    assert "minister" in one.claimant.lower()


def test_long_passages_are_cut_around_the_figure() -> None:
    padding = "and as I said to my colleagues in the committee of this house many times before today "
    transcript = f"{padding * 2} crime in our cities is up 14 per cent {padding * 3}"
    passages = Transcript(transcript).passages
    assert all(len(passage.text.split()) <= 40 for passage in passages)
    body = DIFFERS["the minister's crime figure"][0]
    (one,) = figures_beside(body, transcript, extract(body).claims, [])
    assert "14 per cent" in one.said
    assert len(one.said) <= LONGEST_SHOWN + 30
