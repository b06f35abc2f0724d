"""The page of a cited source, as it answers now: its bytes, its words, and what stands in the way."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from enum import StrEnum

from claims.sources.article import MOST_TEXT_BYTES, UnreadableArticle
from claims.sources.decoding import charset_of, decode_text
from claims.sources.fetching import looks_like_a_notice
from claims.sources.html import read_page
from claims.sources.html_page import Page
from claims.sources.text import normalise_body, one_line
from claims.sources.visits import Moved, Obstructed, outcome_of
from claimtracker.kernel.html import html_to_text
from claimtracker.kernel.outbound import OutboundPolicy, OutboundRefused, Response, fetch

_HTML = frozenset({"text/html", "application/xhtml+xml"})
_TEXT = frozenset(
    {"text/plain", "text/markdown", "text/x-markdown", "text/csv", "text/tab-separated-values"}
    | {"application/json", "application/ld+json", "text/xml", "application/xml"}
)
_KEPT_UNREAD = frozenset({"application/pdf"})
_GONE = frozenset({404, 410})


class Obstacle(StrEnum):
    """Why there is no page: its site says that it is gone, nothing came this time, or we never take it."""

    GONE = "gone"
    AWAY = "away"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class CitedPage:
    """``text`` is every word that the page shows, None where it cannot be read (a PDF); ``main_digest`` is of
    the part that is the page's own, so that a new advertisement is no change; ``publisher`` is empty where
    the page names none."""

    url: str
    media_type: str
    charset: str
    title: str
    body: bytes
    text: str | None
    is_cut: bool
    main_digest: str
    publisher: str = ""


class UnreadablePage(Exception):
    """No page: ``message`` is a sentence with the mend, ``code`` is for programs. ``rest`` as in Obstructed:
    the host asked to be left alone."""

    def __init__(self, obstacle: Obstacle, code: str, message: str, *, rest: float | None = None) -> None:
        super().__init__(message)
        self.obstacle, self.code, self.message, self.rest = obstacle, code, message, rest


def fetch_cited_page(
    url: str, *, max_bytes: int, timeout: float, allow: OutboundPolicy | None = None
) -> CitedPage | Moved:
    """The page at ``url``, or where it redirects to: the next address may be another host's, which has a pace
    of its own. Raises UnreadablePage, whatever stands in the way."""
    accept = "text/html, application/xhtml+xml, application/pdf;q=0.9, text/*;q=0.8, application/json;q=0.7"
    try:
        answer = fetch(
            url,
            headers={"accept": accept},
            max_bytes=max_bytes,
            timeout=timeout,
            allow=allow,
            follow_redirects=False,
        )
    except OutboundRefused as refusal:
        obstacle = Obstacle.AWAY if refusal.may_heal else Obstacle.REFUSED
        raise UnreadablePage(obstacle, refusal.code, refusal.reason) from refusal
    outcome = outcome_of(answer)
    if isinstance(outcome, Moved):
        return outcome
    if isinstance(outcome, Obstructed) and outcome.rest is not None:
        message = f"{outcome.message} It will be tried again."
        raise UnreadablePage(Obstacle.AWAY, outcome.code, message, rest=outcome.rest)
    if isinstance(outcome, Obstructed) and outcome.code == "bad_redirect":
        raise UnreadablePage(Obstacle.REFUSED, outcome.code, outcome.message)
    return read_cited_page(answer)


def read_cited_page(answer: Response) -> CitedPage:
    """The page in an answer. Raises UnreadablePage when it is none."""
    _check_status(answer.status)
    charset = (charset_of(answer.headers.get("content-type", "")) or "").lower()
    kind = answer.content_type or ("text/html" if answer.body.lstrip()[:1] == b"<" else "")
    if kind in _KEPT_UNREAD:
        return _page(answer, kind, charset, "", None)
    if kind not in _HTML | _TEXT:
        raise UnreadablePage(
            Obstacle.REFUSED,
            "wrong_type",
            f"The address leads to {kind[:60] or 'something without a type'}, which is not kept. "
            "Cite the page that describes it, or keep a copy yourself and give its citation.",
        )
    try:
        source = decode_text(answer.body, field="url", charset=charset or None, html=kind in _HTML)
    except UnreadableArticle as why:
        raise UnreadablePage(
            Obstacle.REFUSED,
            "wrong_type",
            f"What came is not what its type {kind[:60]} says. {why.message}",
        ) from why
    if kind not in _HTML:
        return _page(answer, kind, charset, "", normalise_body(source))
    return _html_page(answer, kind, charset, source)


def _html_page(answer: Response, kind: str, charset: str, source: str) -> CitedPage:
    head = Page(source)
    title, text = one_line(head.title()), normalise_body(html_to_text(source))
    if looks_like_a_notice(title, text):
        raise UnreadablePage(
            Obstacle.AWAY,
            "notice",
            f"The site answered with a notice instead of the page (“{title[:80]}”). "
            "Open it in your browser; it will be tried again.",
        )
    try:
        main = read_page(answer.body, url=answer.url, charset=charset or None).article.body
    except UnreadableArticle:
        main = text
    page = _page(answer, kind, charset, title, text, main)
    return replace(page, publisher=head.site_name() or "")


def _page(
    answer: Response, kind: str, charset: str, title: str, text: str | None, main: str | None = None
) -> CitedPage:
    words = " ".join((main or text or "").split()).encode() or answer.body
    kept, is_cut = _within_cap(text)
    return CitedPage(
        url=answer.url,
        media_type=kind,
        charset=charset,
        title=title,
        body=answer.body,
        text=kept,
        is_cut=is_cut,
        main_digest=hashlib.sha256(words).hexdigest(),
    )


def _within_cap(text: str | None) -> tuple[str | None, bool]:
    if text is None or len(text.encode()) <= MOST_TEXT_BYTES:
        return text, False
    return text.encode()[:MOST_TEXT_BYTES].decode(errors="ignore"), True


def _check_status(status: int) -> None:
    if 200 <= status < 300:
        return
    if status in _GONE:
        raise UnreadablePage(
            Obstacle.GONE,
            "not_found",
            f"The site says that there is no such page (status {status}). "
            "Look for its new address, or for an archived copy.",
        )
    reasons = {401: "asks for a sign-in", 402: "asks for payment", 403: "does not show this page to us"}
    what = reasons.get(status, "has an error of its own" if status >= 500 else "did not give the page")
    raise UnreadablePage(
        Obstacle.AWAY, "http_status", f"The site {what} (status {status}). It will be tried again."
    )
