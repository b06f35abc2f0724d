"""What each line of an article is: headline, byline, caption, paragraph … judged by its shape."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from claims.extraction.model import Block, BlockKind

_NAME = r"[A-Z][\w'’.-]*(?:[ \t]+(?:(?:de|van|von|der|la|al|bin|el|di|da)[ \t]+)?[A-Z][\w'’.-]*){0,3}"
_BYLINE = re.compile(
    rf"^(?:(?:written|reported|words)[ \t]+)?by[ \t]+{_NAME}"
    rf"(?:[ \t]*(?:,|and|&|in|for|\|)[ \t]*[^.!?]*)?$",
    re.IGNORECASE,
)
_CREDIT_WORD = re.compile(
    r"^\(?(?:photo(?:graph)?s?|pictures?|images?|illustration|graphic|credit|source|video|©|copyright)\b"
    r"[^.!?]{0,20}?(?::|by\b|courtesy)|^©",
    re.IGNORECASE,
)
_CREDIT_INLINE = re.compile(
    r"(?:[\s(\[](?i:photo(?:graph)?|picture|image|illustration|credit)s?(?:[ \t]+credit)?[ \t]*(?::|by[ \t])"
    rf"[^.!?:]{{2,80}}[)\]]?|(?:©|\(c\))[^.!?]{{2,60}}|[ .(\[–—-]{_NAME}[ \t]*/[ \t]*[A-Z][\w'’&.-]*"
    r"(?:[ \t/]+[A-Z][\w'’&.-]*){0,4}[)\]]?)[ \t]*$"
)
_WHOLE_CREDIT = re.compile(rf"^\(?{_NAME}[ \t]*/[ \t]*[A-Z][\w'’&.-]*(?:[ \t/]+[A-Z][\w'’&.-]*){{0,4}}\)?$")
# just two names after a word in small letters or a full stop: no place of the caption is taken for a name
_CREDIT_AFTER_CAPTION = re.compile(
    r"(?:(?<![\w'’-])(?:[a-z][\w'’-]*|\d+)[,;.!?]?|\w{4}[.!?][\"'”’)\]]?)[ \t]+"
    r"(?P<credit>[A-Z][\w'’-]+[ \t]+(?:(?:de|van|von|der|la|al|bin|el|di|da)[ \t]+)?[A-Z][\w'’-]+"
    r"[ \t]*/[ \t]*[A-Z][\w'’&.-]*(?:[ \t/]+[A-Z][\w'’&.-]*){0,4})$"
)
_LIST_ITEM = re.compile(r"^(?:[-*•‣▪◦–—·]|\(?\d{1,2}[.)]|\(?[a-z][.)])[ \t]+\S")
_DATELINE = re.compile(r"^(?:(?:published|updated|last updated|posted)\b.{0,60}|.{0,12}\d{4}.{0,20})$", re.I)
_TERMINAL = re.compile(r"[.!?…][\"'”’»)\]]*$")
_LONG_LINE = 25  # words; no headline, byline or subheading is longer
_LONGEST_SHAPED = 3_000  # characters; longer lines are prose, whatever they look like


def find_blocks(text: str) -> tuple[Block, ...]:
    """The text's lines that hold anything, in order, each with its kind and its span without outer space.

    A caption and the credit at its end are two blocks of one line where they can be told apart.
    """
    lines = list(_lines(text))
    kinds: list[BlockKind] = []
    head = _Head()
    for index, (start, end) in enumerate(lines):
        kinds.append(_kind(text[start:end], index, head, len(lines)))
        head.note(kinds[-1])
    if len(lines) > 3 and kinds[0] == "paragraph":
        following = " ".join(text[start:end] for start, end in lines[1:3])
        if _is_echoed_title(text[lines[0][0] : lines[0][1]], following):
            kinds[0] = "headline"
    found: list[Block] = []
    for kind, (start, end) in zip(kinds, lines, strict=True):
        if kind == "caption":
            found.extend(_caption_and_credit(text, start, end))
        else:
            found.append(Block(kind, start, end))
    return tuple(found)


def _caption_and_credit(text: str, start: int, end: int) -> list[Block]:
    """A caption, and apart from it the "Name Surname/Agency" at its end where its beginning is clear."""
    line = text[start:end]
    credit = _CREDIT_AFTER_CAPTION.search(line)
    if credit is None:
        return [Block("caption", start, end)]
    at = credit.start("credit")
    before = start + len(line[:at].rstrip())
    return [Block("caption", start, before), Block("credit", start + at, end)]


def _lines(text: str) -> Iterator[tuple[int, int]]:
    position = 0
    for line in re.split(r"(\r\n|\n|\r|\u2028|\u2029|\f|\v|\x85)", text):
        stripped = line.strip("\ufeff\u200b \t\u00a0\r\n\f\v\u2028\u2029\x85\x1c\x1d\x1e")
        if stripped:
            start = position + line.index(stripped)
            yield start, start + len(stripped)
        position += len(line)


@dataclass(slots=True)
class _Head:
    """What the lines before one say of it: whether the article's body has begun, and had it a headline."""

    ended: bool = False
    titled: bool = False

    def note(self, kind: BlockKind) -> None:
        self.ended = self.ended or kind in ("paragraph", "list_item")
        self.titled = self.titled or kind == "headline"


def _kind(line: str, index: int, head: _Head, total: int) -> BlockKind:
    if len(line) > _LONGEST_SHAPED:
        return "list_item" if _LIST_ITEM.match(line) else "paragraph"
    words = line.split()
    ended = bool(_TERMINAL.search(line))
    if len(words) <= _LONG_LINE and _BYLINE.match(line) and not ended:
        return "byline"
    if len(words) <= 20 and (_CREDIT_WORD.match(line) or _WHOLE_CREDIT.match(line)):
        return "credit"
    if len(words) <= 60 and _CREDIT_INLINE.search(line):
        return "caption"
    if line.isupper() and len(words) <= 6 and len(line) > 3:
        return "headline" if index == 0 else "subheading"
    if _LIST_ITEM.match(line):
        return "list_item"
    if ended or len(words) > _LONG_LINE or total == 1:
        return "paragraph"
    return _short_line_kind(line, words, index, head)


def _short_line_kind(line: str, words: list[str], index: int, head: _Head) -> BlockKind:
    """A short line without a full stop: part of the article's head, or a subheading in its body."""
    if line[0] in "\"“'‘«" or line.endswith((":", ",", ";", '"', "”")):
        return "paragraph"
    if index == 0:
        return "headline"
    if not head.ended:
        if _DATELINE.match(line) and len(words) <= 10:
            return "byline"
        return "subheading" if head.titled else "headline"
    return "subheading" if len(words) <= 12 else "paragraph"


def _is_echoed_title(line: str, following: str) -> bool:
    """Whether a first line with a full stop is a headline all the same: short, and said again right below."""
    words = [word.lower() for word in re.findall(r"[^\W\d_]{4,}", line)]
    if len(words) < 2 or len(line.split()) > 16 or re.search(r"(?<!\b[A-Z])[.!?][\"'”’]?\s+\S", line):
        return False
    titled = [word for word in re.findall(r"[^\W\d_]{4,}", line) if word[0].isupper()]
    if len(titled) == len(words) and len(words) > 3:
        return True
    below = {word.lower()[:5] for word in re.findall(r"[^\W\d_]{4,}", following)}
    return sum(word[:5] in below for word in words) >= 0.6 * len(words)
