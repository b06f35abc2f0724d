"""What stands in each file. One object for each format: ``begin``, a ``line`` for each check, ``end``."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.conf import settings
from rest_framework.utils.encoders import JSONEncoder

from claimtracker.kernel.moments import rfc3339
from claimtracker.kernel.spreadsheets import harmless
from reviews.models import PublicCheck

from ..v1.publication_serializers import PublicationSerializer

COLUMNS = (
    "claim_id", "publication_id", "version", "url", "claim", "claimant", "rating", "rating_value",
    "rating_best", "rating_worst", "summary", "language", "topics", "first_published_at", "changed_at",
    "corrections", "publisher", "licence",
)  # fmt: skip


class Format(Protocol):
    name: str
    media_type: str
    rows: int

    def begin(self, facts: Facts) -> str: ...
    def line(self, line: PublicCheck) -> str: ...
    def end(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Facts:
    """What is true of the whole dump."""

    made_at: datetime
    feed_url: str

    @property
    def licence(self) -> str:
        return str(settings.DATA_LICENCE_URL or settings.DATA_LICENCE_NAME)


def written(content: Any) -> str:
    """On one line, so that a file of lines stays one."""
    text = json.dumps(content, cls=JSONEncoder, ensure_ascii=False, separators=(",", ":"))
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def claim_review(line: PublicCheck, facts: Facts) -> dict[str, Any]:
    """As its page has it, with who gives it away, under which licence, and when."""
    given = {"sdPublisher": {"@type": "Organization", "name": settings.PUBLISHER_NAME}}
    document = {**line.publication.claim_review, **given, "sdDatePublished": facts.made_at.date().isoformat()}
    return {**document, "sdLicense": facts.licence} if facts.licence else document


class Feed:
    """schema.org's DataFeed, as Data Commons reads it."""

    name, media_type = "claimreview.json", "application/ld+json"

    def __init__(self) -> None:
        self.rows = 0

    def begin(self, facts: Facts) -> str:
        self.facts = facts
        head = {
            "@context": "https://schema.org",
            "@type": "DataFeed",
            "name": f"Fact checks by {settings.PUBLISHER_NAME}",
            "url": facts.feed_url,
            "dateModified": rfc3339(facts.made_at, to="seconds"),
            "publisher": {
                "@type": "Organization",
                "name": settings.PUBLISHER_NAME,
                "url": settings.SITE_URL + "/",
            },
        }
        if facts.licence:
            head |= {"license": facts.licence, "sdLicense": facts.licence}
        return written(head)[:-1] + ',"dataFeedElement":['

    def line(self, line: PublicCheck) -> str:
        return "" if line.is_retracted else self.again(self.item(line))

    def item(self, line: PublicCheck) -> str:
        item = {
            "@type": "DataFeedItem",
            "dateCreated": rfc3339(line.first_published_at, to="seconds"),
            "dateModified": rfc3339(line.changed_at, to="seconds"),
            "url": line.publication.snapshot["url"],
            "item": [claim_review(line, self.facts)],
        }
        return written(item)

    def again(self, item: str) -> str:
        """One that is written already."""
        self.rows += 1
        return (",\n" if self.rows > 1 else "\n") + item

    def end(self) -> str:
        return "\n]}\n"


class Lines:
    """A ClaimReview on each line."""

    name, media_type = "claim-reviews.ndjson", "application/x-ndjson"

    def __init__(self) -> None:
        self.rows = 0

    def begin(self, facts: Facts) -> str:
        self.facts = facts
        return ""

    def line(self, line: PublicCheck) -> str:
        if line.is_retracted:
            return ""
        self.rows += 1
        return written(claim_review(line, self.facts)) + "\n"

    def end(self) -> str:
        return ""


class Table:
    """A row for each check, which a spreadsheet shows and never runs."""

    name, media_type = "fact-checks.csv", "text/csv; charset=utf-8"

    def __init__(self) -> None:
        self.rows = 0

    def begin(self, facts: Facts) -> str:
        self.facts = facts
        return _row(COLUMNS)

    def line(self, line: PublicCheck) -> str:
        if line.is_retracted:
            return ""
        self.rows += 1
        publication = line.publication
        snapshot, rating = publication.snapshot, publication.snapshot["rating"]
        cells = (
            snapshot["claim"]["id"],
            str(publication.public_id),
            publication.number,
            snapshot["url"],
            snapshot["claim"]["text"],
            line.claimant_name,
            rating["label"],
            *(rating.get(name) for name in ("value", "best", "worst")),
            snapshot["summary"],
            line.language,
            " ".join(sorted(topic.slug for topic in line.topics.all())),
            rfc3339(line.first_published_at, to="seconds"),
            rfc3339(line.changed_at, to="seconds"),
            len(snapshot.get("corrections", ())),
            settings.PUBLISHER_NAME,
            self.facts.licence,
        )
        return _row(harmless(cells))

    def end(self) -> str:
        return ""


class Publications:
    """Each check in full, as ``/api/v1/publications`` has it; of what we took back only that, and why."""

    name, media_type = "publications.json", "application/json"

    def __init__(self) -> None:
        self.rows = 0
        self.retractions: list[dict[str, Any]] = []

    def begin(self, facts: Facts) -> str:
        head = {
            "publisher": {"name": settings.PUBLISHER_NAME, "url": settings.SITE_URL + "/"},
            "licence": {"name": settings.DATA_LICENCE_NAME, "url": settings.DATA_LICENCE_URL},
            "made_at": rfc3339(facts.made_at, to="seconds"),
        }
        return written(head)[:-1] + ',"publications":['

    def line(self, line: PublicCheck) -> str:
        publication = line.publication
        if line.is_retracted:
            self.retractions.append(
                {
                    "claim": publication.snapshot["claim"]["id"],
                    "publication": str(publication.public_id),
                    "url": publication.snapshot["url"],
                    "retracted_at": rfc3339(publication.published_at, to="seconds"),
                    "change_note": publication.change_note,
                }
            )
            return ""
        publication.is_superseded = False  # type: ignore[attr-defined]  # as the API's own query says it
        self.rows += 1
        return (",\n" if self.rows > 1 else "\n") + written(PublicationSerializer(publication).data)

    def end(self) -> str:
        return '\n],"retractions":' + written(self.retractions) + "}\n"


def all_formats() -> list[Format]:
    return [Feed(), Lines(), Table(), Publications()]


def _row(cells: Any) -> str:
    sheet = io.StringIO()
    csv.writer(sheet, lineterminator="\r\n").writerow(cells)
    return sheet.getvalue()
