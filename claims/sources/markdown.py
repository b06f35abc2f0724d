"""Markdown to text: headings and paragraphs as lines, list items with a dash, no markup."""

import re
from collections.abc import Sequence
from datetime import datetime

from markdown_it import MarkdownIt
from markdown_it.token import Token

from claims.sources.article import ParsedArticle
from claims.sources.dates import parse_date
from claims.sources.text import checked_body, one_line, title_from
from claimtracker.kernel.html import html_to_text

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n((?:[^\n]*\n){0,60}?)---[ \t]*\n")
_FIELD = re.compile(r"^([A-Za-z_]{2,20}):[ \t]*(.+)$", re.MULTILINE)
# Each bracket may open a link that the parser looks for through the rest of the paragraph.
_MOST_MARKS_IN_A_PARAGRAPH = 2_000
# About 70 microseconds each.
_MOST_LINES = 10_000


def parse_markdown(text: str) -> ParsedArticle:
    """An article from Markdown; title, author and date from its front matter, else the title from a first
    heading. Raises UnreadableArticle."""
    source = checked_body(text, field="text") + "\n"
    fields, source = _front_matter(source)
    lines = _lines(source)
    if not lines:
        # Nested beyond what the parser follows: the words are worth more than the marks.
        lines = [("text", line) for line in html_to_text(source).split("\n")]
    title = one_line(fields.get("title", ""))
    if len(lines) > 1 and lines[0][0] == "h1" and title in {"", lines[0][1]}:
        title = one_line(lines.pop(0)[1])
    body = checked_body(_joined(lines), field="text")
    return ParsedArticle(
        title=title or title_from(body),
        byline=one_line(fields.get("author", "")),
        body=body,
        published_at=_date(fields),
    )


def _front_matter(source: str) -> tuple[dict[str, str], str]:
    found = _FRONT_MATTER.match(source)
    if found is None:
        return {}, source
    fields = {key.lower(): value.strip().strip("\"'") for key, value in _FIELD.findall(found[1])}
    return fields, source[found.end() :]


def _date(fields: dict[str, str]) -> datetime | None:
    return parse_date(fields.get("date", ""))


def _lines(source: str) -> list[tuple[str, str]]:
    """(kind, text) of each block, kind being h1, heading, item or text."""
    if source.count("\n") > _MOST_LINES or any(
        sum(paragraph.count(mark) for mark in "[]*_`<!") > _MOST_MARKS_IN_A_PARAGRAPH
        for paragraph in source.split("\n\n")
    ):
        return [("text", line) for line in html_to_text(source).split("\n")]
    lines: list[tuple[str, str]] = []
    cells: list[str] = []
    kind = "text"
    for token in MarkdownIt("commonmark", {"maxNesting": 60}).enable("table").parse(source):
        if token.type == "heading_open":
            kind = "h1" if token.tag == "h1" else "heading"
        elif token.type == "list_item_open":
            kind = "item"
        elif token.type in {"th_open", "td_open"}:
            kind = "cell"
        elif token.type == "tr_close":
            lines.append(("text", " | ".join(cells)))
            cells = []
        elif token.type == "inline" and kind == "cell":
            cells.append(_inline_text(token.children or ()).strip())
        elif token.type == "inline":
            text = _inline_text(token.children or ()).strip()
            if text:
                lines.append((kind, text))
            kind = "text"
        elif token.type in {"fence", "code_block"}:
            lines.append(("text", token.content.strip("\n")))
        elif token.type == "html_block":
            lines.append(("text", html_to_text(token.content)))
    return [(kind, text) for kind, text in lines if text]


def _joined(lines: Sequence[tuple[str, str]]) -> str:
    pieces: list[str] = []
    for position, (kind, text) in enumerate(lines):
        if position:
            beside = kind == "item" and lines[position - 1][0] == "item"
            pieces.append("\n" if beside else "\n\n")
        pieces.append(f"- {text}" if kind == "item" else text)
    return "".join(pieces)


def _inline_text(tokens: Sequence[Token]) -> str:
    """Links by their words; images and raw markup by nothing; a soft break is a space."""
    pieces = []
    for token in tokens:
        if token.type in {"text", "code_inline"}:
            pieces.append(token.content)
        elif token.type == "softbreak":
            pieces.append(" ")
        elif token.type == "hardbreak":
            pieces.append("\n")
    return "".join(pieces)
