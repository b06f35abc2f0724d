"""Whose claims were checked in public, with what was found: from readers' lists, which hold publications."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Min, QuerySet

from ..models import PublicCheck
from .public_lists import BalanceRow, add_to_balance


@dataclass(slots=True)
class PublicClaimant:
    """One claimant under the name of the newest check. ``retracted`` checks count as no finding."""

    slug: str
    name: str = ""
    checks: int = 0
    retracted: int = 0
    first_published_at: datetime | None = None
    last_published_at: datetime | None = None
    ratings: list[BalanceRow] = field(default_factory=list)


def claimant_slugs() -> QuerySet[PublicCheck, Any]:
    """Each claimant once, as rows with ``claimant_slug``, to be ordered by it: a page of them is read from
    the index of a claimant's checks."""
    return PublicCheck.objects.exclude(claimant_slug="").order_by().values("claimant_slug").distinct()


def public_claimants(slugs: Iterable[str]) -> list[PublicClaimant]:
    """These claimants, in this order; those of whom nothing is public are left out. Three queries."""
    wanted = list(slugs)
    lines = PublicCheck.objects.exclude(claimant_slug="").filter(claimant_slug__in=wanted).order_by()
    found = {slug: PublicClaimant(slug) for slug in wanted}
    spans = lines.values("claimant_slug").annotate(
        first=Min("first_published_at"), last=Max("first_published_at")
    )
    for row in spans:
        one = found[row["claimant_slug"]]
        one.first_published_at, one.last_published_at = row["first"], row["last"]
    names = lines.order_by("claimant_slug", "-publication_id").distinct("claimant_slug")
    for slug, name in names.values_list("claimant_slug", "claimant_name"):
        found[slug].name = name
    _count(found, lines)
    return [one for one in found.values() if one.checks or one.retracted]


def _count(found: dict[str, PublicClaimant], lines: QuerySet[PublicCheck]) -> None:
    counted: dict[str, dict[str, BalanceRow]] = {slug: {} for slug in found}
    columns = ("claimant_slug", "rating_slug", "rating_label", "rating_step")
    groups = lines.values_list(*columns).annotate(count=Count("pk")).order_by("rating_slug", "count")
    for slug, rating, label, step, count in groups:
        if rating:
            add_to_balance(counted[slug], BalanceRow(rating, label, step, count))
            found[slug].checks += count
        else:
            found[slug].retracted += count
    for slug, rows in counted.items():
        found[slug].ratings = sorted(rows.values(), key=BalanceRow.place)
