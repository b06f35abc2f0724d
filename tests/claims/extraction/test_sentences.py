"""Where sentences end. A bar is a cut; one without spaces, a cut where no space stands."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.extraction.sentences import split_sentences


def cut(line: str) -> str:
    """The line with a bar at every cut."""
    spans = split_sentences(line, 0, len(line))
    between = [" | " if a[1] < b[0] else "|" for a, b in pairwise(spans)]
    return "".join(line[a:b] + bar for (a, b), bar in zip(spans, [*between, ""], strict=True))


PLAIN = [
    "The bridge was shut. | It opens in May.",
    "Who paid for it? | Nobody knows! | The council will not say.",
    "Taxes rose by 3.5 percent. | Rents rose by 4. | Wages fell.",
    "The ferry cost £4.2m in 2019. | 300 people lost their jobs.",
    "The port lost $5. | 3 ships left.",
    "Harbour board cuts 40 jobs and shuts two piers",
    "Residents queue for water in Port Alma. | Grace Mbeki/Reuters",
]
ABBREVIATIONS = [
    "Dr. Ann Lee and Mr. Okoro met Sen. Ida Long on Jan. 5.",
    "Sens. Ida Long and Jon Peck met Gen. A. B. Stone in St. Mary's.",
    "She left the U.S. | The minister stayed.",
    "The U.S. Senate met. | It voted at once.",
    "They moved to Washington, D.C. | They sold the farm.",
    "The firm, Arden Shipping Co. Ltd., owes $3 m. to banks.",
    "Arden Inc. Chairman Jon Peck left in Sept. 2019.",
    "The case, Stone v. Arden, took years. | It goes on.",
    "The vote was No. 3 of five. | No. 4 was worse.",
    "Was it legal? | No. | But nobody minded.",
    "The cat sat. | Dogs barked. | The mass. | People left.",
    "She holds a Ph.D. | Her brother holds none.",
    "Some towns, e.g. Arden and Newport, i.e. The Ports, are poor.",
    "Fish, crabs, etc. | Police took them all.",
    "The S.&P. 500 fell. | So did the rest.",
    "Judge William A. Stone heard Roberta K. Peck and George W. Long.",
    "I. Charles Peck wrote to J.K. Holt. | They met.",
    "He was taller than I. | Nobody minded.",
    "The plant has a vitamin called A. | The other has none.",
    "Jon Peck Jr. of Ames, Iowa, met Ada Holt (D-Mass.) Monday. | Both left.",
    "The family moved to 5 Dean St. | They liked it.",
    "Yahoo! Inc. grew. | Others shrank.",
]
CLOCKS = [
    "The polls open at 6:00 a.m. Eastern and close at 8 p.m. EST on Tuesday.",
    "The debate starts at 9 p.m. Monday. | Doors open at 7 p.m. | Police expect 300 people.",
    "It ends at 6 p.m. | The bar stays open.",
]
ADDRESSES = [
    "Write to ann.lee@example.org or see www.example.org. | The list is there.",
    "The report is at https://example.org/a.b?c=1!d. | Nobody read it.",
    "More is on our page. | https://example.org/more",
    "Version 2.0.1 of the tool came out. | It failed.",
]
ELLIPSES = [
    "The mayor said it was right...and then left. | Nobody followed.",
    "It was... well... hard to say.",
    "We waited … and waited. | The bus never came.",
    "They were happy . . . until the flood came.",
    "They left early. . . . | The rest stayed.",
    "The vote was lost… | The mayor left.",
    "But you said . . .",
    "“… and that was all,” she said. | He left.",
    "The plan was dropped ... | The mayor had lost.",
    ". . . Then the rain came. | It stayed.",
]
QUOTES = [
    "“We lost everything,” said Mary Stone. | “The river took it.”",
    '"We lost. | We left," she said. | "It rained."',
    "“Shame on you…!” one person wrote.",
    '"Why now?" the mayor asked. | Nobody spoke.',
    '"Who would do that?" Mayor Holt asked. | "Not I."',
    "“Get out!” Ada Holt shouted. | She left.",
    "“Who would do that?” | The mayor did not say.",
    "He called it “the end.” | Others did not.",
    "He called it ‘the end.’ | Others did not.",
    "She said: “He told me ‘It is over.’ | Then he left.”",
    "«We won.» | The crowd went home.",
    "''We won,'' he said. | ''It was hard.''",
    'He left.|"We won," he said.',
    "He left.|“We won,” he said.",
    "“We won.”|“You did not,” she said.",
    "“The first thing is this. | We stay.",
    "The “U.S.” Senate voted. | It rose.",
    "It fell. ” | Then it rose.",
]
BRACKETS = [
    "He left (nobody saw him). | She stayed.",
    "The (new?) Harbour plan failed. | It was dear.",
    "(The vote was lost.) | The mayor left.",
    "“They [the banks. | And others] paid nothing,” he said.",
    "He said [it was Mr. Peck] had paid. | She agreed.",
    "The river rose.[1] | It fell again.[12] | That was all.",
    "Ida Long (R-Tex.) voted no. | Jon Peck did not.",
]
LISTS = [
    "1. The bridge was closed at noon.",
    "25. Jon Peck. | The governor of Arden is last.",
    "a. The bridge. | The rest is open.",
    "IV. The end of the war",
    "He gave two reasons: 1. The cost was high.",
    "• The bridge was closed. | It opens in May.",
]
DATELINES = [
    "LONDON (Reuters) - The bank failed. | It had no money.",
    "CONCORD, N.H. — Four days later the vote was held. | It was lost.",
    "ST. MARY, Fla. (AP) — The river rose.",
    "Is it the mayor, or does it just sound like her? -- raises another question. | Who works here?",
    "The vote is lost. | — Ann Lee",
]
GLUED = [
    "The vote was at the caucus.|The mayor lost.",
    "The site example.Com is down.",
    "They study income….|The limits are plain.",
    "The arms firm paid. | al-Qaida did not. | eBay did.",
]


@pytest.mark.parametrize(
    "expected",
    [
        *(*PLAIN, *ABBREVIATIONS, *CLOCKS, *ADDRESSES, *ELLIPSES),
        *(*QUOTES, *BRACKETS, *LISTS, *DATELINES, *GLUED),
    ],
)
def test_sentences_end_where_a_reader_ends_them(expected: str) -> None:
    assert cut(expected.replace(" | ", " ").replace("|", "")) == expected


def test_only_the_stretch_asked_for_is_read() -> None:
    text = "One. Two fell. Three rose. Four."
    assert [text[a:b] for a, b in split_sentences(text, 5, 26)] == ["Two fell.", "Three rose."]


def test_a_sentence_without_end_is_cut_at_a_space() -> None:
    text = "word " * 2_000
    spans = split_sentences(text, 0, len(text))
    assert len(spans) > 4
    assert all(
        b - a <= 2_000 and text[a:b].startswith("word") and text[a:b].endswith("word") for a, b in spans
    )


MARKS = st.sampled_from(
    [*".!?…\"”’'»)]([“‘«—- \u00a0\t", ". ", ". . .", "U.S.", "Mr.", " The", " fell", "1.", "[1]"]
)


@given(
    st.one_of(
        st.lists(st.one_of(MARKS, st.text(max_size=3)), max_size=60).map("".join), st.text(max_size=200)
    )
)
@settings(max_examples=300, deadline=None)
def test_sentences_hold_every_character_that_is_no_space(text: str) -> None:
    spans = split_sentences(text, 0, len(text))
    assert all(a < b for a, b in spans)
    assert all(one[1] <= other[0] for one, other in pairwise(spans))
    assert "".join("".join(text[a:b].split()) for a, b in spans) == "".join(text.split())
    if any(map(str.isalnum, text)):
        assert all(any(map(str.isalnum, text[a:b])) for a, b in spans)
    assert all(not text[a].isspace() and not text[b - 1].isspace() for a, b in spans)
