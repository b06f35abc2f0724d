"""What of a text is compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.matching.wording import LONGEST, Kind, statement_of


def test_addresses_are_left_out() -> None:
    statement = statement_of("Sharks swim in Houston https://t.co/abc pic.twitter.com/0eJtwJyS1J now")
    assert statement.text == "Sharks swim in Houston now"


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        ("#StopTheSteal", "Stop The Steal"),
        ("#DefundTheCBC", "Defund The CBC"),
        ("@realDonaldTrump", "real Donald Trump"),
        ("#covid19", "covid 19"),
        ("#snake_case", "snake case"),
        ("#plain", "plain"),
    ],
)
def test_tags_are_taken_apart(tag: str, words: str) -> None:
    assert statement_of(f"They say {tag}").text == f"They say {words}"


def test_a_tag_can_still_be_found_in_one_piece() -> None:
    assert "StopTheSteal" in statement_of("They say #StopTheSteal").for_words.split()


def test_a_known_claim_is_searched_with_its_headline_and_its_claimant() -> None:
    statement = statement_of("Crime is up.", title="Smith wrong on crime", claimant="Ann Smith")
    assert statement.for_vectors == "Ann Smith: Crime is up. Smith wrong on crime"
    assert statement.for_words == "Smith wrong on crime Crime is up."
    assert statement.text == "Crime is up."


def test_a_claimant_who_is_named_already_is_not_named_twice() -> None:
    assert statement_of("Says Ann Smith lied.", claimant="Ann Smith").for_vectors == "Says Ann Smith lied."


@pytest.mark.parametrize("text", ["So true #vote", "See https://a.example", "One. Two. Three. Four."])
def test_tags_links_and_many_sentences_make_a_post(text: str) -> None:
    assert statement_of(text).kind == Kind.POST


def test_a_sentence_is_a_statement() -> None:
    assert statement_of("Several hundred civilians were killed.").kind == Kind.STATEMENT


@pytest.mark.parametrize(
    "text", ["", "https://a.example/page", "No, it is not!", "Look at this: @someone", "😀"]
)
def test_what_says_almost_nothing_is_thin(text: str) -> None:
    assert statement_of(text).is_thin


def test_a_short_claim_with_matter_is_not_thin() -> None:
    assert not statement_of("Unemployment fell below four percent.").is_thin


@given(st.text(max_size=300), st.text(max_size=50), st.text(max_size=50))
def test_any_text_can_be_prepared(text: str, title: str, claimant: str) -> None:
    statement = statement_of(text, title=title, claimant=claimant)
    assert "\0" not in statement.for_vectors + statement.for_words
    assert statement == statement_of(text, title=title, claimant=claimant)


def test_of_a_very_long_text_the_beginning_is_read() -> None:
    assert len(statement_of("word " * 100_000).text) <= LONGEST
