"""What people made of suggested matches, by the week in which they were suggested."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q
from django.db.models.functions import TruncWeek
from django.utils import timezone

from claims import states
from claims.models import ClaimMatch, Grade
from claimtracker.accounts.models import Desk

RANGES = (12, 26, 52)  # weeks


@dataclass(frozen=True, slots=True)
class AcceptanceRow:
    """Matches of one grade by one method that were suggested in the week that begins on ``week``."""

    week: date
    grade: Grade
    method_version: str
    suggested: int
    confirmed: int
    rejected: int
    still_open: int
    lapsed: int

    @property
    def rate(self) -> float | None:
        """Of those that a person decided, the confirmed share."""
        return rate_of(self.confirmed, self.rejected)


def rate_of(confirmed: int, rejected: int) -> float | None:
    return confirmed / (confirmed + rejected) if confirmed + rejected else None


def acceptance(user: Any, *, weeks: int, desk: Desk | None = None) -> list[AcceptanceRow]:
    """The newest week first, as far as ``user`` sees the matches (of one desk's claims). One query."""
    first = first_week(weeks)
    rows: Any = (
        ClaimMatch.objects.visible_to(user)
        .filter(Q() if desk is None else Q(claim__desk=desk), created_at__gte=first)
        .annotate(week=TruncWeek("created_at"))
        .values("week", "grade", "method_version")
        .annotate(
            suggested=Count("pk"),
            confirmed=Count("pk", filter=Q(state=states.ACCEPTED_MATCH)),
            rejected=Count("pk", filter=Q(state=states.REJECTED_MATCH)),
            still_open=Count("pk", filter=Q(state=states.PROPOSED)),
            lapsed=Count("pk", filter=Q(state=states.LAPSED)),
        )
        .order_by("-week", "-grade", "method_version")
    )
    return [
        AcceptanceRow(**{**row, "week": timezone.localdate(row["week"]), "grade": Grade(row["grade"])})
        for row in rows
    ]


def first_week(weeks: int) -> Any:
    """The Monday with which the first of ``weeks`` weeks began, the running one among them."""
    now = timezone.localtime()
    monday = now - timedelta(days=now.weekday())
    return monday.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(weeks=weeks - 1)


def by_week(rows: Iterable[AcceptanceRow], grade: Grade, *, weeks: int) -> list[tuple[date, dict[str, int]]]:
    """What became of a grade's suggestions in each week, the oldest first, weeks without any among them."""
    first = first_week(weeks).date()
    found = {
        first + timedelta(weeks=number): {"confirmed": 0, "rejected": 0, "open": 0} for number in range(weeks)
    }
    for row in rows:
        if row.grade == grade and row.week in found:
            parts = found[row.week]
            parts["confirmed"] += row.confirmed
            parts["rejected"] += row.rejected
            parts["open"] += row.still_open
    return sorted(found.items())
