"""Long texts are read in sections: whole blocks, with positions and ranks of the whole text."""

from __future__ import annotations

import pytest

from claims.extraction import extract, sections
from claims.extraction.blocks import find_blocks

_STORY = "The council opened five schools on Monday. The mayor said that 40 people had moved there.\n\n"


def _sections(text: str) -> list[sections.Section]:
    return list(sections.sections_of(text, find_blocks(text)))


def test_an_article_is_one_section_as_it_stands() -> None:
    text = _STORY * 50
    [section] = _sections(text)
    assert (section.start, section.text, section.blocks) == (0, text, find_blocks(text))


@pytest.mark.parametrize("unit", [_STORY, "people ", "x", "Ann said it.\n", "We know. "])
def test_sections_hold_every_word_once_and_none_is_too_long(unit: str) -> None:
    text = unit * (250_000 // len(unit))
    found = _sections(text)
    assert len(found) in (3, 4, 5)
    assert max(len(section.text) for section in found) <= sections.LONGEST_SECTION
    assert "".join("".join(s.text for s in found).split()) == "".join(text.split())
    assert all(s.text == text[s.start : s.start + len(s.text)] for s in found)
    assert all(s.text[b.start : b.end].strip() for s in found for b in s.blocks)


def test_positions_and_counts_are_those_of_the_whole_text(monkeypatch: pytest.MonkeyPatch) -> None:
    text = _STORY * 6
    whole = extract(text)
    monkeypatch.setattr(sections, "LONGEST_SECTION", 200)
    cut = extract(text)
    assert [(c.start, c.end, c.quote) for c in cut.claims] == [
        (c.start, c.end, c.quote) for c in whole.claims
    ]
    assert [c.parts for c in cut.claims] == [c.parts for c in whole.claims]
    assert cut.sentences == whole.sentences
    assert cut.blocks == whole.blocks


@pytest.mark.encoder
def test_ranks_and_sentences_passed_over_are_those_of_the_whole_text(monkeypatch: pytest.MonkeyPatch) -> None:
    text = _STORY * 3 + "What a day it was for everybody!"
    monkeypatch.setattr(sections, "LONGEST_SECTION", 200)
    found = extract(text)
    assert sorted(claim.rank for claim in found.claims) == list(range(1, len(found.claims) + 1))
    best = [claim.score for claim in sorted(found.claims, key=lambda claim: claim.rank)]
    assert best == sorted(best, reverse=True)
    assert text[found.passed_over[-1].start : found.passed_over[-1].end] == "What a day it was for everybody!"
