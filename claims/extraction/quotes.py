"""Quotation marks of every kind, paired, and which quotations are whole statements."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from claims.extraction.model import Block

_OPENERS = {"“": "”", "«": "»", "„": "“”", '"': '"', "‘": "’"}
_MAY_OPEN = re.compile("[“«„\"‘'`]")
_APOSTROPHES = (("'",), ("’",))
_LONGEST_SINGLE = 2_000  # characters between single marks; so apostrophes that open nothing cost little
_NEAR = 1_000  # characters before a quotation that may introduce it
_CLOSING_MARK = re.compile(r"[\"”’'»]")
_WORD = re.compile(r"\w+(?:[-'’]\w+)*")
_BEFORE_WHOLE = re.compile(
    r"(?:^|[.!?…:,;–—-][\"'”’)]?|\b(?:said|says|say|added|told|tells|that|wrote|asked|replied))\s*$"
)


@dataclass(frozen=True, slots=True)
class Quotation:
    """A quotation; start and end hold the words inside the marks, outer_start and outer_end the marks too.

    `whole`: it is a statement of its own, not a few words inside the reporter's sentence.
    `continues`: the speech goes on in the next paragraph.
    """

    start: int
    end: int
    outer_start: int
    outer_end: int
    block: int
    whole: bool
    continues: bool = False
    resumes: bool = False


def find_quotations(text: str, blocks: Sequence[Block]) -> list[Quotation]:
    """All quotations inside the blocks that carry prose, in order."""
    found: list[Quotation] = []
    prose = [i for i, block in enumerate(blocks) if block.kind in ("paragraph", "list_item")]
    for order, index in enumerate(prose):
        block = blocks[index]
        following = blocks[prose[order + 1]].start if order + 1 < len(prose) else None
        goes_on = following is not None and text[following] in "\"“'‘«„`"
        resumes = bool(found) and found[-1].continues and found[-1].block == prose[order - 1]
        for quotation in _in_block(text, block, index, goes_on):
            if resumes and quotation.outer_start == block.start:
                quotation = replace(quotation, resumes=True, whole=True)
            found.append(quotation)
    return found


def lines_as_blocks(text: str) -> list[Block]:
    """Every line that holds anything as a paragraph, for whoever looks for marks in headlines too."""
    return [Block("paragraph", m.start(), m.end()) for m in re.finditer(r"\S[^\r\n]*", text)]


def _in_block(text: str, block: Block, index: int, goes_on: bool) -> list[Quotation]:
    found: list[Quotation] = []
    singles = _Singles(text, block)
    at = block.start
    while (mark := _MAY_OPEN.search(text, at, block.end)) is not None:
        at = mark.start()
        opened = _closers_at(text, at, block)
        if opened is None:
            at += 1
            continue
        width, closers = opened
        if closers in _APOSTROPHES:
            closing = singles.closing(at, closers[0])
        else:
            closing = _closing(text, at + width - 1, block, closers)
        continues = closing is None and goes_on
        if closing is None and closers in _APOSTROPHES:
            at += 1  # an apostrophe after all
            continue
        inner_end, outer_end = closing or (block.end, block.end)
        if inner_end > at + width:
            whole = _is_whole(text, at, inner_end, outer_end, block, width)
            found.append(Quotation(at + width, inner_end, at, outer_end, index, whole, continues))
        at = outer_end
    return found


def _closers_at(text: str, at: int, block: Block) -> tuple[int, tuple[str, ...]] | None:
    """How wide the mark that opens at `at` is and the marks that would close it; None where none opens."""
    char = text[at]
    previous = text[at - 1] if at > block.start else " "
    pair = text[at : min(at + 2, block.end)]
    if pair in ("``", "''"):  # two strokes typed for one mark, as wire copy has it
        following = text[at + 2] if at + 2 < block.end else " "
        if pair == "``" or not (previous.isalnum() or following.isspace()):
            return 2, ("''",)
        return None
    following = text[at + 1] if at + 1 < block.end else " "
    starts_word = not (previous.isalnum() or previous in "'’") and not following.isspace()
    if char in "“«„":
        return 1, tuple(_OPENERS[char])
    if char == '"' and starts_word:
        return 1, ('"', "”")
    if char == "‘" and starts_word:
        return 1, ("’",)
    if char == "'" and starts_word and following.isalpha() and (previous.isspace() or previous in "([:—–"):
        return 1, ("'",)
    return None


def _closing(text: str, at: int, block: Block, closers: tuple[str, ...]) -> tuple[int, int] | None:
    """Where the mark that closes a quotation begins and ends; `at` is the last place of the opening one."""
    position = at + 1
    straight: int | None = None
    while position < block.end:
        for closer in closers:
            if text.startswith(closer, position):
                return position, position + len(closer)
        if text[position] == '"' and straight is None and not text[position - 1].isspace():
            straight = position  # “… closed with a straight mark"
        if text[position] == "“" and straight is not None:
            break
        position += 1
    if straight is not None and closers == ("”",):
        return straight, straight + 1
    return None


class _Singles:
    """Where single marks may close a quotation in a block, found once: most are apostrophes."""

    def __init__(self, text: str, block: Block) -> None:
        self._text = text
        self._block = block
        self._places: dict[str, list[int]] = {}

    def closing(self, at: int, closer: str) -> tuple[int, int] | None:
        """The mark that closes what the one at `at` opens."""
        if closer not in self._places:
            marks = re.compile(re.escape(closer)).finditer(self._text, self._block.start + 1, self._block.end)
            self._places[closer] = [
                mark.start() for mark in marks if _single_closes(self._text, mark.start(), self._block)
            ]
        places = self._places[closer]
        after = bisect_right(places, at)
        if after == len(places) or places[after] >= at + _LONGEST_SINGLE:
            return None
        return places[after], places[after] + 1


def _single_closes(text: str, at: int, block: Block) -> bool:
    following = text[at + 1] if at + 1 < block.end else " "
    plural_owner = text[at - 1] == "s" and following == " " and at + 2 < block.end and text[at + 2].islower()
    return not following.isalnum() and not text[at - 1].isspace() and not plural_owner


def _is_whole(text: str, at: int, inner_end: int, outer_end: int, block: Block, width: int) -> bool:
    inner = text[at + width : inner_end].strip()
    words = _WORD.findall(inner)
    if not words:
        return False
    near = max(block.start, at - _NEAR)
    before = text[near:at] if near == block.start else "x" + text[near:at]
    opens_statement = inner[0].isupper() or inner[0].isdigit() or inner[0] in "[(£$€…."
    ends_statement = inner[-1] in ".!?,…" or text[outer_end : outer_end + 1] in (",", ".", "")
    if opens_statement:
        return bool(_BEFORE_WHOLE.search(before)) and (len(words) >= 4 or ends_statement)
    # lower case: the second half of a speech broken by its frame ("…," she said, "and …")
    resumed = before.rstrip().endswith(",") and bool(_CLOSING_MARK.search(text, near, at))
    return resumed and len(words) >= 4
