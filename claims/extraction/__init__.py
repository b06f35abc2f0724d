"""Claims in a text: plain functions over dataclasses, no Django, no database, no network.

extraction = extract(text)
for claim in extraction.claims:
    assert text[claim.start : claim.end] == claim.quote
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from claims.extraction.blocks import find_blocks
from claims.extraction.language import check_language, check_readable
from claims.extraction.languages import reader_of
from claims.extraction.model import (
    EXTRACTOR_VERSION,
    MAX_CODE_POINTS,
    Block,
    ExtractedClaim,
    Extraction,
    UnsupportedText,
)
from claims.extraction.sections import put_together, sections_of

__all__ = [
    "EXTRACTOR_VERSION",
    "MAX_CODE_POINTS",
    "Block",
    "ExtractedClaim",
    "Extraction",
    "UnsupportedText",
    "extract",
]


def extract(
    text: str, *, blocks: Sequence[Block] | None = None, published: datetime.date | None = None
) -> Extraction:
    """The claims of an article, ordered by position; positions are code points into `text` as given.

    `blocks` are the article's lines where the caller knows them better than their shape tells; `published`
    is the article's own day, by which "yesterday" is read.
    Raises UnsupportedText for text that is empty, too long, binary or in a language not read.
    """
    check_readable(text)
    language = check_language(text)
    known = tuple(blocks) if blocks is not None else find_blocks(text)
    reader = reader_of(language)
    sections = list(sections_of(text, known))
    if len(sections) == 1 and sections[0].text == text:
        return reader.read(text, known, published=published)
    read = [(s.start, reader.read(s.text, s.blocks, published=published)) for s in sections]
    return put_together(read, version=EXTRACTOR_VERSION, language=language, blocks=known)
