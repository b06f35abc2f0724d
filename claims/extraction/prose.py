"""What of an article the parser reads: prose with stand-ins for whole quotations, and their insides."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from claims.extraction.model import Block
from claims.extraction.parsing import Parsed, ParseText, parse, prepare
from claims.extraction.quotes import Quotation

_STAND_IN = "That"
_BULLET = re.compile(r"(?:[-*•‣▪◦–—·]|\(?\d{1,2}[.)]|\(?[a-z][.)])[ \t]+")
_DATELINE = re.compile(
    r"[A-Z]{3}[A-Z .'’-]*(?:,[^—–\n]{0,40}|[ \t]*\([^)\n]{2,30}\)[ \t]*)?[ \t]*(?:—|–|--|- )[ \t]*(?=\S)"
)


def parse_article(text: str, blocks: Sequence[Block], quotations: Sequence[Quotation]) -> list[Parsed]:
    """The article's prose and the insides of its whole quotations, parsed."""
    return list(parse(pieces_to_parse(text, blocks, quotations)))


def pieces_to_parse(
    text: str, blocks: Sequence[Block], quotations: Sequence[Quotation]
) -> Iterator[tuple[ParseText, int | None]]:
    """Each piece with the index of the quotation that it is the inside of, or None."""
    whole: dict[int, list[int]] = {}
    for index, quotation in enumerate(quotations):
        if quotation.whole:
            whole.setdefault(quotation.block, []).append(index)
    for number, block in enumerate(blocks):
        if block.kind not in ("paragraph", "list_item"):
            continue
        start = block.start
        lead = (_BULLET if block.kind == "list_item" else _DATELINE).match(text, start, block.end)
        if lead is not None and lead.end() < block.end:
            start = lead.end()
        inside = [i for i in whole.get(number, []) if quotations[i].outer_start >= start]
        stand_ins = [
            (quotations[i].outer_start, quotations[i].outer_end, _stand_in(text, quotations[i]))
            for i in inside
        ]
        yield prepare(text, start, block.end, stand_ins), None
        for i in inside:
            yield prepare(text, quotations[i].start, quotations[i].end), i


def _stand_in(text: str, quotation: Quotation) -> str:
    """A short quotation for the parser: it ends as the real one does, so that sentences still part there."""
    inner = text[quotation.start : quotation.end].rstrip()
    after = text[quotation.outer_end : quotation.outer_end + 3].lstrip()
    end = inner[-1:] if inner[-1:] in ".!?," else ""
    if end in (".", "!", "?") and after[:1].islower():
        end = ","
    return f'"{_STAND_IN}{end}"'
