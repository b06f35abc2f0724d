"""What the extractor takes in and gives back. Positions are code points, end exclusive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

EXTRACTOR_VERSION = "rules-1.1"
MAX_CODE_POINTS = 1_000_000

BlockKind = Literal["headline", "byline", "caption", "credit", "paragraph", "list_item", "subheading"]
Attribution = Literal["quoted", "reported", "author"]
ClaimKind = Literal["quantity", "event", "cause", "comparison", "quotation", "legal", "scientific", "other"]
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
class ExtractedClaim:
    """One checkable statement: the article's exact words and who stands behind them."""

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


@dataclass(frozen=True, slots=True)
class Extraction:
    """Everything found in one text; `claims` are ordered by where they start."""

    version: str
    language: str
    sentences: int
    claims: tuple[ExtractedClaim, ...]
    blocks: tuple[Block, ...]
