"""What the public reads: publications and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, Max, OuterRef

from claims.models import RestrictedClaim

from ..models import Publication
from .text import with_text
from .withholding import withhold

PAGE_SIZE = 20


class Withheld(Exception):
    """The check is hidden or taken down: nobody outside reads any version of it. Views answer with what
    ``restricted`` lets readers know (views.public_withheld)."""

    def __init__(self, restricted: RestrictedClaim) -> None:
        super().__init__(str(restricted))
        self.restricted = restricted


@dataclass(frozen=True, slots=True)
class PublicationPage:
    publications: Sequence[Publication]
    older: int | None
    newer: bool


def published_version(slug: str, number: int | None = None) -> tuple[Publication, int] | None:
    """The asked version of a fact check (the newest without ``number``) and the newest number, or None.
    Raises Withheld."""
    versions = Publication.objects.filter(slug=slug)
    restricted = RestrictedClaim.objects.withheld().filter(claim__publications__slug=slug).first()
    if restricted is not None:
        raise Withheld(restricted)
    newest = versions.aggregate(newest=Max("number"))["newest"]
    wanted = versions.filter(number=number or newest).first() if newest else None
    return (with_text(withhold([wanted]))[0], newest) if wanted else None


def version_dates(slug: str) -> list[Publication]:
    """Every version of a fact check, newest first, with its number and date only."""
    versions = Publication.objects.filter(slug=slug).order_by("-number")
    return list(versions.only("number", "published_at", "slug", "change", "change_note"))


def changes_page(*, before: int | None = None, size: int = PAGE_SIZE) -> PublicationPage:
    """Versions that changed an earlier one, newest first, older than the one with the id ``before``. Each
    says whether a newer one ``is_superseded`` it."""
    newer = Publication.objects.filter(claim=OuterRef("claim"), number__gt=OuterRef("number"))
    changes = (
        Publication.objects.changes().readable().annotate(is_superseded=Exists(newer)).defer("claim_review")
    )
    if before is not None:
        changes = changes.filter(id__lt=before)
    rows = list(changes.order_by("-id")[: size + 1])
    return PublicationPage(rows[:size], rows[size - 1].pk if len(rows) > size else None, before is not None)
