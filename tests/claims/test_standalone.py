"""Wordings that stand without the article, and the property that no word of it is ever lost."""

from __future__ import annotations

from datetime import date
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.extraction import ExtractedClaim, Extraction, extract
from claims.extraction.blocks import find_blocks
from claims.extraction.model import WordingChange
from claims.extraction.reading import read_article
from claims.extraction.standalone import Rewriter
from claims.extraction.wording import Edit, Wording, compose, original, standalone, tidied

PUBLISHED = date(2016, 1, 21)  # a Thursday


@cache
def read(text: str) -> Extraction:
    return extract(text, published=PUBLISHED)


def worded(text: str, words: str) -> str:
    """The standalone wording of the words, as the rewriter gives it without a piece."""
    start = text.index(words)
    return reworded(text, start, start + len(words)).text


@cache
def rewriter(text: str) -> Rewriter:
    reading = read_article(text, find_blocks(text))
    discourse = reading.discourse
    return Rewriter(text, reading.parsed, discourse.cast, discourse, published=PUBLISHED)


def reworded(
    text: str, start: int, end: int, *, claimant: str | None = None, in_quotation: bool = False
) -> Wording:
    return rewriter(text).reword(start, end, piece=None, claimant=claimant, in_quotation=in_quotation)


def facts(text: str) -> list[str]:
    """The wordings of everything in the text that may be a fact."""
    reading = read_article(text, find_blocks(text))
    own = Rewriter(text, reading.parsed, reading.discourse.cast, reading.discourse, published=PUBLISHED)
    found = []
    for fact in reading.findings:
        start, end = fact.parsed.bounds(fact.piece.first, fact.piece.last)
        found.append(own.reword(start, end, piece=fact.piece, claimant=None, in_quotation=False).text)
    return found


def quoted(text: str, words: str, claimant: str) -> Wording:
    start = text.index(words)
    return reworded(text, start, start + len(words), claimant=claimant, in_quotation=True)


def one_with(text: str, words: str) -> ExtractedClaim:
    found = [claim for claim in read(text).claims if words in claim.quote]
    assert found, [claim.quote for claim in read(text).claims]
    return min(found, key=lambda claim: claim.end - claim.start)


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        (
            "Susan Vane runs the port of Selby. She closed two docks in May.",
            "She closed two docks",
            "Susan Vane closed two docks.",
        ),
        (
            "Susan Vane said that she had closed two docks.",
            "she had closed two docks",
            "Susan Vane had closed two docks.",
        ),
        (
            "The harbour pilots said they had signed a contract.",
            "they had signed a contract",
            "The harbour pilots had signed a contract.",
        ),
        (
            "Robert Hale met Thomas Brook. Hale lost 40 ships in the storm.",
            "Hale lost 40 ships",
            "Robert Hale lost 40 ships.",
        ),
        (
            "Robert Hale owns the yard. Mr Hale lost 40 ships in the storm.",
            "Mr Hale lost 40 ships",
            "Robert Hale lost 40 ships.",
        ),
        (
            "The prices were agreed at peace talks in Geneva. Poland left the talks.",
            "Poland left the talks",
            "Poland left the peace talks in Geneva.",
        ),
        (
            "The Dutch health minister, Anna Vries, met reporters. The health minister closed six clinics.",
            "The health minister closed six clinics",
            "Anna Vries closed six clinics.",
        ),
    ],
)
def test_what_points_back_is_named(text: str, words: str, expected: str) -> None:
    assert worded(text, words) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        # two women, either may be meant
        ("Susan Vane and Alice Moor run the port. She closed two docks.", "She closed two docks"),
        # nobody knows whether this name is a man's or a woman's
        (
            "Quill Vane runs the port. Alice Moor is a farmer. Quill Vane sang. She closed two docks.",
            "She closed two docks",
        ),
        # two people of that name
        ("Robert Hale met Alice Hale. Hale lost 40 ships.", "Hale lost 40 ships"),
        # two kinds of talks
        ("Trade talks in Rome failed after arms talks in Oslo. Peru left the talks.", "Peru left the talks"),
        # nothing is meant
        ("The council closed the road. It is clear that it rained.", "It is clear that"),
        # the pronoun points ahead
        ("Robert Hale spoke. As he has done all year, Thomas Brook led the vote.", "As he has done all year"),
        # another speaks inside the marks
        (
            "Susan Vane left. Crowds of 300 people sang “we love her” in Leeds.",
            "Crowds of 300 people sang “we love her",
        ),
    ],
)
def test_what_is_not_sure_is_left_alone(text: str, words: str) -> None:
    assert worded(text, words).rstrip(".").removesuffix("”") == words.replace("“", "")


def test_the_speakers_own_pronouns_become_the_name_and_the_verb_agrees() -> None:
    text = 'Alice Moor said: "I have seen my bills rise and I don\'t pay them."'
    assert quoted(text, "I have seen my bills rise and I don't pay them", "Alice Moor").text == (
        "Alice Moor has seen her bills rise and she doesn't pay them."
    )
    contraction = 'Alice Moor said: "I\'ve sold 300 boats."'
    assert quoted(contraction, "I've sold 300 boats", "Alice Moor").text == "Alice Moor has sold 300 boats."


