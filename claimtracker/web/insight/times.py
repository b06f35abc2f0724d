"""How long each step to a published check took, of those that ended; and how many have not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Aggregate, Count, DurationField, Exists, ExpressionWrapper, F, Min, OuterRef, Q
from django.db.models.functions import TruncWeek
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from claimtracker.kernel.charts import column_chart
from reviews import states
from reviews.models import Publication, ReviewTask, Verdict
from reviews.models.publication import Change
from reviews.models.review_task import TaskKind

from .asked import Asked, week_label
from .reports import Column, Panel, Report, Table, hours, length, number, text

STEPS = {
    "queue": gettext_lazy("Waiting in the queue"),
    "research": gettext_lazy("Research"),
    "second_review": gettext_lazy("Second review"),
    "publishing": gettext_lazy("Publishing"),
}


class Percentile(Aggregate):
    """The value below which ``share`` of the rows lie, between two rows where it falls between them."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()

    def __init__(self, expression: Any, share: float) -> None:
        super().__init__(expression, share=share)


@dataclass(frozen=True, slots=True)
class Took:
    count: int
    median: timedelta | None
    p90: timedelta | None


@dataclass(frozen=True, slots=True)
class Running:
    """How many have begun a step and not ended it, and since when the oldest."""

    count: int
    since: datetime | None


Weeks = dict[date, Took]


def took(asked: Asked) -> dict[str, Weeks]:
    """Each step by the week in which it ended. Three queries."""
    done = ReviewTask.objects.filter(asked.at("desk"), state=states.DONE, finished_at__gte=asked.first)
    research = done.filter(kind=TaskKind.RESEARCH, taken_at__isnull=False)
    second = done.filter(kind=TaskKind.SECOND_REVIEW)
    first_time = Publication.objects.filter(
        asked.at("claim__desk"), change=Change.FIRST, published_at__gte=asked.first
    )
    waited, worked = F("taken_at") - F("created_at"), F("finished_at") - F("taken_at")
    steps = _by_week(research, "finished_at", queue=waited, research=worked)
    steps |= _by_week(second, "finished_at", second_review=F("finished_at") - F("created_at"))
    between = F("published_at") - F("verdict__approved_at")
    return steps | _by_week(first_time, "published_at", publishing=between)


def running(asked: Asked) -> dict[str, Running]:
    """Two queries."""
    research, second = Q(kind=TaskKind.RESEARCH), Q(kind=TaskKind.SECOND_REVIEW)
    queued, taken = Q(state=states.QUEUED), Q(state=states.TAKEN)
    tasks = (
        ReviewTask.objects.open()
        .filter(asked.at("desk"), research | second)
        .aggregate(
            queue=Count("pk", filter=research & queued),
            queue_since=Min("created_at", filter=research & queued),
            research=Count("pk", filter=research & taken),
            research_since=Min("taken_at", filter=research & taken),
            second_review=Count("pk", filter=second),
            second_review_since=Min("created_at", filter=second),
        )
    )
    unpublished = Verdict.objects.filter(
        asked.at("claim__desk"), state=states.APPROVED, publication__isnull=True
    )
    # a newer verdict on the claim takes its place: this one will not go out
    newer = Verdict.objects.filter(claim=OuterRef("claim"), pk__gt=OuterRef("pk"))
    unpublished = unpublished.filter(~Exists(newer))
    tasks |= unpublished.aggregate(publishing=Count("*"), publishing_since=Min("approved_at"))
    return {step: Running(tasks[step], tasks[f"{step}_since"]) for step in STEPS}


def report(asked: Asked) -> Report:
    found, still = took(asked), running(asked)
    return Report(
        key="times",
        title=gettext_lazy("Time to verdict"),
        tells=gettext_lazy(
            "How long each step took, of the claims whose step ended in that week: half took at most the "
            "median, nine in ten at most the 90th percentile. Nights and weekends count."
        ),
        tells_not=gettext_lazy(
            "What still runs is in no median: when much waits, the true times are longer than these. A week "
            "in which old work was finished looks slow, and one in which only the easy was finished looks "
            "fast."
        ),
        panels=[_panel(step, found[step], still[step], asked.days) for step in STEPS],
        tables=[_running_table(still), _table(found, asked.days)],
        legend=(("median", gettext_lazy("median")), ("p90", gettext_lazy("up to the 90th percentile"))),
        nothing=""
        if any(found.values()) or any(step.count for step in still.values())
        else gettext_lazy("No step ended in these weeks, and none runs."),
    )


