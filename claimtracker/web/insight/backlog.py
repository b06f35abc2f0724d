"""What waits now: how old it is, what is late, and the oldest by name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from claimtracker.kernel.charts import column_chart
from reviews import states
from reviews.models import ReviewTask
from reviews.models.review_task import TaskKind

from .asked import Asked
from .reports import Cell, Column, Panel, Report, Table, hours, length, number, text

OLDEST = 20
# from this many days on, up to the next; in order
BANDS = {
    "day": (0, gettext_lazy("Up to a day")),
    "three_days": (1, gettext_lazy("1 to 3 days")),
    "week": (3, gettext_lazy("3 to 7 days")),
    "two_weeks": (7, gettext_lazy("1 to 2 weeks")),
    "month": (14, gettext_lazy("2 to 4 weeks")),
    "older": (28, gettext_lazy("Over 4 weeks")),
}


@dataclass(frozen=True, slots=True)
class Line:
    desk: str
    kind: str
    bands: dict[str, int]
    late_bands: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.bands.values())

    @property
    def late(self) -> int:
        return sum(self.late_bands.values())


def open_by_age(asked: Asked) -> list[Line]:
    """Open tasks by desk and kind. One query."""
    now = timezone.now()
    counts: dict[str, Any] = {}
    for name, within in _bands(now).items():
        counts[name] = Count("pk", filter=within)
        counts[f"late_{name}"] = Count("pk", filter=within & Q(due_at__lt=now))
    rows: Any = (
        ReviewTask.objects.open()
        .filter(asked.at("desk"))
        .order_by()
        .values("desk__name", "kind")
        .annotate(**counts)
        .order_by("desk__name", "desk", "kind")
    )
    return [
        Line(
            row["desk__name"],
            row["kind"],
            {name: row[name] for name in BANDS},
            {name: row[f"late_{name}"] for name in BANDS},
        )
        for row in rows
    ]


def oldest(asked: Asked) -> list[ReviewTask]:
    """One query."""
    tasks = ReviewTask.objects.open().filter(asked.at("desk")).select_related("claim", "desk", "assignee")
    return list(tasks.order_by("created_at", "pk")[:OLDEST])


def report(asked: Asked) -> Report:
    lines, tasks = open_by_age(asked), oldest(asked)
    return Report(
        key="backlog",
        title=gettext_lazy("Backlog"),
        tells=gettext_lazy(
            "What is open at this moment, by how long ago its task came up, and how much of it is past its "
            "deadline."
        ),
        tells_not=gettext_lazy(
            "Age is not urgency: an old task can wait on purpose, and the queue’s order goes by priority. A "
            "recheck counts from when it was opened, not from when the claim first came in."
        ),
        panels=[_panel(lines)],
        tables=[_table(lines), _oldest_table(tasks)],
        legend=(("count", gettext_lazy("in time")), ("late", gettext_lazy("late"))),
        nothing="" if lines else gettext_lazy("No task is open. What comes in stands here by its age."),
    )


def _bands(now: datetime) -> dict[str, Q]:
    found, ends = {}, [start for start, _label in BANDS.values()][1:]
    for (name, (start, _label)), end in zip(BANDS.items(), [*ends, None], strict=True):
        within = Q(created_at__lte=now - timedelta(days=start)) if start else Q()
        found[name] = within & Q(created_at__gt=now - timedelta(days=end)) if end else within
    return found


def _panel(lines: list[Line]) -> Panel:
    columns, says = [], []
    for name, (_start, label) in BANDS.items():
        count = sum(line.bands[name] for line in lines)
        late = sum(line.late_bands[name] for line in lines)
        columns.append((str(label), {"count": count - late, "late": late}))
        says.append(_("%(band)s: %(n)s, %(late)s late") % {"band": label, "n": count, "late": late})
    total, late = sum(line.total for line in lines), sum(line.late for line in lines)
    return Panel(
        key="ages",
        title=gettext_lazy("Open tasks by age"),
        big=f"{total:,}",
        words=ngettext("open task, %(late)s late", "open tasks, %(late)s late", total)
        % {"late": f"{late:,}"},
        sentence="; ".join(says),
        columns=column_chart(columns, says=says),
    )


def _table(lines: list[Line]) -> Table:
    columns = (
        Column("desk", gettext_lazy("Desk"), is_number=False),
        Column("kind", gettext_lazy("Kind"), is_number=False),
        *(Column(name, label) for name, (_start, label) in BANDS.items()),
        Column("open", gettext_lazy("Open")),
        Column("late", gettext_lazy("Late")),
    )
    rows = [
        [
            text(line.desk),
            text(line.kind, TaskKind(line.kind).label),
            *(number(line.bands[name]) for name in BANDS),
            number(line.total),
            number(line.late),
        ]
        for line in lines
    ]
    return Table("backlog", gettext_lazy("Open tasks by desk, kind and age"), columns, rows)


def _oldest_table(tasks: list[ReviewTask]) -> Table:
    now = timezone.now()
    columns = (
        Column("claim", gettext_lazy("Claim"), is_number=False),
        Column("kind", gettext_lazy("Kind"), is_number=False),
        Column("desk", gettext_lazy("Desk"), is_number=False),
        Column("with", gettext_lazy("With"), is_number=False),
        Column("age_hours", gettext_lazy("Open for")),
        Column("due", gettext_lazy("Due")),
    )
    caption = gettext_lazy("The oldest open tasks")
    return Table("backlog-oldest", caption, columns, [_line(task, now) for task in tasks])


def _line(task: ReviewTask, now: datetime) -> list[Cell]:
    claim_url = reverse("reviews:claim_detail", args=[task.claim_id])
    with_whom = str(task.assignee) if task.state == states.TAKEN else _("nobody")
    is_late = task.due_at < now
    apart = length(now - task.due_at if is_late else task.due_at - now)
    due = _("%(span)s late") % {"span": apart} if is_late else _("in %(span)s") % {"span": apart}
    return [
        text(task.claim.text, Truncator(task.claim.text).chars(110), url=claim_url),
        text(task.kind, task.get_kind_display()),
        text(task.desk.name),
        text(with_whom),
        hours(now - task.created_at),
        Cell(task.due_at.isoformat(timespec="minutes"), due),
    ]
