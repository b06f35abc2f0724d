"""Pages of a list ordered by id, newest first. A page is named by the id at its edge, so that rows that
arrive meanwhile neither repeat nor hide anything, and the last page costs what the first does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict

PAGE_ROWS = 25


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[Any]
    newer_url: str
    older_url: str


def page_of(rows: QuerySet[Any], params: QueryDict, *, size: int = PAGE_ROWS) -> Page:
    """The page that ``?before=<id>`` or ``?after=<id>`` asks for, else the newest. Links keep the rest."""
    before, after = _id(params.get("before")), _id(params.get("after"))
    if after is not None:
        found = list(rows.filter(pk__gt=after).order_by("pk")[: size + 1])
        more_newer, more_older = len(found) > size, True
        found = found[:size][::-1]
    else:
        older = rows.filter(pk__lt=before) if before is not None else rows
        found = list(older.order_by("-pk")[: size + 1])
        more_newer, more_older = before is not None, len(found) > size
        found = found[:size]
    if not found:
        return Page([], _url(params), "") if before is not None or after is not None else Page([], "", "")
    return Page(
        found,
        _url(params, after=found[0].pk) if more_newer else "",
        _url(params, before=found[-1].pk) if more_older else "",
    )


def _id(value: str | None) -> int | None:
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 19 else None


def _url(params: QueryDict, **edge: int) -> str:
    kept = params.copy()
    for name in ("before", "after"):
        kept.pop(name, None)
    for name, pk in edge.items():
        kept[name] = str(pk)
    return f"?{kept.urlencode()}"
