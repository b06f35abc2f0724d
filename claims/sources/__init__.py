"""Articles from text, files and addresses, as plain values; no Django, no database."""

from claims.sources.article import MOST_TEXT_BYTES, ParsedArticle, UnreadableArticle
from claims.sources.fetching import fetch_article, read_response
from claims.sources.html import parse_html
from claims.sources.markdown import parse_markdown
from claims.sources.text import normalise_body, parse_text
from claims.sources.upload import ACCEPTED_SUFFIXES, parse_upload

__all__ = [
    "ACCEPTED_SUFFIXES",
    "MOST_TEXT_BYTES",
    "ParsedArticle",
    "UnreadableArticle",
    "fetch_article",
    "normalise_body",
    "parse_html",
    "parse_markdown",
    "parse_text",
    "parse_upload",
    "read_response",
]
