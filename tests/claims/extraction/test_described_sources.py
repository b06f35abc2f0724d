"""Sources that are only described, and words whose voice the encoder tells from the acts around them."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from claims.extraction.attributions import find_attributions
from claims.extraction.attributions_claimants import AUTHOR, Claimants
from claims.extraction.blocks import find_blocks
from claims.extraction.voices import UNDECIDED, Voices
from tests.claims.extraction.answers import encoded

SAID = "said the"


def speaker_of(before: str, source: str) -> str | None:
    """Whom the article means by `source` after the sentences `before`."""
    text = f"{before} {source} said the bridge cost 9 million pounds."
    parts: list[tuple[str, str, str | None]] = [
        ("source", source, SAID),
        ("cue", "said", SAID),
        ("content", "the bridge cost 9 million pounds", SAID),
    ]
    (found,) = find_attributions(text, find_blocks(text), encoded=encoded(text, parts))
    return found.speaker.name if found.speaker is not None else None


@pytest.mark.parametrize(
    ("before", "source", "name"),
    [
        ("Ruth Ogden spoke in Hull on Monday.", "The candidate", "Ruth Ogden"),
        ("The Ogden campaign opened an office in Hull.", "The campaign", "The Ogden campaign"),
        (
            "Lawyers wrote to the Yorkshire Board of Elections.",
            "The board",
            "the Yorkshire Board of Elections",
        ),
        ("Ogden's lawyers went to court on Monday.", "The lawyers", "Ogden's lawyers"),
        ("It was first reported by a Castle Research poll.", "The poll", "Castle Research poll"),
        ("Mayor Bill de Souza came to Hull.", "De Souza", "Bill de Souza"),
        ("The visitors met Pastor Kevin Marsh.", "Pastor Kevin Marsh", "Kevin Marsh"),
        ("Ann Lee was there.", "Party contender and former singer Bob Ray", "Bob Ray"),
    ],
)
def test_a_description_means_whom_the_article_named(before: str, source: str, name: str) -> None:
    assert speaker_of(before, source) == name


@pytest.mark.parametrize("source", ["A campaign", "Two candidates", "The Hull campaign"])
def test_what_is_no_plain_reference_keeps_its_words(source: str) -> None:
    assert speaker_of("The Ogden campaign opened an office in Hull.", source) == source


TEXT = "Mayor Ruth Ogden called the dredging a waste of money. Two ferries have been sold. The tide turned."


def claimant(words: str, chance: float, *, about: str) -> str | None:
    """Whose claim `words` is when the encoder gives that chance that `about` is somebody else's word."""
    answer = encoded(
        TEXT,
        [
            ("source", "Mayor Ruth Ogden", "called"),
            ("cue", "called", "called"),
            ("content", "the dredging a waste of money", "called"),
        ],
    )
    start = TEXT.index(about)
    inside = [start <= place < start + len(about) for place, _ in answer.pieces]
    answer = dataclasses.replace(answer, voices=np.where(inside, chance, UNDECIDED).astype(np.float32))
    found = find_attributions(TEXT, find_blocks(TEXT), encoded=answer)
    at = TEXT.index(words)
    return Claimants(TEXT, found, Voices(answer)).claimant_of((at, at + len(words))).name


def test_an_act_can_cover_the_authors_own_word() -> None:
    called = "the dredging a waste of money"
    assert claimant(called, 0.9, about=called) == "Ruth Ogden"
    assert claimant(called, 0.05, about=called) is AUTHOR.name


def test_somebodys_word_goes_on_without_an_act() -> None:
    sold = "Two ferries have been sold"
    assert claimant(sold, 0.95, about=sold) == "Ruth Ogden"
    assert claimant(sold, 0.5, about=sold) is None


def test_a_span_that_the_encoder_did_not_read_is_undecided() -> None:
    assert Voices(encoded("A b c.", [])).others(40, 50) == UNDECIDED
