"""Plain text: the form in which every body is stored."""

import re

from claims.sources.article import MOST_TEXT_BYTES, ParsedArticle, UnreadableArticle

_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85]")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_MANY_NEWLINES = re.compile(r"\n{3,}")
_GARBAGE = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\ufffd]")
_TITLE_LENGTH = 160


def normalise_body(text: str) -> str:
    """The text as it is stored: line ends as \\n, no control characters, no trailing spaces, no more than
    one empty line in a row. All other code points stay as they are, because quotations must match."""
    text = _LINE_ENDS.sub("\n", text.removeprefix("\ufeff"))
    text = _SURROGATES.sub("\ufffd", _CONTROLS.sub("", text))
    text = "\n".join(line.rstrip() for line in text.split("\n"))
    return _MANY_NEWLINES.sub("\n\n", text).strip("\n")


def one_line(text: str, *, limit: int = 300) -> str:
    """A title or a name on one line of at most `limit` characters."""
    line = " ".join(normalise_body(text).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def checked_body(text: str, *, field: str) -> str:
    """The normalised text of an article. Raises UnreadableArticle when it is none."""
    if len(text) > MOST_TEXT_BYTES:
        raise too_long(len(text.encode("utf-8", "replace")), field=field)
    if len(_GARBAGE.findall(text)) > max(3, len(text) // 50):
        raise UnreadableArticle(
            field,
            "binary",
            "This is not text: it is full of control characters. Paste the article's words instead.",
        )
    body = normalise_body(text)
    if not any(character.isalnum() for character in body):
        raise UnreadableArticle(field, "empty", "There is no text here. Paste the article's words.")
    size = len(body.encode())
    if size > MOST_TEXT_BYTES:
        raise too_long(size, field=field)
    return body


def too_long(size: int, *, field: str) -> UnreadableArticle:
    """The refusal of a text of `size` bytes."""
    return UnreadableArticle(
        field,
        "too_long",
        f"The text has {size:,} bytes; the limit is {MOST_TEXT_BYTES:,}. Split it into several articles.",
    )


def parse_text(text: str, *, title: str = "") -> ParsedArticle:
    """An article from pasted text. Without a title its first line serves. Raises UnreadableArticle."""
    body = checked_body(text, field="text")
    return ParsedArticle(title=one_line(title) or title_from(body), byline="", body=body)


def title_from(body: str) -> str:
    """A title for a text that came without one: its first line, cut between words."""
    first = next((line for line in body.split("\n") if line.strip()), "")
    line = " ".join(first.split()).lstrip("#*- ")
    if len(line) <= _TITLE_LENGTH:
        return line or "Untitled"
    return line[:_TITLE_LENGTH].rsplit(" ", 1)[0].rstrip(",;:– ") + "…"
