"""Articles of our own for the demo and the tests; invented but for the public facts of the Paris talks."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

_HERE = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Sample:
    """One bundled article; `body` is the whole text with headline, byline and caption lines."""

    slug: str
    title: str
    byline: str
    body: str
    topic: str
    published_at: datetime
    origin: str
    origin_url: str | None


def load_samples() -> list[Sample]:
    """The bundled articles in the order in which the demo shows them."""
    rows = json.loads((_HERE / "articles.json").read_text(encoding="utf-8"))
    return [_sample(row) for row in rows]


def _sample(row: dict[str, str | None]) -> Sample:
    body = (_HERE / "articles" / f"{row['slug']}.txt").read_text(encoding="utf-8")
    return Sample(
        slug=str(row["slug"]),
        title=str(row["title"]),
        byline=str(row["byline"]),
        body=body,
        topic=str(row["topic"]),
        published_at=datetime.fromisoformat(str(row["published_at"])),
        origin=str(row["origin"]),
        origin_url=row["origin_url"],
    )
