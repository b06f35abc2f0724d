"""Pasted text: stored as it is, but for what would break positions, pages or the database."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.sources import MOST_TEXT_BYTES, UnreadableArticle, normalise_body, parse_text


@pytest.mark.parametrize(
    ("given_text", "stored"),
    [
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\x00b\x07c\x9fd\x7fe", "abcde"),
        ("a  \t\nb\xa0", "a\nb"),
        ("\n\na\n\n\n\n\nb\n\n", "a\n\nb"),
        ("a\n \n\t\n \nb", "a\n\nb"),
        ("\ufeffa\ufeffb", "a\ufeffb"),
        ("page one\x0cpage two\x85three", "page one\npage two\nthree"),
        ("a\tb", "a\tb"),
        ("bad \ud800 half", "bad \ufffd half"),
    ],
)
def test_normalising(given_text: str, stored: str) -> None:
    assert normalise_body(given_text) == stored


def test_code_points_are_not_composed_or_replaced() -> None:
    text = "cafe\u0301 ﬁve “quoted” a\u200bb \u202eright\u202c \U0001f600"
    assert parse_text(text).body == text


def test_the_first_line_serves_as_title() -> None:
    assert parse_text("Talks in Paris\n\nMinisters met.").title == "Talks in Paris"
    assert parse_text("Body.", title="  Given\n title ").title == "Given title"
    long = parse_text("word " * 100).title
    assert long.endswith("word…") and len(long) <= 161


def test_headline_stays_in_the_body() -> None:
    assert parse_text("Talks in Paris\n\nMinisters met.").body == "Talks in Paris\n\nMinisters met."


@pytest.mark.parametrize("text", ["", "   \n\t ", "\x00\x01", "…!?", "\ufeff"])
def test_no_words_is_refused(text: str) -> None:
    with pytest.raises(UnreadableArticle) as refused:
        parse_text(text)
    assert (refused.value.field, refused.value.code) == ("text", "empty")
    assert "Paste" in refused.value.message


def test_the_limit_is_in_bytes_and_said_with_the_size() -> None:
    assert len(parse_text("é" * (MOST_TEXT_BYTES // 2)).body) == MOST_TEXT_BYTES // 2
    with pytest.raises(UnreadableArticle, match=r"1,000,002 bytes; the limit is 1,000,000") as refused:
        parse_text("é" * (MOST_TEXT_BYTES // 2 + 1))
    assert (refused.value.field, refused.value.code) == ("text", "too_long")
    with pytest.raises(UnreadableArticle, match=r"5,000,000 bytes"):
        parse_text("a" * 5_000_000)


def test_binary_pasted_as_text_is_refused() -> None:
    with pytest.raises(UnreadableArticle) as refused:
        parse_text("\x89PNG\x1a\x00\x00\x00\rIHDR\x00\x00\x01\x00\x00\x00\x01\x08\x06" * 20)
    assert refused.value.code == "binary"


def is_clean(body: str) -> bool:
    """No control characters but \\n and \\t, no half pairs, no trailing spaces, no two empty lines."""
    lines = body.split("\n")
    return (
        not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]", body)
        and "\n\n\n" not in body
        and all(line == line.rstrip() for line in lines)
    )


@given(st.text(st.characters(), max_size=200))
def test_normalising_is_clean_and_stable(text: str) -> None:
    once = normalise_body(text)
    assert is_clean(once)
    assert normalise_body(once) == once
    once.encode()


@given(st.text(st.characters(), max_size=200), st.text(max_size=20))
def test_no_text_crashes_the_parser(text: str, title: str) -> None:
    try:
        article = parse_text(text, title=title)
    except UnreadableArticle as refusal:
        assert refusal.field == "text" and refusal.message.endswith(".")
        return
    assert is_clean(article.body) and article.body and article.title
    assert "\n" not in article.title
