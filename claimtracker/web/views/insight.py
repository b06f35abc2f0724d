"""How well suggestions hold: acceptance over time, for editors and leads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.views.decorators.http import require_safe

from claims import policies
from claims.models import Grade
from claimtracker.kernel.charts import ColumnChart, column_chart
from claimtracker.kernel.spreadsheets import csv_response

from ..acceptance import RANGES, AcceptanceRow, acceptance, by_week, rate_of
from ..insight.asked import Asked


@dataclass(frozen=True, slots=True)
class GradeSummary:
    grade: Grade
    suggested: int
    confirmed: int
    rejected: int
    rate: float | None
    chart: ColumnChart

    @property
    def percent(self) -> str:
        return percent(self.rate)

    @property
    def decided(self) -> int:
        return self.confirmed + self.rejected


@login_required
@require_safe
def matches(request: HttpRequest) -> HttpResponse:
    policies.can_see_acceptance(request.user).enforce()
    asked = Asked.of(request.user, request.GET)
    rows = acceptance(request.user, weeks=asked.weeks, desk=asked.desk)
    context = {
        "rows": [(row, percent(row.rate)) for row in rows],
        "summaries": [_summary(grade, rows, asked.weeks) for grade in (Grade.STRONG, Grade.POSSIBLE)],
        "asked": asked,
        "tab": "suggestions",
        "ranges": RANGES,
    }
    return render(request, "web/insight_matches.html", context)


@login_required
@require_safe
def matches_csv(request: HttpRequest) -> HttpResponse:
    policies.can_see_acceptance(request.user).enforce()
    asked = Asked.of(request.user, request.GET)
    counts = ("suggested", "confirmed", "rejected", "still_open", "lapsed")
    rows = [
        [
            row.week.isoformat(),
            row.grade.value,
            row.method_version,
            *(getattr(row, name) for name in counts),
            None if row.rate is None else f"{row.rate:.4f}",
        ]
        for row in acceptance(request.user, weeks=asked.weeks, desk=asked.desk)
    ]
    return csv_response("matches", ["week", "grade", "method_version", *counts, "acceptance_rate"], rows)


def percent(rate: float | None) -> str:
    return "" if rate is None else f"{rate:.0%}"


def _summary(grade: Grade, rows: list[AcceptanceRow], weeks: int) -> GradeSummary:
    own = [row for row in rows if row.grade == grade]
    confirmed, rejected = sum(row.confirmed for row in own), sum(row.rejected for row in own)
    columns: list[tuple[str, Any]] = [
        (date_format(week, "j M Y"), parts) for week, parts in by_week(rows, grade, weeks=weeks)
    ]
    return GradeSummary(
        grade=grade,
        suggested=sum(row.suggested for row in own),
        confirmed=confirmed,
        rejected=rejected,
        rate=rate_of(confirmed, rejected),
        chart=column_chart(columns),
    )
