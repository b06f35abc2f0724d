"""How much came in and how much went out, week by week."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import CharField, Count, Q
from django.db.models.functions import Cast, TruncWeek
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.models import Claim
from claimtracker.kernel.charts import column_chart
from claimtracker.ledger.models import AuditEntry
from reviews.models import Publication, ReviewTask, Revision
from reviews.models.publication import SAME_FINDING
from reviews.models.review_task import TaskKind

from .asked import Asked, week_label
from .reports import Column, Panel, Report, Table, number, text

Weeks = dict[date, int]

MEASURES = {
    "extracted": gettext_lazy("Claims extracted"),
    "selected": gettext_lazy("Selected for a check"),
    "submitted": gettext_lazy("Verdicts submitted"),
    "published": gettext_lazy("Published"),
    "corrected": gettext_lazy("Corrected"),
    "dismissed": gettext_lazy("Dismissed"),
}


def counted(asked: Asked) -> dict[str, Weeks]:
    """Each measure by the Monday of its week. Six queries."""
    since = asked.first
    claims = Claim.objects.filter(asked.at("desk"), created_at__gte=since)
    taken = ReviewTask.objects.filter(asked.at("desk"), kind=TaskKind.RESEARCH, taken_at__gte=since)
    # revision 1 is the first time that a verdict was proposed
    proposed = Revision.objects.filter(asked.at("verdict__claim__desk"), number=1, created_at__gte=since)
    public = Publication.objects.filter(asked.at("claim__desk"), published_at__gte=since)
    return {
        "extracted": _by_week(claims.exclude(extractor_version=""), "created_at"),
        "selected": _by_week(taken, "taken_at"),
        "submitted": _by_week(proposed, "created_at"),
        "published": _by_week(public.filter(number=1), "published_at"),
        "corrected": _by_week(public.exclude(change__in=SAME_FINDING), "published_at"),
        "dismissed": _by_week(_dismissals(asked), "created_at"),
    }


def report(asked: Asked) -> Report:
    found = counted(asked)
    days = asked.days
    totals = {name: sum(weeks.values()) for name, weeks in found.items()}
    return Report(
        key="throughput",
        title=gettext_lazy("Throughput"),
        tells=gettext_lazy(
            "How many claims came in each week and how many of each step people finished in it: where the "
            "numbers fall apart from week to week, work piles up or runs out."
        ),
        tells_not=gettext_lazy(
            "Each step counts in the week in which it happened, so the columns of one week are not the same "
            "claims. More is not better: one hard check can be worth twenty easy ones."
        ),
        panels=[_panel(name, found[name], days, asked.weeks) for name in MEASURES],
        tables=[_table(found, days)],
        nothing="" if any(totals.values()) else gettext_lazy("Nothing came in during these weeks."),
    )


def _table(found: dict[str, Weeks], days: list[date]) -> Table:
    columns = (
        Column("week", gettext_lazy("Week of"), is_number=False),
        *(Column(name, label) for name, label in MEASURES.items()),
    )
    rows = [
        [text(day.isoformat(), week_label(day)), *(number(found[name].get(day, 0)) for name in MEASURES)]
        for day in reversed(days)
    ]
    return Table(
        "throughput",
        gettext_lazy("Each step by week, the newest week first"),
        columns,
        rows,
        gettext_lazy(
            "The newest week is still running. Selected: somebody took the claim’s research task and has it "
            "or finished it; what was given back counts when it is taken again. Corrected: every version in "
            "the public log of corrections, retractions among them. Dismissed: also what was restored "
            "later. A claim counts at the desk that it belongs to now."
        ),
    )


def _panel(name: str, weeks: Weeks, days: list[date], length: int) -> Panel:
    total = sum(weeks.get(day, 0) for day in days)
    full = days[:-1]
    mean = sum(weeks.get(day, 0) for day in full) / len(full)
    chart = column_chart([(week_label(day), {"count": weeks.get(day, 0)}) for day in days])
    sentence = _("%(n)s in %(weeks)s weeks; the table below has every week.") % {"n": total, "weeks": length}
    return Panel(
        key=name,
        title=MEASURES[name],
        big=f"{total:,}",
        words=_("in %(weeks)s weeks, %(mean)s in a full week") % {"weeks": length, "mean": f"{mean:.1f}"},
        sentence=sentence,
        columns=chart,
    )


def _by_week(rows: Any, field: str) -> Weeks:
    by_week = rows.annotate(week=TruncWeek(field)).order_by().values("week").annotate(n=Count("*"))
    return {timezone.localdate(row["week"]): row["n"] for row in by_week}


def _dismissals(asked: Asked) -> Any:
    """By the audit: the claim itself does not keep when, and forgets it when somebody restores it."""
    entries = AuditEntry.objects.filter(verb="claim.dismissed", created_at__gte=asked.first)
    if asked.desk_ids is None:
        return entries
    ours = Claim.objects.filter(asked.at("desk")).annotate(key=Cast("pk", CharField())).order_by()
    return entries.filter(Q(subject_id__in=ours.values("key")))
