"""Who said what: by rules, from an encoder's answers, and whose a claim is."""

from __future__ import annotations

import numpy as np

from claims.extraction.attributions import AttributionRelation, find_attributions
from claims.extraction.attributions_claimants import AUTHOR, Claimants
from claims.extraction.attributions_decoding import best_tags
from claims.extraction.blocks import find_blocks
from tests.claims.extraction.answers import TAGS, encoded

TEXT = (
    "The harbour will close in May. Mayor Ruth Ogden said the dredging cost 4 million pounds, "
    "adding that two ferries had been sold. “We lost the winter trade,” she said. “It went to Hull.”"
)


PARTS: list[tuple[str, str, str | None]] = [
    ("source", "Mayor Ruth Ogden", "said the"),
    ("cue", "said", "said the"),
    ("content", "the dredging cost 4 million pounds", "said the"),
    ("cue", "adding", "adding"),
    ("content", "that two ferries had been sold", "adding"),
    ("content", "We lost the winter trade", "said. “It"),
    ("source", "she", "said. “It"),
    ("content", "It went to Hull", "said. “It"),
]


def shown(text: str, relation: AttributionRelation) -> tuple[list[str], str | None, str | None, str]:
    source = text[slice(*relation.source)] if relation.source else None
    name = relation.speaker.name if relation.speaker else None
    return [text[a:b] for a, b in relation.content], source, name, relation.kind


def by_encoder() -> list[AttributionRelation]:
    answer = encoded(TEXT, PARTS)
    at = next(i for i, piece in enumerate(answer.pieces) if piece[0] == TEXT.index("said. “It"))
    answer.tags[at : at + 4] = 0.01
    answer.tags[at, TAGS.index("B-cue")] = 0.9
    answer.tags[at + 1 : at + 4, TAGS.index("I-cue")] = 0.9
    return list(find_attributions(TEXT, find_blocks(TEXT), encoded=answer))


def test_the_encoder_leads_and_marks_complete_it() -> None:
    assert [shown(TEXT, r) for r in by_encoder()] == [
        (["the dredging cost 4 million pounds"], "Mayor Ruth Ogden", "Ruth Ogden", "indirect"),
        (["that two ferries had been sold"], "Mayor Ruth Ogden", "Ruth Ogden", "indirect"),
        (["“We lost the winter trade,”", "“It went to Hull.”"], "she", "Ruth Ogden", "direct"),
    ]


def test_rules_find_the_same_speaker_without_an_encoder() -> None:
    found = [shown(TEXT, r) for r in find_attributions(TEXT, find_blocks(TEXT))]
    assert (["“We lost the winter trade,”", "“It went to Hull.”"], "she", "Ruth Ogden", "direct") in found
    assert {name for _, _, name, _ in found} == {"Ruth Ogden"}


def test_a_claim_is_of_whoever_is_attributed_with_most_of_it() -> None:
    claimants = Claimants(TEXT, by_encoder())

    def claimant(words: str) -> tuple[str | None, str]:
        start = TEXT.index(words)
        found = claimants.claimant_of((start, start + len(words)))
        return found.name, found.attribution

    assert claimant("the dredging cost 4 million pounds") == ("Ruth Ogden", "reported")
    assert claimant("It went to Hull") == ("Ruth Ogden", "quoted")
    assert claimant("The harbour will close in May") == (AUTHOR.name, "author")
    assert claimant("Mayor Ruth Ogden said the dredging cost 4 million pounds") == (None, "author")


def test_results_go_on_from_the_poll_named_before() -> None:
    text = (
        "Labour leads by five points, according to a new Castle Research poll. "
        "Some 41 percent of voters trust the mayor. The bridge opened in 1962."
    )
    claimants = Claimants(text, find_attributions(text, find_blocks(text)))

    def name(words: str) -> str | None:
        return claimants.claimant_of((text.index(words), text.index(words) + len(words))).name

    assert name("41 percent of voters trust the mayor") == name("Labour leads by five points") is not None
    assert name("The bridge opened in 1962") is None


def test_no_stretch_goes_on_that_did_not_begin() -> None:
    tags = np.full((3, len(TAGS)), 0.01, np.float32)
    tags[0, 0] = tags[1, TAGS.index("I-cue")] = tags[2, TAGS.index("I-cue")] = 0.9
    found = [TAGS[tag] for tag in best_tags(tags)]
    assert all(tag[0] != "I" or found[i - 1][2:] == tag[2:] for i, tag in enumerate(found))


def test_no_tags_for_no_pieces() -> None:
    assert best_tags(np.zeros((0, len(TAGS)), np.float32)) == []
