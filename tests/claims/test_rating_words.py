"""Which ratings say that a claim is false, in whatever words publishers use."""

from __future__ import annotations

import pytest

from claims.rating_words import says_false


@pytest.mark.parametrize(
    "rating",
    [
        "False",
        "Mostly false",
        "Pants on Fire!",
        "Not true",
        "Four Pinocchios",
        "Misleading",
        "FAKE",
        "Faux",
        "Falso",
    ],
)
def test_false(rating: str) -> None:
    assert says_false(rating)


@pytest.mark.parametrize("rating", ["True", "Mostly true", "Correct", "Not false", "Half true", ""])
def test_not_false(rating: str) -> None:
    assert not says_false(rating)


@pytest.mark.parametrize(
    ("place", "is_false"),
    [
        ({"value": 1, "worst": 1, "best": 5}, True),
        ({"value": 2, "worst": 1, "best": 5}, True),
        ({"value": 3, "worst": 1, "best": 5}, False),
        ({"value": 5, "worst": 5, "best": 1}, True),
        ({"value": 1, "worst": None, "best": 5}, False),
        ({"value": 1, "worst": 1, "best": 1}, False),
    ],
)
def test_a_place_on_a_scale_counts_with_both_ends(place: dict[str, float | None], is_false: bool) -> None:
    assert says_false("Two stars", **place) is is_false
