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


def claimants_by_checks(counted: list[tuple[int, int, int]]) -> list[Line]:
    """The rows of whom ``in_order`` counted; who is in no group comes first. One query."""
    rows = Claimant.objects.select_related("group").in_bulk([pk for pk, _checks, _claims in counted])
    lines = [Line(rows[pk], checks, claims) for pk, checks, claims in counted if pk in rows]
    return sorted(lines, key=lambda line: line.claimant.group_id is not None)[:MOST]


def in_order(asked: Asked) -> list[tuple[int, int, int]]:
    """Claimant, its published checks, its claims that came in: by checks, then by claims. Two queries."""
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
    return [(pk, checks.get(pk, 0), claims.get(pk, 0)) for pk in ids[: MOST * 3]]
