"""What waits for moderators, line by line, and which item of all lines comes next.

A line is asked for what it counts, and since when its first item waits, in one query that reads at most 1,001
rows by the line's own index. Which item is next is asked by identifiers, so that the same index answers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.urls import reverse

COUNT_UP_TO = 1000
_LATEST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One line of the moderators' home. ``urgent`` lines come first and are marked when ``count`` is not 0.

    ``rows`` are what waits, where each can be opened and decided on; ``oldest`` is since when the first of
    them does, by the field ``since``."""

    label: str
    count: int
    url: str
    note: str = ""
    urgent: bool = False
    capped: bool = False
    oldest: datetime | None = None
    key: str = ""
    rows: models.QuerySet[Any] | None = None
    since: str = ""

    @property
    def rank(self) -> tuple[Any, ...]:
        """What is urgent and has waited longest first; lines on which nothing waits last."""
        return (not self.count, not self.urgent, self.oldest or _LATEST, self.label)


_sources: dict[str, Callable[[], Waiting]] = {}


def waiting(source: Callable[[], Waiting]) -> Callable[[], Waiting]:
    """Decorator: ``source`` gives a line of the moderators' home. Rooms add theirs from their admin.py."""
    _sources[source.__name__] = source
    return source


def waiting_rows(
    rows: models.QuerySet[Any],
    *,
    label: str,
    query: str,
    note: str = "",
    urgent: bool = False,
    since: str = "created_at",
) -> Waiting:
    """A line for ``rows``, counted up to 1,000, that leads to their list filtered by ``query``. ``since``
    names the field that says since when a row waits."""
    meta = rows.model._meta
    first = rows.order_by("pk")[: COUNT_UP_TO + 1]
    try:
        meta.get_field(since)
    except FieldDoesNotExist:
        since = ""
    ages = {"oldest": models.Min(since)} if since else {}
    found = first.aggregate(count=models.Count("pk"), **ages)
    return Waiting(
        label,
        min(found["count"], COUNT_UP_TO),
        f"{reverse(f'admin:{meta.app_label}_{meta.model_name}_changelist')}?{query}",
        note=note,
        urgent=urgent,
        capped=found["count"] > COUNT_UP_TO,
        oldest=found.get("oldest"),
        rows=rows,
        since=since,
    )


def lines() -> list[Waiting]:
    """All lines, the most urgent first."""
    asked = (replace(source(), key=key) for key, source in _sources.items())
    return sorted(asked, key=lambda line: line.rank)


def line_of(key: str) -> Waiting | None:
    return replace(_sources[key](), key=key) if key in _sources else None


class Seen:
    """How far one has come in each line: the last identifier that was opened there. It travels in addresses,
    so that two windows do not hinder each other and nothing has to be kept."""

    def __init__(self, last: dict[str, int] | None = None) -> None:
        self.last = last or {}

    @classmethod
    def read(cls, text: str) -> Seen:
        parts = re.findall(r"([a-z_]{1,60}):([0-9]{1,18})(?:,|$)", text[:2000])
        return cls({key: int(number) for key, number in parts if key in _sources})

    def plus(self, key: str, pk: int) -> Seen:
        """With this item as the last one opened."""
        rest = {name: number for name, number in self.last.items() if name != key}
        return Seen({**rest, key: pk})

    @property
    def newest(self) -> str:
        """The line in which one is now."""
        return next(reversed(self.last), "")

    def __str__(self) -> str:
        return ",".join(f"{key}:{number}" for key, number in self.last.items())


@dataclass(frozen=True, slots=True)
class NextItem:
    line: Waiting
    row: Any

    @property
    def url(self) -> str:
        meta = self.row._meta
        return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[self.row.pk])


def next_item(of: Iterable[Waiting], seen: Seen) -> NextItem | None:
    """Of what one has not opened yet: among urgent lines what has waited longest, then among the others."""
    found = []
    for line in of:
        if line.rows is None or not line.count:
            continue
        row = line.rows.filter(pk__gt=seen.last.get(line.key, 0)).order_by("pk").first()
        if row is not None:
            moment = getattr(row, line.since, None) if line.since else None
            found.append(((not line.urgent, moment or _LATEST, line.key), NextItem(line, row)))
    return min(found, key=lambda each: each[0])[1] if found else None
