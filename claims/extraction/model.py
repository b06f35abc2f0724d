"""What the extractor takes in and gives back. Positions are code points, end exclusive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from claims.extraction.encoder.runtime import available, weights_name

# The two ways of reading have versions of their own: the scores of one say nothing of the other's. Other
# weights or curves are another version too, so that articles are read again after a training.
EXTRACTOR_VERSION = f"reader-2.1-{weights_name()}" if available() else "rules-2.1"
MAX_CODE_POINTS = 1_000_000

BlockKind = Literal["headline", "byline", "caption", "credit", "paragraph", "list_item", "subheading"]
Attribution = Literal["quoted", "reported", "author"]
ClaimKind = Literal["quantity", "event", "cause", "comparison", "quotation", "legal", "scientific", "other"]
ChangeReason = Literal["pronoun", "reference", "date", "subject", "grammar"]
Approximation = Literal["exact", "about", "several", "more_than", "at_least", "less_than", "at_most", "range"]
WhyNot = Literal["opinion", "prediction", "intention", "experience", "question", "rhetoric", "scene", "minor"]
UnsupportedCode = Literal["empty", "too_long", "language", "binary"]


class UnsupportedText(ValueError):
    """The text cannot be read for claims; `code` is for programs, the message for people."""

    def __init__(self, code: UnsupportedCode, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Block:
    """One line of the article, or the credit at its end, and what it is for the reader."""

    kind: BlockKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class WordingChange:
    """Words of a claim's standalone wording that are not the article's at that place.

    `start` and `end` are positions in the wording; `was` is what the article has there ("" for an addition).
    """

    start: int
    end: int
    was: str
    why: ChangeReason


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit; positions in the article. `low` and `high` bound it, None where open.

    "several hundred" is 200 to 900 `several`, "26 other nations" 26 to 26 `exact` with unit "nations".
    """

    start: int
    end: int
    low: float | None
    high: float | None
    unit: str
    approximation: Approximation


@dataclass(frozen=True, slots=True)
class DateMention:
    """A stretch of time; ISO dates, both ends included, None where the article's own date is not known."""

    start: int
    end: int
    earliest: str | None
    latest: str | None


@dataclass(frozen=True, slots=True)
class NamedThing:
    """A name in the claim: the words' positions in the article and the fullest form the article gives."""

    start: int
    end: int
    name: str
    kind: Literal["person", "organisation", "place", "other"]


@dataclass(frozen=True, slots=True)
class ClaimParts:
    """What a claim is made of, for search, matching and the page."""

    quantities: tuple[Quantity, ...] = ()
    dates: tuple[DateMention, ...] = ()
    names: tuple[NamedThing, ...] = ()


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A sentence that was not offered and why; `score` is what it would have had."""

    start: int
    end: int
    reason: WhyNot
    score: float


@dataclass(frozen=True, slots=True)
class ExtractedClaim:
    """One checkable statement: the article's exact words and who stands behind them.

    `text` is the standalone wording and `changes` marks each of its words that the quote has not.
    `score` is the calibrated probability that a desk would want to check it, `rank` its place in the article
    from 1 by that score.
    """

    text: str
    quote: str
    start: int
    end: int
    claimant: str | None
    claimant_span: tuple[int, int] | None
    attribution: Attribution
    kind: ClaimKind
    score: float
    reasons: tuple[str, ...]
    cue: str
    changes: tuple[WordingChange, ...] = ()
    parts: ClaimParts = ClaimParts()
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Extraction:
    """Everything found in one text; `claims` are ordered by where they start.

    `model` names the weights behind the scores, empty where rules gave them, which are no probabilities then.
    `left_out` counts statements that were worth an offer and had no room in it.
    """

    version: str
    language: str
    sentences: int
    claims: tuple[ExtractedClaim, ...]
    blocks: tuple[Block, ...]
    passed_over: tuple[PassedOver, ...] = ()
    model: str = ""
    left_out: int = 0
