"""Claim reviews as CSV, with the columns of ``COLUMNS`` in any order and spelling of their names."""

import csv
import io
import re
from collections.abc import Iterator

from claims.sources.claim_reviews.reviewed import ReadReviews, ReviewedClaim, UnreadableReviews
from claims.sources.claim_reviews.values import (
    LONGEST_CLAIM,
    LONGEST_ID,
    LONGEST_LICENCE,
    LONGEST_NAME,
    LONGEST_RATING,
    LONGEST_TITLE,
    Values,
)

# Each column and the other names under which it is known; case, spaces, - and _ do not count.
COLUMNS: dict[str, tuple[str, ...]] = {
    "claim": ("text", "claim text", "claim reviewed"),
    "claimant": ("claim author", "speaker"),
    "claim date": (),
    "publisher": ("publisher name", "organization", "organisation"),
    "site": ("publisher site",),
    "url": ("review url", "link"),
    "title": ("headline", "review title"),
    "rating": ("textual rating", "verdict"),
    "rating value": (),
    "best rating": (),
    "worst rating": (),
    "review date": ("date published", "date"),
    "language": ("language code",),
    "licence": ("license",),
    "first appearance": (),
    "appearances": ("appearance",),
    "id": ("external id",),
}
DELIMITERS = (",", ";", "\t")
MOST_BROKEN_ROWS = 1_000

_SEPARATORS = re.compile(r"[\s|]+")


def _key(name: str) -> str:
    return re.sub(r"[\s_-]+", "", name).casefold()


_KNOWN = {_key(other): name for name, others in COLUMNS.items() for other in (name, *others)}


def columns_of(text: str) -> tuple[str, list[str]]:
    """The delimiter that makes the most of the first line, and that line's cells by our names or ""."""
    first = next((line for line in text[:20_000].splitlines() if line.strip()), "")
    tried = []
    for delimiter in DELIMITERS:
        cells = next(csv.reader([first], delimiter=delimiter), [])
        tried.append((delimiter, [_KNOWN.get(_key(cell), "") for cell in cells]))
    return max(tried, key=lambda one: len(set(one[1]) - {""}))


def is_table(text: str) -> bool:
    names = set(columns_of(text)[1])
    return "claim" in names and len(names - {""}) >= 2


def read_table(text: str, into: ReadReviews) -> None:
    """Add a review for each row. Raises UnreadableReviews when no column names the claim."""
    delimiter, names = columns_of(text)
    if "claim" not in names:
        raise UnreadableReviews(
            "file",
            "no_claim_column",
            f"No column is called “claim”. The columns are: {', '.join(COLUMNS)}.",
        )
    rows = _rows(text, delimiter, into)
    header = next(rows, (0, []))[1]
    for cell, name in zip(header, names, strict=False):
        if not name and cell.strip():
            into.note("line 1", cell.strip()[:60], "This column is not known and is not read.")
    for number, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        row: dict[str, str] = {}
        for name, cell in zip(names, cells, strict=False):
            if name and not row.get(name):
                row[name] = cell
        if len(cells) > len(names):
            into.note(f"line {number}", "row", f"It has {len(cells)} cells under {len(names)} columns.")
        into.add(f"line {number}", _read_row(row, Values(into, f"line {number}")))


def _rows(text: str, delimiter: str, into: ReadReviews) -> Iterator[tuple[int, list[str]]]:
    """Each row with the line on which it begins; rows that are no CSV are refused, the rest is read."""
    reader = csv.reader(io.StringIO(text.lstrip("\r\n \t"), newline=""), delimiter=delimiter)
    broken = 0
    while broken < MOST_BROKEN_ROWS:
        number = reader.line_num + 1
        try:
            yield number, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            broken += 1
            into.refuse(
                f"line {number}", "row", f"It is no CSV ({error}). Look for a quote that is not closed."
            )
    into.note("the end", "file", f"{broken:,} rows were no CSV; nothing was read after them.")


def _read_row(row: dict[str, str], values: Values) -> ReviewedClaim:
    url = values.url("url", row.get("url"))
    return ReviewedClaim(
        text=values.text("claim", row.get("claim"), LONGEST_CLAIM),
        claimant=values.text("claimant", row.get("claimant"), LONGEST_NAME),
        claimed_on=values.day("claim date", _stripped(row, "claim date")),
        publisher_name=values.text("publisher", row.get("publisher"), LONGEST_NAME),
        publisher_site=values.site("site", row.get("site"), url),
        url=url,
        title=values.text("title", row.get("title"), LONGEST_TITLE),
        rating=values.text("rating", row.get("rating"), LONGEST_RATING),
        rating_value=values.number("rating value", _stripped(row, "rating value")),
        rating_best=values.number("best rating", _stripped(row, "best rating")),
        rating_worst=values.number("worst rating", _stripped(row, "worst rating")),
        reviewed_on=values.day("review date", _stripped(row, "review date")),
        language=values.language("language", row.get("language")),
        licence=values.text("licence", row.get("licence"), LONGEST_LICENCE),
        first_appearance=values.url("first appearance", row.get("first appearance")),
        appearances=values.urls("appearances", _SEPARATORS.split(row.get("appearances", "").strip())),
        external_id=values.text("id", row.get("id"), LONGEST_ID),
    )


def _stripped(row: dict[str, str], name: str) -> str:
    return row.get(name, "").strip()
