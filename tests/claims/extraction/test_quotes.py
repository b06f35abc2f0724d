"""Quotation marks, whole statements, speeches over several paragraphs."""

from __future__ import annotations

import pytest

from claims.extraction.blocks import find_blocks
from claims.extraction.quotes import find_quotations


def quoted(text: str) -> list[tuple[str, bool]]:
    return [(text[q.start : q.end], q.whole) for q in find_quotations(text, find_blocks(text))]


@pytest.mark.parametrize(
    ("opening", "closing"), [('"', '"'), ("“", "”"), ("«", "»"), ("„", "“"), ("‘", "’"), ("'", "'")]
)
def test_marks_of_every_kind(opening: str, closing: str) -> None:
    text = f"He said: {opening}We don't know the states' plans, and it's late.{closing} Then he left."
    assert quoted(text) == [("We don't know the states' plans, and it's late.", True)]


def test_a_few_words_in_marks_are_not_a_statement() -> None:
    assert quoted('They reached a "broad agreement" to act.') == [("broad agreement", False)]
    assert quoted('The film "Gone With The Wind" was shown.') == [("Gone With The Wind", False)]


def test_apostrophes_open_nothing() -> None:
    assert quoted("The dogs' owners said it's 'bout time in the '90s.") == []


def test_brackets_and_ellipses_inside() -> None:
    text = 'He said: "The [Syrian] army is right...and that is all." It ended.'
    assert quoted(text) == [("The [Syrian] army is right...and that is all.", True)]


def test_a_broken_speech_is_two_statements() -> None:
    text = '"We lost the bridge," she said, "and nobody came to help us for days."'
    assert [whole for _, whole in quoted(text)] == [True, True]


def test_a_speech_over_paragraphs_goes_on() -> None:
    text = '"We lost the bridge on Sunday.\n\n"Nobody came to help us," said Mary Stone.\n'
    quotations = find_quotations(text, find_blocks(text))
    assert [(q.continues, q.resumes) for q in quotations] == [(True, False), (False, True)]


def test_an_unclosed_mark_ends_with_its_paragraph() -> None:
    text = 'He said: "We lost the bridge on Sunday.\n\nThe river fell again on Monday.\n'
    assert [q.end for q in find_quotations(text, find_blocks(text))] == [text.index("\n")]
