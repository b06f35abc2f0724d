"""ClaimReview in the scripts of an HTML page."""

import re
from collections.abc import Iterator

from claims.sources.claim_reviews.jsonld import parse_json, read_document
from claims.sources.claim_reviews.reviewed import ReadReviews
from claims.sources.claim_reviews.values import as_url

MOST_SCRIPTS = 200
LONGEST_SCRIPT = 5_000_000

_OPENING = re.compile(r"<!--|<script\b([^<>]{0,2000})>", re.IGNORECASE)
_CLOSING = re.compile(r"</script", re.IGNORECASE)
_IS_LINKED = re.compile(r"type\s*=\s*[\"']?\s*application/ld\+json", re.IGNORECASE)
_WRAPPING = re.compile(
    r"\A\s*(?://\s*)?(?:<!\[CDATA\[|<!--)|(?://\s*)?(?:\]\]>|-->)\s*\Z"
)  # as old templates hide scripts from old browsers


def read_page(text: str, into: ReadReviews, *, page_url: str = "") -> None:
    """Add the reviews of a page; a script that is no JSON is noted, and the others are read."""
    base_url = as_url(page_url)
    for number, script in enumerate(_scripts(text), 1):
        where = f"script {number}"
        if number > MOST_SCRIPTS:
            into.note(where, "script", f"Only the first {MOST_SCRIPTS} scripts of a page are read.")
            return
        if len(script) > LONGEST_SCRIPT:
            into.refuse(
                where, "script", f"It has {len(script):,} characters; {LONGEST_SCRIPT:,} are the limit."
            )
            continue
        try:
            document = parse_json(_WRAPPING.sub("", script))
        except ValueError as error:
            into.note(where, "script", f"It is no JSON ({error}). The publisher has to mend it.")
            continue
        read_document(document, into, where, base_url=base_url)


def _scripts(text: str) -> Iterator[str]:
    """The contents of JSON-LD scripts, in one pass; comments and other scripts are passed over."""
    position = 0
    while (opening := _OPENING.search(text, position)) is not None:
        if opening[1] is None:
            end = text.find("-->", opening.end())
            if end == -1:
                return
            position = end + 3
            continue
        closing = _CLOSING.search(text, opening.end())
        end = closing.start() if closing else len(text)
        if _IS_LINKED.search(opening[1]):
            yield text[opening.end() : end]
        position = end + 1
