"""The two articles on the Paris talks: leading claims first, with their speakers, and no non-claims."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import pytest

from claims.extraction import ExtractedClaim, Extraction
from tests.claims.extraction.expected import (
    OUR_LEADING,
    OUR_NO_CLAIMS,
    PUBLISHED_LEADING,
    PUBLISHED_NO_CLAIMS,
    Expected,
    overlaps_by_half,
    span_of,
)

Reader = Callable[[str], Extraction]


def first_by_score(claims: Sequence[ExtractedClaim], count: int) -> list[ExtractedClaim]:
    return sorted(claims, key=lambda claim: (-claim.score, claim.start))[:count]


def check_leading(text: str, claims: Sequence[ExtractedClaim], leading: Sequence[Expected]) -> None:
    first = first_by_score(claims, 15)
    for expected in leading:
        span = span_of(text, expected.words)
        answers = [claim for claim in first if overlaps_by_half((claim.start, claim.end), span)]
        assert answers, f"not among the first 15: {expected.words}"
        assert (expected.claimant, expected.attribution) in {
            (claim.claimant, claim.attribution) for claim in answers
        }, f"{expected.words}: {[(a.claimant, a.attribution) for a in answers]}"


def check_no_claims(text: str, claims: Sequence[ExtractedClaim], no_claims: Sequence[str]) -> None:
    for words in no_claims:
        start, end = span_of(text, words)
        offered = [
            claim.quote for claim in claims if overlaps_by_half((claim.start, claim.end), (start, end))
        ]
        assert not offered, f"{words!r} is no claim, yet offered: {offered}"


def test_our_article_yields_its_leading_claims_with_their_speakers(
    extraction_of: Reader, our_talks: str
) -> None:
    check_leading(our_talks, extraction_of(our_talks).claims, OUR_LEADING)


def test_our_article_offers_nothing_that_is_no_claim(extraction_of: Reader, our_talks: str) -> None:
    claims = extraction_of(our_talks).claims
    assert len(claims) <= 20
    check_no_claims(our_talks, claims, OUR_NO_CLAIMS)


def test_the_published_article_yields_its_leading_claims(
    extraction_of: Reader, published_talks: str | None
) -> None:
    if published_talks is None:
        return  # ours is always tested; the published one only where the checkout has it beside it
    claims = extraction_of(published_talks).claims
    assert len(claims) <= 20
    check_leading(published_talks, claims, PUBLISHED_LEADING)
    check_no_claims(published_talks, claims, PUBLISHED_NO_CLAIMS)


def test_a_pronoun_stands_for_the_last_speaker(extraction_of: Reader, our_talks: str) -> None:
    claims = extraction_of(our_talks).claims
    asked = next(claim for claim in claims if "asked every country" in claim.quote)
    assert asked.claimant == "Ash Carter"  # "He said the United States had asked …"
    aimed = next(claim for claim in claims if claim.quote.startswith("the strikes had been aimed"))
    assert aimed.claimant == "Michael Fallon"  # "The British defence secretary added …"


@pytest.mark.parametrize("marks", [("“", "”"), ("«", "»"), ("„", "“")])
def test_the_shape_of_the_marks_does_not_matter(
    extraction_of: Reader, our_talks: str, marks: tuple[str, str]
) -> None:
    parts = our_talks.split('"')
    assert len(parts) % 2 == 1
    curly = "".join(
        part if i == 0 else (marks[0] if i % 2 else marks[1]) + part for i, part in enumerate(parts)
    )

    def plain(quote: str) -> str:
        return quote.translate({ord(marks[0]): '"', ord(marks[1]): '"'})

    straight = [(c.quote, c.claimant, c.attribution) for c in extraction_of(our_talks).claims]
    assert [(plain(c.quote), c.claimant, c.attribution) for c in extraction_of(curly).claims] == straight


def test_claims_are_in_order_and_share_no_span(extraction_of: Reader, our_talks: str) -> None:
    claims = extraction_of(our_talks).claims
    assert all((a.start, a.end) < (b.start, b.end) for a, b in pairwise(claims))
    for claim in claims:
        assert our_talks[claim.start : claim.end] == claim.quote
        if claim.claimant_span is not None:
            assert our_talks[slice(*claim.claimant_span)] == claim.claimant
