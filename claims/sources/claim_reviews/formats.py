"""From bytes to reviews: which format it is, and its reader."""

from enum import StrEnum
from typing import Any

from claims.sources.article import UnreadableArticle
from claims.sources.claim_reviews.claims_search import is_answer, read_answers
from claims.sources.claim_reviews.feeds import is_feed, read_feed, read_lines
from claims.sources.claim_reviews.jsonld import parse_json, read_document
from claims.sources.claim_reviews.page import read_page
from claims.sources.claim_reviews.reviewed import ReadReviews, UnreadableReviews
from claims.sources.claim_reviews.table import is_table, read_table
from claims.sources.decoding import decode_text

MOST_BYTES = 200_000_000


class Format(StrEnum):
    PAGE = "page"  # HTML with ClaimReview in its scripts
    JSON_LD = "json-ld"  # one document: a ClaimReview, a list, an @graph
    DATA_FEED = "data-feed"  # schema.org DataFeed, as Data Commons gives it
    LINES = "lines"  # one JSON document a line
    CLAIMS_SEARCH = "claims-search"  # an answer of Google's claims:search
    CSV = "csv"


WANTED = (
    "It has to be a page with ClaimReview, JSON-LD, a Data Commons feed, one ClaimReview a line, "
    "an answer of claims:search, or CSV with a column “claim”."
)


def read_reviews(
    content: bytes, *, format: str = "", page_url: str = "", charset: str | None = None, field: str = "file"
) -> ReadReviews:
    """The reviews in ``content``, in the named format or in the one it looks like.

    ``page_url`` is the address of a page, ``charset`` what its server said; ``field`` is named in refusals.
    Raises UnreadableReviews when nothing in it can be read; single faults are in the result's ``problems``.
    """
    text = _decoded(content, field, charset)
    document = (
        _whole_json(text) if format in {"", Format.JSON_LD, Format.DATA_FEED, Format.CLAIMS_SEARCH} else None
    )
    found = ReadReviews(format or detected_format(text, document))
    try:
        _read(text, document, found, page_url)
    except UnreadableReviews as refusal:
        raise UnreadableReviews(field, refusal.code, refusal.message) from None
    if not found.reviews and not found.problem_count:
        raise UnreadableReviews(field, "no_reviews", f"There is no claim review in it. {WANTED}")
    return found


def detected_format(text: str, document: Any = None) -> str:
    """The format that ``text`` looks like; ``document`` is its value when all of it is JSON. "" if none."""
    if document is not None:
        if is_feed(document):
            return Format.DATA_FEED
        return Format.CLAIMS_SEARCH if is_answer(document) else Format.JSON_LD
    start = text.lstrip()[:1]
    if start in {"{", "["}:
        return Format.LINES if _first_line_is_json(text) else Format.JSON_LD
    if start == "<":
        return Format.PAGE
    return Format.CSV if is_table(text) else ""


def _read(text: str, document: Any, into: ReadReviews, page_url: str) -> None:
    match into.format:
        case Format.PAGE:
            read_page(text, into, page_url=page_url)
        case Format.LINES:
            read_lines(text, into)
        case Format.CSV:
            read_table(text, into)
        case Format.DATA_FEED if is_feed(document):
            read_feed(document, into)
        case Format.CLAIMS_SEARCH if is_answer(document):
            read_answers(document, into)
        case Format.JSON_LD if document is not None:
            read_document(document, into, "document", base_url=page_url)
        case "":
            raise UnreadableReviews("file", "unknown_format", f"This is no file of claim reviews. {WANTED}")
        case _:
            raise UnreadableReviews(
                "file", "wrong_format", f"It cannot be read as {into.format}: {_json_fault(text, document)}"
            )


def _decoded(content: bytes, field: str, charset: str | None) -> str:
    if len(content) > MOST_BYTES:
        raise UnreadableReviews(
            field, "too_long", f"It has {len(content):,} bytes; {MOST_BYTES:,} are the limit. Split it."
        )
    if not content.strip():
        raise UnreadableReviews(field, "empty", f"It is empty. {WANTED}")
    try:
        text = decode_text(content, field=field, charset=charset, html=content.lstrip()[:1] == b"<")
    except UnreadableArticle as refusal:
        raise UnreadableReviews(
            field, refusal.code, f"It is not text in a known encoding. {WANTED}"
        ) from None
    return text.removeprefix("\ufeff").replace("\x00", "")


def _whole_json(text: str) -> Any:
    if text.lstrip()[:1] not in {"{", "["}:
        return None
    try:
        return parse_json(text)
    except ValueError:
        return None


def _first_line_is_json(text: str) -> bool:
    first, _, rest = text.lstrip().partition("\n")
    try:
        return bool(rest.strip()) and isinstance(parse_json(first), dict | list)
    except ValueError:
        return False


def _json_fault(text: str, document: Any) -> str:
    if document is not None:
        return "it is JSON of another shape. Leave the format out to have it found."
    try:
        parse_json(text)
    except ValueError as error:
        return f"it is no JSON ({error}). Mend it, or name another format."
    return "it is no JSON object or list. Name another format."
