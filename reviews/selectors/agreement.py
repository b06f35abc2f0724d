"""Blind reviews against what was proposed, per desk and rating."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from ..agreement import Agreement, agreement_of, agreement_on
from ..models import Review
from ..models.review_task import TaskKind

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class RatingRow:
    label: str
    first: int
    second: int
    agreement: Agreement


@dataclass(frozen=True, slots=True)
class DeskRow:
    desk: str
    agreement: Agreement
    ratings: list[RatingRow]


def agreement_by_desk(desk_ids: Collection[int] | None, *, since: datetime) -> list[DeskRow]:
    """One row for each desk with a blind review since then, at ``desk_ids`` or everywhere. One query."""
    reviews = Review.objects.filter(kind=TaskKind.BLIND_REVIEW, created_at__gte=since)
    if desk_ids is not None:
        reviews = reviews.filter(desk__in=desk_ids)
    pairs: dict[str, list[Pair]] = defaultdict(list)
    labels: dict[int, tuple[int, str]] = {}
    for review in reviews.select_related("desk", "rating", "first_rating").order_by("desk__name", "id"):
        assert review.rating is not None, "the database lets nobody rate blind without a rating"  # noqa: S101 - invariant
        for rating in (review.first_rating, review.rating):
            labels[rating.pk] = (rating.position, rating.label)
        pairs[review.desk.name].append((review.first_rating.pk, review.rating.pk))
    return [DeskRow(desk, agreement_of(given), _by_rating(given, labels)) for desk, given in pairs.items()]


def _by_rating(pairs: list[Pair], labels: dict[int, tuple[int, str]]) -> list[RatingRow]:
    given = sorted({rating for pair in pairs for rating in pair}, key=lambda rating: labels[rating])
    return [
        RatingRow(
            labels[rating][1],
            sum(first == rating for first, _second in pairs),
            sum(second == rating for _first, second in pairs),
            agreement_on(rating, pairs),
        )
        for rating in given
    ]
