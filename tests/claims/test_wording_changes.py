"""Changed words of a standalone wording: cut out for the page, and kept in step with a person's edit."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from claims.wording_changes import Piece, kept_after_edit, pieces

WORDING = "Michael Fallon told the BBC on 19 October that talks had failed"
CHANGES = [
    {"start": 0, "end": 14, "was": "He", "why": "pronoun"},
    {"start": 31, "end": 41, "was": "yesterday", "why": "date"},
]


def test_the_wording_is_cut_at_its_changed_words() -> None:
    assert WORDING[31:41] == "19 October"
    assert pieces(WORDING, CHANGES) == [
        Piece("Michael Fallon", "He", "pronoun"),
        Piece(" told the BBC on "),
        Piece("19 October", "yesterday", "date"),
        Piece(" that talks had failed"),
    ]
    assert pieces("As it stands", []) == [Piece("As it stands")]


def test_changes_outside_of_what_a_person_edited_stay() -> None:
    after = WORDING.replace("told the BBC", "said")
    kept = kept_after_edit(WORDING, after, CHANGES)
    assert [after[one["start"] : one["end"]] for one in kept] == ["Michael Fallon", "19 October"]
    assert [one["was"] for one in kept] == ["He", "yesterday"]


def test_changes_that_a_person_edited_are_the_persons_words_now() -> None:
    after = WORDING.replace("Michael Fallon", "The British defence secretary")
    kept = kept_after_edit(WORDING, after, CHANGES)
    assert [(after[one["start"] : one["end"]], one["why"]) for one in kept] == [("19 October", "date")]
    assert kept_after_edit(WORDING, "Talks failed", CHANGES) == []
    assert kept_after_edit(WORDING, WORDING, CHANGES) == CHANGES


@given(st.text("ab 🙂", max_size=30), st.text("ab 🙂", max_size=30), st.data())
def test_what_is_kept_marks_the_same_words(before: str, after: str, draw: st.DataObject) -> None:
    start = draw.draw(st.integers(0, len(before)))
    end = draw.draw(st.integers(start, len(before)))
    change = {"start": start, "end": end, "was": "x", "why": "pronoun"}
    assert "".join(piece.text for piece in pieces(before, [change])) == before
    for one in kept_after_edit(before, after, [change]):
        assert 0 <= one["start"] <= one["end"] <= len(after)
        assert after[one["start"] : one["end"]] == before[start:end]
