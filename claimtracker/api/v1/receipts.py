"""Noting which versions of our checks an answer gave a partner: one statement, which writes nothing where
nothing is new."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from claims.models import ArticleVersion
from claimtracker.partners import holdings
from claimtracker.partners.models import Partner, Way
from reviews.models import Publication

from .selectors import reads_snapshot
from .sparse import EVERYTHING, Wanted


def note_read(partner: Partner, publications: Iterable[Any], *, wanted: Wanted = EVERYTHING) -> None:
    """The partner has these publications now, if it asked for more than their ids and dates."""
    if reads_snapshot(wanted):
        held = [holdings.Held(row.public_id, row.snapshot["claim"]["id"], row.number) for row in publications]
        holdings.note(partner.pk, held, way=Way.READ)


def note_reviews(partner: Partner, publications: Sequence[UUID]) -> None:
    """The partner knows what these checks of its claims say (the ``review`` of a claim). A second statement
    only where this process has not noted them all already."""
    new = holdings.not_noted(partner.pk, publications, way=Way.READ)
    if new:
        facts = Publication.objects.filter(public_id__in=new)
        rows = facts.values_list("public_id", "claim__public_id", "number")
        holdings.note(partner.pk, [holdings.Held(*row) for row in rows], way=Way.READ)


def published_at(places: Iterable[Any]) -> list[UUID]:
    """The publications that the claims at these places have now."""
    newest = [publication for place in places for publication in place.claim.current_publications[:1]]
    return [publication.public_id for publication in newest]


def published_in_text(version: ArticleVersion) -> list[UUID]:
    """The publications that the claims of this text have now."""
    current = Publication.objects.current().readable().filter(claim__appearances__version=version)
    return list(current.values_list("public_id", flat=True).distinct())


def published_matches(found: dict[str, Any]) -> list[UUID]:
    """Those of ours among what is known of a text."""
    ours = [result["known_claim"]["publication"] for result in found["results"]]
    return [publication for publication in ours if publication is not None]


def published_in(answers: Iterable[dict[str, Any]]) -> list[UUID]:
    """The publications that claims as the API gives them speak of."""
    reviews = [answer["review"] for answer in answers if "review" in answer]
    return [review["publication"] for review in reviews if review["publication"] is not None]
