"""Lines of an article by their shape."""

from __future__ import annotations

from itertools import pairwise

import pytest

from claims.extraction.blocks import find_blocks
from claims.samples import load_samples

ARTICLE = """River floods three villages in the Marne valley
By Ada Holt and Jon Peck
Volunteers stack sandbags beside the bridge in Lower Arden Tom Okoro/Delta News

Three villages were evacuated on Sunday after the river rose by two metres.

What happened next

- The bridge was closed at noon.
- Two hundred people slept in the school.

"We lost everything," said Mary Stone.
"""


def test_each_line_has_its_kind() -> None:
    blocks = find_blocks(ARTICLE)
    assert [block.kind for block in blocks] == [
        *("headline", "byline", "caption", "paragraph", "subheading"),
        *("list_item", "list_item", "paragraph"),
    ]
    assert ARTICLE[blocks[1].start : blocks[1].end] == "By Ada Holt and Jon Peck"


@pytest.mark.parametrize(
    "line",
    [
        "Residents queue for water in Port Alma Grace Mbeki/Reuters",
        "Residents queue for water in Port Alma. Photograph: Grace Mbeki/The Courier",
        "Residents queue for water in Port Alma (Grace Mbeki/Sun Pictures)",
        "Residents queue for water in Port Alma © Grace Mbeki",
        "Residents queue for water in Port Alma. Picture: Grace Mbeki",
        "Residents queue for water. Photo by Grace Mbeki",
    ],
)
def test_a_line_that_ends_in_a_credit_is_a_caption(line: str) -> None:
    text = (
        f"A headline about the drought\n{line}\n\nThe drought has lasted for three years, officials said.\n"
    )
    assert [block.kind for block in find_blocks(text)] == ["headline", "caption", "paragraph"]


@pytest.mark.parametrize(
    "line", ["Photo: Grace Mbeki", "Grace Mbeki/Reuters", "© Sun Pictures 2021", "(Image: EPA)"]
)
def test_a_line_of_credit_only(line: str) -> None:
    text = (
        f"A headline about the drought\n{line}\n\nThe drought has lasted for three years, officials said.\n"
    )
    assert [block.kind for block in find_blocks(text)] == ["headline", "credit", "paragraph"]


@pytest.mark.parametrize(
    "line", ["By Ann Lee", "BY ANN LEE", "By Ann Lee, health editor", "Words by Ann Lee"]
)
def test_bylines(line: str) -> None:
    assert find_blocks(f"A headline about the drought\n{line}\n\nThe drought goes on.")[1].kind == "byline"


def test_a_sentence_that_begins_with_by_is_a_paragraph() -> None:
    text = "A headline\n\nBy Friday the river had risen by two metres.\n\nIt fell on Sunday."
    assert [block.kind for block in find_blocks(text)] == ["headline", "paragraph", "paragraph"]


def test_a_single_line_is_prose() -> None:
    assert [block.kind for block in find_blocks("Crime fell by a third last year")] == ["paragraph"]


def test_a_first_line_said_again_below_is_a_headline_even_with_a_full_stop() -> None:
    text = (
        "Nurses' union backs Mayor Holt.\n\nA union of nurses said it would back Mayor Ada Holt.\n\n"
        "Holt thanked them.\n\nThe vote is in May.\n"
    )
    assert find_blocks(text)[0].kind == "headline"


def test_spans_leave_out_outer_space() -> None:
    text = "\ufeff  A headline  \r\n\r\n\t A sentence stands here. \r\n"
    assert [text[b.start : b.end] for b in find_blocks(text)] == ["A headline", "A sentence stands here."]


def test_every_sample_has_a_headline_byline_and_caption() -> None:
    for sample in load_samples():
        kinds = [block.kind for block in find_blocks(sample.body)]
        assert kinds[:3] == ["headline", "byline", "caption"], sample.slug
        body = kinds[4:] if kinds[3] == "credit" else kinds[3:]
        assert set(body) == {"paragraph"}, sample.slug


@pytest.mark.parametrize(
    ("caption", "credit"),
    [
        ("Cars queue at the bridge, shut since May 2021", "Grace Mbeki/Port Alma Courier"),
        ("Cars queue at the bridge after the flood", "Grace Mbeki/Reuters"),
        ("Cars queue at the bridge in Newport.", "Piet van Dael/Reuters"),
    ],
)
def test_the_credit_after_a_caption_is_a_block_of_its_own(caption: str, credit: str) -> None:
    text = f"A headline about the flood\n{caption} {credit}\n\nThe flood has lasted for three days now.\n"
    blocks = find_blocks(text)
    assert [(block.kind, text[block.start : block.end]) for block in blocks[1:3]] == [
        ("caption", caption),
        ("credit", credit),
    ]
    assert all(one.end <= other.start for one, other in pairwise(blocks))


def test_a_credit_that_may_begin_inside_a_place_name_stays_with_its_caption() -> None:
    text = "A headline about the flood\nCars queue in Port Alma Grace Mbeki/Reuters\n\nThe flood goes on.\n"
    assert [block.kind for block in find_blocks(text)] == ["headline", "caption", "paragraph"]
