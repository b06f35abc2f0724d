"""Words looked up in PostgreSQL: one configuration, so that what is indexed and what is asked agree.

``claimtracker`` (made in claims/0011) takes accents off and English endings, so that "Kovac" finds "Kovač"
and "taxes" finds "tax".
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchVector
from django.db import connection
from django.db.models import QuerySet, Value
from django.db.models.functions import Left
from django.db.models.sql import Query

CONFIG = "claimtracker"
LONGEST = 300_000  # code points of a text that are indexed; the index takes no more than a megabyte of words
MOST_WORDS = 12
MOST_FOUND = 1_000_000
EVERY_FIFTH = 5
# stand for the beginning and end of a hit until the text is escaped; in a text that holds them itself, a hit
# is shown at the wrong words
BEGIN, END = "\ue000", "\ue001"


def document(*fields: Any) -> SearchVector:
    """What an index holds and a filter compares, of these fields together. Use it in both, or the index is of
    no use."""
    return SearchVector(*fields, config=CONFIG)


def long_document(short: str, long: str) -> SearchVector:
    """The same of a short field and the beginning of a long one."""
    return SearchVector(short, Left(long, LONGEST), config=CONFIG)


def query(words: str) -> SearchQuery:
    """As people ask search engines: all the words, "a phrase", or, -not."""
    return SearchQuery(words, config=CONFIG, search_type="websearch")


def holding(rows: QuerySet[Any], document: SearchVector, asked: SearchQuery) -> QuerySet[Any]:
    """Those of ``rows`` whose ``document`` holds what was asked. Asks PostgreSQL twice beforehand how many it
    expects.

    What few hold is looked up in the index first: the limit keeps PostgreSQL from going through the newest
    rows instead, reading each one's text, in the hope of soon having a page full, which took 20 seconds
    among 100,000. Of what every fifth holds, the newest page is indeed full soon, and there looking all of
    them up would take longer.
    """
    everything = rows.model._base_manager.order_by()
    found = everything.alias(document=document).filter(document=asked).values("pk")
    if _expected(found) * EVERY_FIFTH > _expected(everything.values("pk")):
        return rows.alias(document=document).filter(document=asked)
    return rows.filter(pk__in=found[:MOST_FOUND])


def _expected(rows: QuerySet[Any, Any]) -> int:
    """How many rows PostgreSQL's statistics expect, without a look at any."""
    return int(json.loads(rows.explain(format="json"))[0]["Plan"]["Plan Rows"])


def beginnings(words: str) -> SearchQuery | None:
    """While somebody types: all the words, each as a beginning. None when there is no word."""
    found = re.findall(r"\w+", words)[:MOST_WORDS]
    if not found:
        return None
    return SearchQuery(" & ".join(f"{word}:*" for word in found), config=CONFIG, search_type="raw")


def headline(field: str, asked: SearchQuery, *, whole: bool = False) -> SearchHeadline:
    """The field, or the passages of it that hold what was asked, with BEGIN and END around the hits."""
    if whole:
        return SearchHeadline(field, asked, config=CONFIG, start_sel=BEGIN, stop_sel=END, highlight_all=True)
    return SearchHeadline(
        Left(field, Value(LONGEST)),
        asked,
        config=CONFIG,
        start_sel=BEGIN,
        stop_sel=END,
        max_words=32,
        min_words=12,
        max_fragments=2,
        fragment_delimiter=" … ",
    )


def found_among(texts: Sequence[tuple[int, str, str]], asked: SearchQuery) -> dict[int, str]:
    """Of (key, title, words) those whose words hold what was asked: their titles, with the hits between BEGIN
    and END. For texts that no column holds as they are; one query, none for no text."""
    if not texts:
        return {}
    keys, titles, words = (list(part) for part in zip(*texts, strict=True))
    compiler = Query(None).get_compiler(connection=connection)
    query, parameters = compiler.compile(asked.resolve_expression(Query(None)))
    options = f"StartSel={BEGIN}, StopSel={END}, HighlightAll=true"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT key, ts_headline(%s::regconfig, title, query, %s) "  # noqa: S608 - Django's own SQL
            f"FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS texts (key, title, words), "
            f"LATERAL (SELECT {query} AS query) AS asked "
            f"WHERE to_tsvector(%s::regconfig, words) @@ query",
            [CONFIG, options, keys, titles, words, *parameters, CONFIG],
        )
        return dict(cursor.fetchall())


def pieces(marked: str) -> list[tuple[str, bool]]:
    """A headline as (text, is a hit), in order."""
    found = []
    for number, part in enumerate(re.split(f"[{BEGIN}{END}]", marked)):
        if part:
            found.append((part, number % 2 == 1))
    return found
