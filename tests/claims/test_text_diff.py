"""The difference of two texts: nothing of either is missing in it, and what stayed is not called changed."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from claims.text_diff import Paragraph, folded, text_diff

TEXTS = st.lists(
    st.lists(st.sampled_from(["a", "b", "c", "d", "e"]), min_size=1, max_size=6).map(" ".join)
).map("\n\n".join)


def changes(old: str, new: str) -> list[str]:
    return [paragraph.change for paragraph in text_diff(old, new)]


def words(paragraphs: list[Paragraph], without: str) -> list[str]:
    return [
        word for each in paragraphs for run in each.runs if run.kind != without for word in run.text.split()
    ]


def test_a_changed_number_is_the_only_thing_marked() -> None:
    (first, second) = text_diff(
        "It rose by 40% last year.\nIt rained.", "It rose by 45% last year.\nIt rained."
    )
    assert [(run.kind, run.text) for run in first.runs] == [
        ("same", "It rose by"),
        ("gone", "40%"),
        ("come", "45%"),
        ("same", "last year."),
    ]
    assert second.change == "same"


def test_a_new_paragraph_does_not_hide_that_the_next_one_changed() -> None:
    old = "One stays here as it is.\nThe mayor said 40 were hurt."
    new = "One stays here as it is.\nSomething else altogether now.\nThe mayor said 45 were hurt."
    assert changes(old, new) == ["same", "come", "changed"]


def test_paragraphs_without_anything_in_common_are_gone_and_come() -> None:
    assert changes("Alpha beta.", "Gamma delta.") == ["gone", "come"]


@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_from_it(old: str, new: str) -> None:
    found = text_diff(old, new)
    assert words(found, "come") == old.split()
    assert words(found, "gone") == new.split()
    assert [paragraph for group in folded(found) for paragraph in group.paragraphs] == found


def test_what_stayed_far_from_any_change_is_folded() -> None:
    old = "\n".join(f"Paragraph {n} of many." for n in range(9))
    groups = folded(text_diff(old, old.replace("Paragraph 4", "Passage 4")))
    assert [len(group.paragraphs) for group in groups] == [3, 3, 3]
    assert [group.is_far for group in groups] == [True, False, True]
    assert [each.change for each in groups[1].paragraphs] == ["same", "changed", "same"]


def test_a_long_text_takes_no_long_time() -> None:
    old = "\n".join(f"Paragraph {n} says that {n * 7} people came to the town hall." for n in range(500))
    began = time.process_time()
    assert len(text_diff(old, old.replace("7 people", "8 persons"))) >= 500
    assert time.process_time() - began < 5
