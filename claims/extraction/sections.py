"""A long text in sections that are read one after the other, so that time and memory stay in proportion.

A section knows nothing of the others: a name that only an earlier one gives in full stays short in it. No
newspaper article is as long as one; books and hostile texts are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from claims.extraction.model import Block, ClaimParts, ExtractedClaim, Extraction

LONGEST_SECTION = 100_000  # characters; 16,000 words


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of the article; `blocks` count their positions from its `start`."""

    start: int
    text: str
    blocks: tuple[Block, ...]


def sections_of(text: str, blocks: Sequence[Block]) -> Iterator[Section]:
    """The article in sections that begin and end with blocks; one that is short enough is one section."""
    if len(text) <= LONGEST_SECTION:
        yield Section(0, text, tuple(blocks))
        return
    held: list[Block] = []
    for block in _cut_to_length(text, blocks):
        if held and block.end - held[0].start > LONGEST_SECTION:
            yield _section(text, held)
            held = []
        held.append(block)
    if held:
        yield _section(text, held)


def put_together(
    read: Sequence[tuple[int, Extraction]], *, version: str, language: str, blocks: Sequence[Block]
) -> Extraction:
    """One extraction from those of the sections, each with where its section starts."""
    claims = [_moved(claim, by) for by, part in read for claim in part.claims]
    return Extraction(
        version,
        language,
        sum(part.sentences for _, part in read),
        tuple(_ranked(claims)),
        tuple(blocks),
        passed_over=tuple(
            replace(sentence, start=sentence.start + by, end=sentence.end + by)
            for by, part in read
            for sentence in part.passed_over
        ),
        model=read[0][1].model if read else "",
        left_out=sum(part.left_out for _, part in read),
    )


def _section(text: str, held: Sequence[Block]) -> Section:
    start, end = held[0].start, held[-1].end
    return Section(start, text[start:end], tuple(Block(b.kind, b.start - start, b.end - start) for b in held))


def _cut_to_length(text: str, blocks: Sequence[Block]) -> Iterator[Block]:
    """The blocks, those longer than a section as several that part where a sentence or word seems to end."""
    for block in blocks:
        low = block.start
        while block.end - low > LONGEST_SECTION:
            limit = low + LONGEST_SECTION
            half = low + LONGEST_SECTION // 2
            cut = max(text.rfind(". ", half, limit) + 1, 0) or max(text.rfind(" ", half, limit), 0) or limit
            yield Block(block.kind, low, cut)
            low = cut
            while low < block.end and text[low].isspace():
                low += 1
        if low < block.end:
            yield Block(block.kind, low, block.end)


def _moved(claim: ExtractedClaim, by: int) -> ExtractedClaim:
    span = claim.claimant_span
    return replace(
        claim,
        start=claim.start + by,
        end=claim.end + by,
        claimant_span=(span[0] + by, span[1] + by) if span is not None else None,
        parts=ClaimParts(
            tuple(replace(q, start=q.start + by, end=q.end + by) for q in claim.parts.quantities),
            tuple(replace(d, start=d.start + by, end=d.end + by) for d in claim.parts.dates),
            tuple(replace(n, start=n.start + by, end=n.end + by) for n in claim.parts.names),
        ),
    )


def _ranked(claims: Sequence[ExtractedClaim]) -> list[ExtractedClaim]:
    """The claims with their places in the whole article by score, where their sections ranked them."""
    if not any(claim.rank for claim in claims):
        return list(claims)
    order = sorted(range(len(claims)), key=lambda i: (-claims[i].score, claims[i].start))
    rank_of = {i: rank for rank, i in enumerate(order, 1)}
    return [replace(claim, rank=rank_of[i]) for i, claim in enumerate(claims)]
