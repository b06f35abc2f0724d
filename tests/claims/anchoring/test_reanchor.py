"""What becomes of a passage when its text changes: one test for each way a newsroom changes a text."""

from __future__ import annotations

import pytest

from claims.anchoring import SILENT, Anchored, Fate, Passage, reanchor

HEAD = (
    "The port of Eastmouth handled more cargo than ever before.\n"
    "Cargo rose by 12 percent to 4 million containers last year, the authority said.\n"
    "Director Helen Marsh called the figures encouraging.\n"
)
TAIL = (
    "“We will build a third terminal. It will cost £90m,” Marsh told reporters.\n"
    "Unions want 300 more jobs.\n"
    "The council votes on the plan in March.\n"
)
TEXT = HEAD + TAIL


def fate(quote: str, new: str, *, old: str = TEXT, turn: int = 0) -> tuple[Anchored, str]:
    """What became of ``quote`` (its turn-th place in the old text), and the words that stand there now."""
    start = -1
    for _turn in range(turn + 1):
        start = old.index(quote, start + 1)
    anchored = reanchor(old, new, [Passage(start, start + len(quote))])[0]
    return anchored, "" if anchored.start is None else new[anchored.start : anchored.end]


CARGO = "Cargo rose by 12 percent to 4 million containers last year"


@pytest.mark.parametrize(
    "new",
    [
        TEXT,
        "Update: the figures below are of Monday.\n" + TEXT,
        TEXT.replace("\n", "\n\n"),
        TEXT.replace("“", '"').replace("”", '"').replace(" by ", "\u00a0by "),
        TEXT.replace("called the figures encouraging", "welcomed the figures"),
        HEAD + "An analyst, Tom Berg, warned of a slump.\n" + TAIL,
        HEAD,
    ],
)
def test_the_same_sentence_between_the_same_ones_is_unchanged(new: str) -> None:
    anchored, words = fate(CARGO, new)
    assert (anchored.fate, words.replace("\u00a0", " ")) == (Fate.UNCHANGED, CARGO)
    assert anchored.score > 0.8


def test_a_paragraph_that_stands_elsewhere_is_moved() -> None:
    lines = TEXT.splitlines(keepends=True)
    new = "".join([lines[0], *lines[2:], lines[1]])
    anchored, words = fate(CARGO, new)
    assert (anchored.fate, words) == (Fate.MOVED, CARGO)


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("12 percent", "21 percent"),
        ("4 million containers", "4 million tonnes"),
        ("Cargo rose", "Cargo fell"),
        ("last year, the authority said", "last year, unions said"),
        ("Cargo rose by 12 percent to", "Cargo did not rise by 12 percent to"),
        (CARGO, "Container traffic was up 12 percent last year, to 4 million boxes"),
    ],
)
def test_other_words_in_its_sentence_are_for_a_person(was: str, now: str) -> None:
    new = TEXT.replace(was, now)
    anchored, words = fate(CARGO, new)
    assert anchored.fate is Fate.REWORDED
    assert words in new.splitlines()[1]
    assert words


def test_what_is_gone_is_removed() -> None:
    new = TEXT.replace(CARGO + ", the authority said.\n", "")
    anchored, _words = fate(CARGO, new)
    assert (anchored.fate, anchored.start, anchored.end) == (Fate.REMOVED, None, None)


def test_a_look_alike_of_what_is_gone_is_not_it() -> None:
    new = "The crowd was small.\nTeam Beta won by three goals on Monday.\n"
    old = "Team Alpha won by three goals on Monday.\n" + new
    assert fate("Team Alpha won by three goals", new, old=old)[0].fate is Fate.REMOVED
    anchored, words = fate("Team Beta won by three goals", new, old=old)
    assert (anchored.fate, words) == (Fate.UNCHANGED, "Team Beta won by three goals")


def test_a_look_alike_in_its_place_is_never_silent() -> None:
    new = TEXT.replace("Unions want 300 more jobs.", "Employers want 300 more jobs.")
    assert fate("Unions want 300 more jobs", new)[0].fate is Fate.REWORDED
    # and its very words somewhere else do not help
    assert (
        fate("Unions want 300 more jobs", new + "In the spring: Unions want 300 more jobs.\n")[0].fate
        not in SILENT
    )
    assert fate("Unions want 300 more jobs", new + "Unions want 300 more jobs.\n")[0].fate not in SILENT


def test_what_moved_from_a_place_that_others_took_is_for_a_person() -> None:
    """Its very words are now told of another year, and in its place stand quite other words."""
    new = (
        TEXT.replace(CARGO, "More than ever went through the gates")
        + "Ten years ago:\n"
        + CARGO
        + ", the authority said.\n"
    )
    assert fate(CARGO, new)[0].fate is Fate.REWORDED


def test_a_few_words_are_known_by_what_stands_before_them() -> None:
    old = "Norwood\n53 percent\nEastmouth\n47 percent\nTotal turnout was low in both.\n"
    assert fate("53 percent", "Results.\n" + old, old=old)[0].fate is Fate.UNCHANGED
    assert fate("53 percent", old.replace("Norwood", "Westmouth"), old=old)[0].fate not in SILENT


