"""The bars of re-anchoring, over the revisions written by hand and a few made edits."""

from __future__ import annotations

import random

import pytest

from bench.hypothesis_rule import anchored, matches
from bench.reanchor import OUR_OWN, articles, edited, hypothesis, ours, tally
from bench.reanchor_edits import KINDS
from bench.reanchor_pairs import written_by_hand
from claims.anchoring import SILENT


def test_revisions_written_by_hand() -> None:
    revisions = written_by_hand()
    assert len(revisions) >= 30
    report = tally(ours, revisions).report()
    assert report["silent_wrong"] == 0
    assert report["found"] >= 0.98
    assert report["to_recheck"] >= 0.95
    beside = tally(hypothesis, revisions).report()
    assert beside["silent_at_a_look_alike"] > 0, "the rule that this is measured against shows the failure"


@pytest.fixture(scope="module")
def made() -> list:
    chance = random.Random(5)
    return list(edited(articles(OUR_OWN, chance), 4 * len(KINDS), chance))


def test_made_edits(made: list) -> None:
    report = tally(ours, made).report()
    assert report["silent_wrong"] == 0
    assert report["found"] >= 0.98
    assert report["to_recheck"] >= 0.95


def test_the_edits_know_where_untouched_words_went(made: list) -> None:
    assert {one.name.split()[0] for one in made} == set(KINDS)
    for one in made:
        for label in one.expected:
            if label.fate in SILENT:
                quote = one.old[label.passage.start : label.passage.end]
                assert one.new[label.start : label.end] == quote


def test_the_other_rule_takes_the_nearest_words_whatever_they_are() -> None:
    """hypothesis/client #7571: the quotation is gone, and the note moves to a look-alike without a word."""
    old = "Team Alpha won the cup on Monday. The crowd was small."
    new = "The crowd was small. Team Beta won the cup on Monday."
    start, end = anchored(old, new, 0, 33) or (0, 0)
    assert "Team Beta won the cup" in new[start:end]
    assert anchored(old, "Nothing of the kind was ever said.", 0, 33) is None


def test_the_nearest_places_of_a_quotation() -> None:
    assert [(one.start, one.errors) for one in matches("a cat, a bat, a cat", "cat", 1)] == [(2, 0), (16, 0)]
    assert [(one.start, one.end, one.errors) for one in matches("the kitten sat", "sitten", 3)] == [
        (4, 10, 1)
    ]
    assert matches("nothing", "quotation", 4) == []