def _panel(step: str, weeks: Weeks, still: Running, days: list[date]) -> Panel:
    bars, says = [], []
    for day in days:
        one = weeks.get(day)
        if one is None or one.median is None or one.p90 is None:
            bars.append((week_label(day), {"median": 0.0, "p90": 0.0}))
            says.append(f"{week_label(day)}: –")
            continue
        middle, most = _hours(one.median), _hours(one.p90)
        bars.append((week_label(day), {"median": middle, "p90": most - middle}))
        says.append(f"{week_label(day)}: {length(one.median)}, {length(one.p90)} ({one.count})")
    ended = sum(one.count for one in weeks.values())
    longest = max((one.p90 for one in weeks.values() if one.p90), default=None)
    newest = max(weeks, default=None)
    latest = weeks[newest].median if newest is not None else None
    return Panel(
        key=step,
        title=STEPS[step],
        big=length(latest) if latest is not None else "",
        words=_("median in the week of %(day)s") % {"day": week_label(newest)}
        if newest
        else _("Nothing ended yet."),
        sentence=_("%(n)s ended; the table below has the median and the 90th percentile of every week.")
        % {"n": ended},
        columns=column_chart(bars, scale=length(longest) if longest else "–", says=says),
        aside=_still(still),
    )


def _still(still: Running) -> str:
    if not still.count or still.since is None:
        return _("None still runs.")
    words = ngettext("%(n)s still runs, for %(age)s", "%(n)s still run, the oldest for %(age)s", still.count)
    return words % {"n": f"{still.count:,}", "age": length(timezone.now() - still.since)}


def _table(found: dict[str, Weeks], days: list[date]) -> Table:
    columns = (
        Column("week", gettext_lazy("Week of"), is_number=False),
        Column("step", gettext_lazy("Step"), is_number=False),
        Column("ended", gettext_lazy("Ended")),
        Column("median_hours", gettext_lazy("Median")),
        Column("p90_hours", gettext_lazy("90th percentile")),
    )
    rows = [
        [
            text(day.isoformat(), week_label(day)),
            text(step, STEPS[step]),
            number(found[step][day].count),
            hours(found[step][day].median),
            hours(found[step][day].p90),
        ]
        for day in reversed(days)
        for step in STEPS
        if day in found[step]
    ]
    note = gettext_lazy(
        "Waiting ends when the person took it who finished it. Second review runs from the proposal to the "
        "decision, waiting among it. Publishing runs from approval to the first version. Weeks in which "
        "nothing ended have no row."
    )
    caption = gettext_lazy("Each step by the week in which it ended, the newest week first")
    return Table("times", caption, columns, rows, note)


def _running_table(still: dict[str, Running]) -> Table:
    now = timezone.now()
    columns = (
        Column("step", gettext_lazy("Step"), is_number=False),
        Column("still_running", gettext_lazy("Still running")),
        Column("oldest_hours", gettext_lazy("The oldest for")),
    )
    rows = [
        [text(step, STEPS[step]), number(one.count), hours(now - one.since if one.since else None)]
        for step, one in still.items()
    ]
    return Table("times-running", gettext_lazy("What still runs now, and is in no median"), columns, rows)


def _by_week(rows: Any, field: str, **spans: Any) -> dict[str, Weeks]:
    measured = {name: ExpressionWrapper(span, output_field=DurationField()) for name, span in spans.items()}
    found: Iterable[dict[str, Any]] = (
        rows.annotate(week=TruncWeek(field), **{f"{name}_took": span for name, span in measured.items()})
        .order_by()
        .values("week")
        .annotate(
            n=Count("*"),
            **{f"{name}_median": Percentile(f"{name}_took", 0.5) for name in spans},
            **{f"{name}_p90": Percentile(f"{name}_took", 0.9) for name in spans},
        )
    )
    steps: dict[str, Weeks] = {name: {} for name in spans}
    for row in found:
        week = timezone.localdate(row["week"])
        for name in spans:
            steps[name][week] = Took(row["n"], row[f"{name}_median"], row[f"{name}_p90"])
    return steps


def _hours(span: timedelta) -> float:
    return span.total_seconds() / 3600