def test_a_look_alike_beside_it_is_not_it() -> None:
    new = TEXT.replace("Unions want", "Employers want 300 more jobs.\nUnions want")
    anchored, words = fate("Unions want 300 more jobs", new)
    assert (anchored.fate, words) == (Fate.UNCHANGED, "Unions want 300 more jobs")
    assert anchored.runner_up < anchored.score


REFRAIN = (
    "Ann Lee spoke first.\nThe plan is too dear.\nShe left at noon.\n"
    "Bob Ray spoke next.\nThe plan is too dear.\nHe stayed until two.\n"
)


@pytest.mark.parametrize("turn", [0, 1])
def test_twins_are_told_apart_by_what_stands_around_them(turn: int) -> None:
    start = [index for index in range(len(REFRAIN)) if REFRAIN.startswith("The plan", index)][turn]
    new = "Rain fell on Tuesday.\n" + REFRAIN
    anchored = reanchor(REFRAIN, new, [Passage(start, start + 20)])[0]
    assert anchored.fate in (Fate.UNCHANGED, Fate.REWORDED)
    if anchored.fate is Fate.UNCHANGED:
        assert anchored.start == start + len("Rain fell on Tuesday.\n")


def test_the_twin_that_stays_is_not_the_one_that_went() -> None:
    new = REFRAIN.replace("Ann Lee spoke first.\nThe plan is too dear.\nShe left at noon.\n", "")
    assert fate("The plan is too dear", new, old=REFRAIN, turn=0)[0].fate not in SILENT
    anchored, _words = fate("The plan is too dear", new, old=REFRAIN, turn=1)
    assert anchored.start == new.index("The plan is too dear")


def test_adjacent_twins_of_which_one_went_are_for_a_person() -> None:
    old = "It rained.\nThe plan is too dear.\nThe plan is too dear.\nThe sun came out.\n"
    new = "It rained.\nThe plan is too dear.\nThe sun came out.\n"
    for turn in (0, 1):
        assert fate("The plan is too dear", new, old=old, turn=turn)[0].fate is Fate.REWORDED


def test_who_said_it_is_part_of_a_quotation_of_several_sentences() -> None:
    new = TEXT.replace("Marsh told reporters", "Berg told reporters")
    assert fate("We will build a third terminal", new)[0].fate is Fate.REWORDED
    assert fate("It will cost £90m", new)[0].fate is Fate.REWORDED


def test_whom_it_speaks_of_is_part_of_a_sentence_without_a_name() -> None:
    old = "The mayor is Ann Lee.\nShe won 53 percent of the vote in May.\nThe turnout was low.\n"
    new = "The mayor is Bea Ray.\nShe won 53 percent of the vote in May.\nThe turnout was low.\n"
    assert fate("She won 53 percent", new, old=old)[0].fate is Fate.REWORDED
    assert fate("53 percent of the vote", new, old=old)[0].fate is Fate.REWORDED
    new = old + "Another mayor is Bea Ray.\n"
    assert fate("She won 53 percent", new, old=old)[0].fate is Fate.UNCHANGED


def test_quotation_marks_around_the_words_are_a_difference() -> None:
    new = TEXT.replace("Unions want 300 more jobs.", "Unions want “300 more jobs”.")
    assert fate("Unions want 300 more jobs", new)[0].fate is Fate.REWORDED


def test_the_words_of_a_passage_are_kept_when_their_sentence_grows() -> None:
    new = TEXT.replace("Unions want 300 more jobs.", "Unions want 300 more jobs, and so do the dockers.")
    anchored, words = fate("Unions want 300 more jobs", new)
    assert (anchored.fate, words) == (Fate.REWORDED, "Unions want 300 more jobs")
    assert "the sentence around them changed" in anchored.why


def test_a_passage_over_two_sentences_stays_in_one_piece() -> None:
    both = "We will build a third terminal. It will cost £90m"
    anchored, words = fate(both, "First.\n" + TEXT)
    assert (anchored.fate, words) == (Fate.UNCHANGED, both)
    anchored, words = fate(both, TEXT.replace("£90m", "£95m"))
    assert (anchored.fate, words) == (Fate.REWORDED, both.replace("£90m", "£95m"))


def test_letters_beyond_the_plane_and_accents_keep_their_places() -> None:
    old = "😀 Ça va à Orléans, où Zoé vit.\nIl y a 3 cafés.\n"
    new = "🎉🎉 Bonjour.\n" + old.replace("é", "e\u0301")
    anchored, words = fate("3 cafés", new, old=old)
    assert (anchored.fate, words) == (Fate.UNCHANGED, "3 cafe\u0301s")


def test_a_text_that_is_another_keeps_nothing() -> None:
    new = "Snow closed the airport for six hours.\nNobody was hurt.\n"
    assert {one.fate for one in reanchor(TEXT, new, [Passage(0, 20), Passage(60, 90)])} == {Fate.REMOVED}
    assert reanchor(TEXT, "", [Passage(0, 20)])[0].fate is Fate.REMOVED


@pytest.mark.parametrize(
    "passage", [Passage(-1, 4), Passage(5, 5), Passage(9, 5), Passage(0, 10_000), Passage(58, 59)]
)
def test_what_is_no_passage_is_refused(passage: Passage) -> None:
    with pytest.raises(ValueError, match="holds no words"):
        reanchor(TEXT, TEXT, [passage])
