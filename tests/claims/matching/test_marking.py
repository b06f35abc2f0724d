"""Another's statement is marked where it says what ours says, and loses no character."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from claims.matching.marking import marked_words


def marks(theirs: str, ours: str, *reasons: tuple[bool, str]) -> list[tuple[str, str]]:
    stored = [{"agrees": agrees, "there": there} for agrees, there in reasons]
    return [(piece.text, piece.kind) for piece in marked_words(theirs, ours, stored) if piece.kind]


def test_words_agree_in_whatever_form_and_small_words_alone_do_not() -> None:
    assert marks("The council denied the claim", "Councils deny it") == [("council denied", "agrees")]
    assert marks("It is of the", "It is of the") == []


def test_a_small_word_between_two_marked_ones_is_marked_with_them() -> None:
    assert marks("riders a day", "a day of riders") == [("riders a day", "agrees")]


def test_what_contradicts_goes_before_what_agrees() -> None:
    said = marks("Some 1,200 people a day", "1,400 people a day", (False, "1,200"), (True, "day"))
    assert said == [("1,200", "against"), ("people a day", "agrees")]


def test_an_agreeing_part_of_other_words_is_marked() -> None:
    assert marks("940 pounds each", "£940 apiece", (True, "940 pounds")) == [("940 pounds", "agrees")]


def test_a_mark_stops_at_punctuation() -> None:
    assert marks("Trams, buses", "buses and trams") == [("Trams", "agrees"), ("buses", "agrees")]


def test_a_part_that_stands_nowhere_marks_nothing() -> None:
    assert marks("Nothing alike", "Something else", (False, "1,200"), (True, "")) == []


@given(st.text(max_size=200), st.text(max_size=200), st.text(max_size=20), st.booleans())
def test_the_pieces_are_the_statement(theirs: str, ours: str, part: str, agrees: bool) -> None:
    pieces = marked_words(theirs, ours, [{"agrees": agrees, "there": part}])
    assert "".join(piece.text for piece in pieces) == theirs
    assert all(piece.text for piece in pieces)
