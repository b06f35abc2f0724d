"""The claimants of the claims that one sees, those checked most first."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count

from claims.models import Claim, Claimant
from reviews.models import PublicCheck

from .asked import Asked

MOST = 100


@dataclass(frozen=True, slots=True)
class Line:
    claimant: Claimant
    checks: int
    claims: int


def claimants_by_checks(asked: Asked) -> list[Line]:
    """Who is in no group first; then by published checks, then by claims that came in. Three queries."""
    checks = dict(
        PublicCheck.objects.filter(
            asked.at("claim__desk"),
            is_retracted=False,
            first_published_at__gte=asked.first,
            claim__claimant__isnull=False,
        )
        .order_by()
        .values_list("claim__claimant")
        .annotate(n=Count("*"))
    )
    claims = dict(
        Claim.objects.filter(asked.at("desk"), created_at__gte=asked.first, claimant__isnull=False)
        .order_by()
        .values_list("claimant")
        .annotate(n=Count("*"))
    )
    ids = sorted({*checks, *claims}, key=lambda pk: (-checks.get(pk, 0), -claims.get(pk, 0), pk))
    rows = Claimant.objects.select_related("group").in_bulk(ids[: MOST * 3])
    known = [rows[pk] for pk in ids[: MOST * 3]]
    in_order = sorted(known, key=lambda row: row.group_id is not None)
    return [Line(row, checks.get(row.pk, 0), claims.get(row.pk, 0)) for row in in_order[:MOST]]