def test_we_is_the_group_that_speaks_and_nobody_where_one_person_speaks() -> None:
    text = 'The harbour pilots said: "We have lost 12 boats." Alice Moor said: "We have lost 15 boats."'
    assert (
        quoted(text, "We have lost 12 boats", "The harbour pilots").text
        == "The harbour pilots have lost 12 boats."
    )
    assert quoted(text, "We have lost 15 boats", "Alice Moor").text == "We have lost 15 boats."


def test_a_name_is_given_in_full_once() -> None:
    text = "Robert Hale runs the yard. Hale sold 40 ships that Hale had built in Selby."
    assert worded(text, "Hale sold 40 ships that Hale had built") == (
        "Robert Hale sold 40 ships that Hale had built."
    )


def test_each_change_says_what_was_there_and_why() -> None:
    text = "Susan Vane runs the port of Selby. She closed two docks on Tuesday."
    start = text.index("She closed")
    changes = reworded(text, start, len(text) - 1).changes
    assert changes == (
        WordingChange(0, 10, "She", "pronoun"),
        WordingChange(38, 55, "", "date"),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The union accused the bank of hiding its losses and ignoring two warnings.",
            "The bank hid its losses and ignored two warnings.",
        ),
        (
            "The general expressed concerns over Peru's raids in the hills targeting fishing villages "
            "near Arica.",
            "Peru's raids in the hills were targeting fishing villages near Arica.",
        ),
        (
            "The ferry, which sank off Italy in May, carried 90 people.",
            "The ferry sank off Italy in May 2015.",
        ),
        (
            "Ann Lee met the mayor. She shut four clinics in May and sold the old mill for £3m.",
            "Ann Lee sold the old mill for £3m.",
        ),
    ],
)
def test_facts_that_lost_their_subject_or_verb_get_it_back(text: str, expected: str) -> None:
    assert expected in facts(text)


def test_without_the_articles_date_no_date_is_told() -> None:
    text = "The port of Selby lost 40 ships on Tuesday."
    assert [claim.text for claim in extract(text).claims] == [text]
    assert one_with(text, "40 ships").text == "The port of Selby lost 40 ships on Tuesday, 19 January 2016."


def test_the_quote_is_tidied() -> None:
    assert tidied("fighting [President Bashar al-] Assad,") == "fighting President Bashar al-Assad"
    assert tidied('“a  broken\nmark, "') == "a broken mark"
    assert standalone("a “change agent,”") == "A “change agent”."


ARTICLE = """Flood bill grows

Defence minister Susan Vane met Robert Hale at peace talks in Geneva on Tuesday. She said she had sent
"200 boats" last month, and that the pilots, who struck in May, were lying. "I've lost my house and I am
tired," said Robert Hale, 41. Hale added that he would leave the talks in February.

The World Boat Council (WBC) said it had [already] paid £3m this year, leading to 40 lawsuits now. Its chief,
Thomas Brook, accused the bank of hiding losses: "We've had estimates of 300 deaths, clearly aimed at (the
poor."

Mrs Vane denied it. The minister and the WBC meet on Monday and sold 12 ships two years ago."""


@given(st.tuples(st.integers(0, len(ARTICLE)), st.integers(0, len(ARTICLE))), st.booleans())
@settings(max_examples=300, deadline=None)
def test_undoing_the_changes_gives_back_the_quote(ends: tuple[int, int], in_quotation: bool) -> None:
    start, end = min(ends), max(ends)
    claimant = "Robert Hale" if in_quotation else None
    wording = reworded(ARTICLE, start, end, claimant=claimant, in_quotation=in_quotation)
    _assert_nothing_lost(wording, ARTICLE[start:end])
    assert wording == reworded(ARTICLE, start, end, claimant=claimant, in_quotation=in_quotation)


def test_the_articles_own_claims_lose_nothing() -> None:
    claims = extract(ARTICLE, published=PUBLISHED).claims
    assert any(claim.changes for claim in claims)
    for claim in claims:
        _assert_nothing_lost(Wording(claim.text, claim.changes), claim.quote)


_WORDS = st.text(alphabet=" \n.,;:-–“”\"()[]abßİé'", max_size=40)


@given(_WORDS, st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40), _WORDS), max_size=6), st.booleans())
def test_any_edits_can_be_undone(text: str, edits: list[tuple[int, int, str]], sentence: bool) -> None:
    made = [Edit(min(a, b), max(a, b), new, "reference") for a, b, new in edits]
    _assert_nothing_lost(compose(text, (0, len(text)), made, sentence=sentence), text)


def _assert_nothing_lost(wording: Wording, quote: str) -> None:
    at = 0
    for change in wording.changes:
        assert at <= change.start <= change.end <= len(wording.text)
        at = change.end
    undone, plain = original(wording), tidied(quote)
    assert undone in (plain, plain + ".") or undone[:1].lower() + undone[1:] in (
        plain[:1].lower() + plain[1:],
        plain[:1].lower() + plain[1:] + ".",
    )
