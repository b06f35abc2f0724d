"""How well suggestions hold: acceptance over time, for editors and leads."""

from __future__ import annotations

import csv
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

from ..acceptance import RANGES, AcceptanceRow, acceptance, by_week, rate_of


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
    weeks = _weeks(request)
    rows = acceptance(request.user, weeks=weeks)
    context = {
        "rows": [(row, percent(row.rate)) for row in rows],
        "summaries": [_summary(grade, rows, weeks) for grade in (Grade.STRONG, Grade.POSSIBLE)],
        "weeks": weeks,
        "ranges": RANGES,
    }
    return render(request, "web/insight_matches.html", context)


@login_required
@require_safe
def matches_csv(request: HttpRequest) -> HttpResponse:
    policies.can_see_acceptance(request.user).enforce()
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="matches.csv"'
    sheet = csv.writer(response)
    counts = ("suggested", "confirmed", "rejected", "still_open", "lapsed")
    sheet.writerow(["week", "grade", "method_version", *counts, "acceptance_rate"])
    for row in acceptance(request.user, weeks=_weeks(request)):
        rate = "" if row.rate is None else f"{row.rate:.4f}"
        named = [row.week.isoformat(), row.grade.value, row.method_version]
        sheet.writerow([*named, *(getattr(row, name) for name in counts), rate])
    return response


def percent(rate: float | None) -> str:
    return "" if rate is None else f"{rate:.0%}"


def _weeks(request: HttpRequest) -> int:
    given = request.GET.get("weeks", "")
    return int(given) if given in {str(weeks) for weeks in RANGES} else RANGES[1]


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
