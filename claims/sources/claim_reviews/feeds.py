"""Many ClaimReviews at once: a DataFeed as Data Commons gives it, and one JSON document a line."""

from dataclasses import replace
from typing import Any

from claims.sources.claim_reviews.jsonld import is_a, parse_json, read_document
from claims.sources.claim_reviews.reviewed import ReadReviews
from claims.sources.claim_reviews.values import LONGEST_LICENCE, Values

LONGEST_LINE = 2_000_000


def read_feed(feed: dict[str, Any], into: ReadReviews) -> None:
    """Add the reviews of ``dataFeedElement[].item[]``; the feed's licence is theirs where they name none."""
    licence = _licence_of(feed, into, "feed")
    elements = feed.get("dataFeedElement")
    for number, element in enumerate(elements if isinstance(elements, list) else [elements], 1):
        where = f"element {number}"
        before = len(into.reviews)
        found = read_document(element, into, where)
        if not found:
            into.note(where, "item", "There is no ClaimReview in it.")
            continue
        given = (_licence_of(element, into, where) if isinstance(element, dict) else "") or licence
        if given:
            into.reviews[before:] = [
                review if review.licence else replace(review, licence=given)
                for review in into.reviews[before:]
            ]


def read_lines(text: str, into: ReadReviews) -> None:
    """Add the reviews of a file with one JSON document a line; a broken line is noted, the rest is read."""
    number = 0
    for number, line in enumerate(text.split("\n"), 1):
        line = line.strip()
        if not line:
            continue
        where = f"line {number}"
        if len(line) > LONGEST_LINE:
            into.refuse(where, "line", f"It has {len(line):,} characters; {LONGEST_LINE:,} are the limit.")
            continue
        try:
            document = parse_json(line)
        except ValueError as error:
            into.refuse(where, "line", f"It is no JSON ({error}). One document a line is wanted.")
            continue
        if not read_document(document, into, where):
            into.note(where, "line", "There is no ClaimReview in it.")


def is_feed(document: Any) -> bool:
    return isinstance(document, dict) and ("dataFeedElement" in document or is_a(document, "DataFeed"))


def _licence_of(node: dict[str, Any], into: ReadReviews, where: str) -> str:
    return Values(into, where).text("license", node.get("sdLicense") or node.get("license"), LONGEST_LICENCE)
