"""What people made of the claims that the extractor offered: kept, or dismissed and why."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q
from django.db.models.functions import Lower, Trim, TruncWeek
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims import states
from claims.models import Claim
from claims.models.claim import ClaimQuerySet
from claimtracker.kernel.charts import column_chart
from claimtracker.kernel.shares import share_of
from reviews.models import Verdict

from .asked import Asked, week_label
from .reports import Column, Panel, Report, Table, number, share, text

REASONS = 20


@dataclass(frozen=True, slots=True)
class Line:
    """Claims that one version of the extractor found in one week."""

    week: date
    version: str
    found: int
    kept: int
    dismissed: int
    withdrawn: int

    @property
    def undecided(self) -> int:
        return self.found - self.kept - self.dismissed - self.withdrawn

    @property
    def decided(self) -> int:
        return self.kept + self.dismissed


def kept_and_dismissed(asked: Asked) -> list[Line]:
    """The newest week first. One query."""
    checked = Q(pk__in=Verdict.objects.order_by().values("claim"))
    kept = Q(state=states.CONFIRMED) | Q(state=states.SUGGESTED) & checked
    rows = (
        _offered(asked)
        .annotate(week=TruncWeek("created_at"))
        .order_by()
        .values("week", "extractor_version")
        .annotate(
            found=Count("*"),
            kept=Count("pk", filter=kept),
            dismissed=Count("pk", filter=Q(state=states.DISMISSED)),
            withdrawn=Count("pk", filter=Q(state=states.WITHDRAWN)),
        )
        .order_by("-week", "extractor_version")
    )
    return [
        Line(
            timezone.localdate(row["week"]),
            row["extractor_version"],
            row["found"],
            row["kept"],
            row["dismissed"],
            row["withdrawn"],
        )
        for row in rows
    ]


def reasons(asked: Asked) -> list[tuple[str, str, int]]:
    """Version, reason and how often, the most frequent first; upper and lower case are one. One query."""
    dismissed = _offered(asked).filter(state=states.DISMISSED)
    rows = (
        dismissed.annotate(reason=Trim(Lower("dismissed_because")))
        .order_by()
        .values("extractor_version", "reason")
        .annotate(n=Count("*"))
        .order_by("-n", "extractor_version", F("reason"))[:REASONS]
    )
    return [(row["extractor_version"], row["reason"], row["n"]) for row in rows]


def report(asked: Asked) -> Report:
    lines = kept_and_dismissed(asked)
    return Report(
        key="extraction",
        title=gettext_lazy("Claims that people kept"),
        tells=gettext_lazy(
            "What people made of the claims that the machine found, by the week in which it found them and "
            "by its version. A version whose claims are dismissed more often than the last one’s reads "
            "worse."
        ),
        tells_not=gettext_lazy(
            "Only what was offered can be judged: claims that the machine missed are in no row. What nobody "
            "decided yet counts neither way, so the newest weeks change."
        ),
        panels=[_panel(lines, asked.days)] if lines else [],
        tables=[_table(lines), _reason_table(reasons(asked))] if lines else [],
        legend=(
            ("confirmed", gettext_lazy("kept")),
            ("rejected", gettext_lazy("dismissed")),
            ("open", gettext_lazy("not decided, or withdrawn")),
        ),
        nothing="" if lines else gettext_lazy("The machine found no claim in these weeks."),
    )


def _panel(lines: list[Line], days: list[date]) -> Panel:
    weeks: dict[date, dict[str, float]] = defaultdict(lambda: {"confirmed": 0, "rejected": 0, "open": 0})
    for line in lines:
        parts = weeks[line.week]
        parts["confirmed"] += line.kept
        parts["rejected"] += line.dismissed
        parts["open"] += line.undecided + line.withdrawn
    says = [
        _("%(week)s: %(kept)s kept, %(dismissed)s dismissed, %(open)s not decided")
        % {
            "week": week_label(day),
            "kept": weeks[day]["confirmed"],
            "dismissed": weeks[day]["rejected"],
            "open": weeks[day]["open"],
        }
        for day in days
    ]
    kept, decided = sum(line.kept for line in lines), sum(line.decided for line in lines)
    found = share_of(kept, decided)
    return Panel(
        key="kept",
        title=gettext_lazy("Claims found, and what became of them"),
        big="" if found.value is None else f"{found.value:.0%}",
        words=_("kept: %(kept)s of %(decided)s that were decided, between %(low)s and %(high)s")
        % {"kept": kept, "decided": decided, "low": f"{found.low:.0%}", "high": f"{found.high:.0%}"}
        if found.value is not None
        else _("Nothing was decided yet."),
        sentence=_("%(kept)s of %(decided)s kept; the table below has every week.")
        % {"kept": kept, "decided": decided},
        columns=column_chart([(week_label(day), weeks[day]) for day in days], says=says),
    )


def _table(lines: list[Line]) -> Table:
    columns = (
        Column("week", gettext_lazy("Week of"), is_number=False),
        Column("extractor_version", gettext_lazy("Version"), is_number=False),
        Column("found", gettext_lazy("Found")),
        Column("kept", gettext_lazy("Kept")),
        Column("dismissed", gettext_lazy("Dismissed")),
        Column("undecided", gettext_lazy("Not decided")),
        Column("withdrawn", gettext_lazy("Withdrawn")),
        Column("kept_of_decided", gettext_lazy("Kept of decided")),
    )
    rows = [
        [
            text(line.week.isoformat(), week_label(line.week)),
            text(line.version),
            number(line.found),
            number(line.kept),
            number(line.dismissed),
            number(line.undecided),
            number(line.withdrawn),
            share(share_of(line.kept, line.decided).value),
        ]
        for line in lines
    ]
    note = gettext_lazy(
        "Kept: a person confirmed it, or somebody began a verdict on it. Withdrawn: a newer version no "
        "longer finds it, and nobody had touched it."
    )
    return Table(
        "extraction", gettext_lazy("Claims by week and version, the newest first"), columns, rows, note
    )


def _reason_table(found: list[tuple[str, str, int]]) -> Table:
    columns = (
        Column("reason", gettext_lazy("Reason"), is_number=False),
        Column("extractor_version", gettext_lazy("Version"), is_number=False),
        Column("dismissed", gettext_lazy("Dismissed")),
    )
    rows = [[text(reason, reason.capitalize()), text(version), number(n)] for version, reason, n in found]
    note = gettext_lazy(
        "The most frequent reasons in people’s own words. Two ways to say the same stand as two rows."
    )
    return Table("extraction-reasons", gettext_lazy("Why claims were dismissed"), columns, rows, note)


def _offered(asked: Asked) -> ClaimQuerySet:
    return Claim.objects.filter(asked.at("desk"), created_at__gte=asked.first).exclude(extractor_version="")
