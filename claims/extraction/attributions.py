"""Who said what: the words of others in an article, their source, the cue, and who the source is."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from claims.extraction.attributions_decoding import Act, decode
from claims.extraction.attributions_joining import joined, snapped
from claims.extraction.attributions_rules import acts_by_rules
from claims.extraction.attributions_speakers import speakers_of
from claims.extraction.encoder.runtime import MODEL_FOLDER, Encoded, encode
from claims.extraction.model import Block
from claims.extraction.names import Cast, build_cast
from claims.extraction.parsing import Parsed
from claims.extraction.prose import parse_article
from claims.extraction.quotes import find_quotations, lines_as_blocks
from claims.extraction.sentences import split_sentences
from claims.extraction.speakers import Discourse, Speaker

Span = tuple[int, int]
Kind = Literal["direct", "indirect", "mixed"]
KINDS: tuple[Kind, ...] = ("direct", "indirect", "mixed")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class AttributionRelation:
    """One act of attribution: positions are code points of the article, end exclusive.

    `content` are the pieces of what is attributed, in order ('"A," he said, "B"' has two); `source` the words
    that name where it comes from, `cue` those that attribute it; both may be missing. `speaker` is whom the
    source means, by the fullest name that the article gives. `score` is how sure the reader is, 0 to 1.
    """

    content: tuple[Span, ...]
    source: Span | None
    cue: Span | None
    cue_words: str
    kind: Kind
    speaker: Speaker | None
    score: float


def find_attributions(
    text: str,
    blocks: Sequence[Block],
    *,
    parsed: Sequence[Parsed] | None = None,
    encoded: Encoded | None = None,
    cast: Cast | None = None,
) -> tuple[AttributionRelation, ...]:
    """Who said what in an article, ordered by where the contents begin. Linear in the length of the text.

    `encoded` is the encoder's reading of the article; without it the rules read alone. `parsed` is its prose
    as `prose.parse_article` gives it and `cast` its people, where the caller has them already.
    """
    quotations = find_quotations(text, blocks) if parsed is None or encoded is None else []
    prose = parse_article(text, blocks, quotations) if parsed is None else parsed
    discourse = Discourse(text, build_cast(text, prose) if cast is None else cast)
    marked = find_quotations(text, lines_as_blocks(text))
    if encoded is None:
        told = acts_by_rules(quotations, prose, discourse)
        for act, _ in told:
            act.content = snapped(text, act.content)
    else:
        acts = joined(text, decode(text, encoded), marked, encoded.sentences)
        told = list(zip(acts, speakers_of(text, acts, prose, discourse), strict=True))
    outer = [(q.outer_start, q.outer_end) for q in marked]
    return tuple(_relation(text, act, speaker, outer) for act, speaker in told if act.content)


def _relation(text: str, act: Act, speaker: Speaker | None, marked: Sequence[Span]) -> AttributionRelation:
    return AttributionRelation(
        content=tuple(act.content),
        source=act.source,
        cue=act.cue,
        cue_words=text[act.cue[0] : act.cue[1]] if act.cue is not None else "",
        kind=kind_of_content(text, act.content, marked),
        speaker=speaker,
        score=act.score,
    )


def encode_blocks(text: str, blocks: Sequence[Block], *, folder: Path = MODEL_FOLDER) -> Encoded:
    """The encoder's reading of every block, sentences cut as in training."""
    sentences: list[Span] = []
    ends: set[int] = set()
    for block in blocks:
        sentences.extend(split_sentences(text, block.start, block.end))
        ends.add(len(sentences) - 1)
    return encode(text, sentences, ends, folder=folder)


def kind_of_content(text: str, content: Sequence[Span], marked: Sequence[Span]) -> Kind:
    """By quotation marks: direct when all its words stand inside, indirect when none, else mixed.

    `marked` are the quotations with their marks, in order.
    """
    inside = total = 0
    for start, end in content:
        holding = []
        for at in range(bisect_right(marked, start, key=_end_of), len(marked)):
            if marked[at][0] >= end:
                break
            holding.append(marked[at])
        for word in _WORD.finditer(text, start, end):
            total += 1
            inside += any(a <= word.start() < b for a, b in holding)
    if not inside:
        return "indirect"
    return "direct" if inside == total else "mixed"


def _end_of(span: Span) -> int:
    return span[1]
