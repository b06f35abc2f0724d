"""Articles by their address, through the one outbound client."""

import re
from dataclasses import replace
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from claims.sources.article import ParsedArticle, UnreadableArticle
from claims.sources.decoding import charset_of, decode_text
from claims.sources.html import MOST_HTML_BYTES, ReadPage, read_page
from claims.sources.markdown import parse_markdown
from claims.sources.text import parse_text
from claimtracker.kernel.outbound import OutboundPolicy, OutboundRefused, Response, fetch

FETCH_SECONDS = 15.0

_HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})
_MARKDOWN_TYPES = frozenset({"text/markdown", "text/x-markdown"})

# A page with less text than this is looked at twice: it may be a wall, an error or an empty shell.
_SHORT_PAGE = 1_500
_LEAST_ARTICLE = 120
_WALL = re.compile(
    r"subscribe (?:now |today )?to (?:continue|read|keep reading|unlock)|already a subscriber"
    r"|subscribers only|(?:sign|log) in to (?:continue|read)|for subscribers|to continue reading"
    r"|create (?:a|your) free account|register to (?:continue|read)|unlock this (?:article|story)",
    re.IGNORECASE,
)
_ERROR_TITLE = re.compile(
    r"\b404\b|\bnot found\b|page (?:does not|doesn['’]t) exist|no longer available|\berror\b"
    r"|access denied|attention required|just a moment|are you a robot|captcha|verify you are human",
    re.IGNORECASE,
)
_STATUS_REASONS = {
    401: ("forbidden", "asks for a sign-in"),
    402: ("paywalled", "asks for payment"),
    403: ("forbidden", "refuses to show this page to us"),
    404: ("not_found", "has no page at this address"),
    410: ("not_found", "has taken this page down"),
    429: ("rate_limited", "asks us to come back later"),
    451: ("forbidden", "may not show this page for legal reasons"),
}


def fetch_article(url: str, *, allow: OutboundPolicy | None = None) -> ParsedArticle:
    """The article at an address; `url` of the result is the address after redirects.

    Raises UnreadableArticle for "url", whatever stands in the way.
    """
    try:
        response = fetch(
            url.strip(),
            headers={"accept": "text/html, application/xhtml+xml, text/plain;q=0.8, text/markdown;q=0.8"},
            max_bytes=MOST_HTML_BYTES,
            timeout=FETCH_SECONDS,
            allow=allow,
        )
    except OutboundRefused as refusal:
        raise UnreadableArticle(
            "url", refusal.code, f"{refusal.reason} You can also paste the text instead."
        ) from refusal
    try:
        return read_response(response)
    except UnreadableArticle as refusal:
        raise refusal.for_field("url") from None


def read_response(response: Response) -> ParsedArticle:
    """The article in an answer. Raises UnreadableArticle when it is none."""
    _check_status(response)
    if not response.body.strip():
        raise UnreadableArticle("url", "empty", "The page is empty. Check the address, or paste the text.")
    charset = charset_of(response.headers.get("content-type", ""))
    kind = response.content_type
    if kind in _HTML_TYPES or (not kind and response.body.lstrip()[:1] == b"<"):
        page = read_page(response.body, url=response.url, charset=charset)
        _check_page(page)
        return page.article
    if kind not in _MARKDOWN_TYPES | {"text/plain", ""}:
        raise UnreadableArticle(
            "url",
            "wrong_type",
            f"The address leads to {kind[:60]}, not to a page of text. Give the article's own page, "
            "or paste the text.",
        )
    text = decode_text(response.body, field="url", charset=charset)
    is_markdown = kind in _MARKDOWN_TYPES or PurePosixPath(urlsplit(response.url).path).suffix == ".md"
    return replace(parse_markdown(text) if is_markdown else parse_text(text), url=response.url)


def looks_like_a_notice(title: str, body: str) -> bool:
    """A short page under a title such as "Not found" or "Just a moment", whatever its status says."""
    return bool(_ERROR_TITLE.search(title)) and len(body) < _SHORT_PAGE // 3


def _check_status(response: Response) -> None:
    if 200 <= response.status < 300:
        return
    code, message = status_reason(response.status)
    mend = (
        "Check the address, or paste the text instead."
        if code == "not_found"
        else "Try again later, or paste the text instead."
        if code in {"rate_limited", "site_error"}
        else "Open it in your browser and paste the text instead."
    )
    raise UnreadableArticle("url", code, f"{message} {mend}")


def status_reason(status: int) -> tuple[str, str]:
    """A code and a sentence for a status that brings no page."""
    code, what = _STATUS_REASONS.get(
        status,
        ("site_error", "has an error of its own")
        if status >= 500
        else ("http_status", "did not give the page"),
    )
    return code, f"The site {what} (status {status})."


def _check_page(page: ReadPage) -> None:
    """Refuse what came with status 200 and is no article."""
    article = page.article
    if len(article.body) >= _SHORT_PAGE:
        return
    if page.says_paid or _WALL.search(article.body):
        raise UnreadableArticle(
            "url",
            "paywalled",
            "The page shows only a preview to readers who are not signed in or do not pay. "
            "Paste the full text instead.",
        )
    if looks_like_a_notice(article.title, article.body):
        raise UnreadableArticle(
            "url",
            "error_page",
            f"The site answered with a notice instead of an article (“{article.title[:80]}”). "
            "Open it in your browser and paste the text instead.",
        )
    if len(article.body) < _LEAST_ARTICLE:
        raise UnreadableArticle(
            "url",
            "empty",
            f"Only {len(article.body)} characters of text were found in this page. It may be drawn by "
            "scripts; paste its words instead.",
        )
