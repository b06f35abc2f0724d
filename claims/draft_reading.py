"""What to look at again in a draft before it goes out. Plain functions over what the extractor says.

Numbers that nobody in the text answers for, and quotations that are not what the transcript has.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .extraction import ExtractedClaim
from .extraction.quotes import find_quotations, lines_as_blocks
from .matching.stems import stem_of
from .sources.quoting import Found, find_quotation
from .word_diff import Kind, word_diff


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


SHORTEST_QUOTATION = 4  # words; fewer are terms, names and scare quotes
# words whose coming and going changes nothing that was said
LIGHT_WORDS = _words(
    """a an the that which who is are was were am be been being has have had having to of and
    so well just very also then there um uh er erm oh yeah okay"""
)
_WORDS = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class DraftQuotation:
    """A quotation of the draft beside the transcript. Positions are code points of the draft, the marks left
    out; ``said`` is what the transcript has there, or what comes nearest, empty where nothing does."""

    start: int
    end: int
    found: Found
    said: str
    similarity: float

    def as_json(self, body: str) -> dict[str, Any]:
        drifts = self.found != Found.FOUND and bool(self.said)
        # the comma before a closing mark is the sentence's
        words = body[self.start : self.end].rstrip(",.;:!? ")
        runs = word_diff(self.said.rstrip(",.;:!? "), words) if drifts else []
        return {
            "start": self.start,
            "end": self.end,
            "found": str(self.found),
            "said": self.said,
            "similarity": self.similarity,
            "changes": [{"kind": str(run.kind), "text": run.text} for run in runs],
        }


def bears_meaning(changes: Sequence[Mapping[str, str]]) -> bool:
    """Whether the words that went and those that came differ in more than form: an article or a plural less
    is none, a number, a "not" or a "may" is."""
    went, came = (
        Counter(
            word if word[0].isdigit() else stem_of(word) or word
            for run in changes
            if run["kind"] == kind
            for word in _WORDS.findall(run["text"].casefold())
            if word not in LIGHT_WORDS
        )
        for kind in (Kind.GONE, Kind.COME)
    )
    return went != came


def is_unsourced(claim: ExtractedClaim) -> bool:
    """Whether it has a number, and nobody in the text said it but its author."""
    return claim.attribution == "author" and not claim.claimant and bool(claim.parts.quantities)


def quotations_beside(body: str, transcript: str) -> list[DraftQuotation]:
    """Every quotation of some length, in order, with what the transcript has of it."""
    if not transcript.strip():
        return []
    found = []
    for one in find_quotations(body, lines_as_blocks(body)):
        words = body[one.start : one.end]
        if len(words.split()) < SHORTEST_QUOTATION:
            continue
        passage = find_quotation(words, transcript)
        said = transcript[passage.start : passage.end]
        found.append(DraftQuotation(one.start, one.end, passage.found, said, passage.similarity))
    return found


def claims_as_json(claims: Sequence[ExtractedClaim]) -> list[dict[str, Any]]:
    """As a draft keeps them; ``known`` is what search finds later, None until it was asked."""
    return [
        {
            "start": claim.start,
            "end": claim.end,
            "text": claim.text,
            "claimant": claim.claimant or "",
            "score": round(claim.score, 3),
            "unsourced": is_unsourced(claim),
            "known": None,
        }
        for claim in claims
    ]
