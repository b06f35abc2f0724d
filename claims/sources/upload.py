"""Uploaded files: .txt, .md, .html and .htm."""

from pathlib import PurePath

from claims.sources.article import MOST_TEXT_BYTES, ParsedArticle, UnreadableArticle
from claims.sources.decoding import decode_text
from claims.sources.html import parse_html
from claims.sources.markdown import parse_markdown
from claims.sources.text import parse_text, too_long

ACCEPTED_SUFFIXES = (".txt", ".md", ".html", ".htm")
# UTF-16 and UTF-32 take up to four bytes for a letter that takes one in UTF-8.
_MOST_FILE_BYTES = 4 * MOST_TEXT_BYTES


def parse_upload(name: str, content: bytes) -> ParsedArticle:
    """The article in an uploaded file, by its name's suffix. Raises UnreadableArticle for "file"."""
    suffix = PurePath(name.replace("\\", "/")).suffix.lower()
    if suffix not in ACCEPTED_SUFFIXES:
        raise UnreadableArticle(
            "file",
            "wrong_type",
            f"Files of this kind ({suffix or 'no suffix'}) are not taken. "
            f"Send {', '.join(ACCEPTED_SUFFIXES[:-1])} or {ACCEPTED_SUFFIXES[-1]}, or paste the text.",
        )
    if not content.strip():
        raise UnreadableArticle("file", "empty", "The file is empty. Choose the file with the article in it.")
    try:
        if suffix in {".html", ".htm"}:
            return parse_html(content)
        if len(content) > _MOST_FILE_BYTES:
            raise too_long(len(content), field="file")
        text = decode_text(content, field="file")
        return parse_markdown(text) if suffix == ".md" else parse_text(text)
    except UnreadableArticle as refusal:
        raise refusal.for_field("file") from None
