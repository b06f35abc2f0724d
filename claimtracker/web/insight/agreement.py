"""How well people agree who rate the same claims without knowing of each other."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claimtracker.kernel.charts import Interval, interval_chart
from reviews.agreement import ENOUGH, Agreement
from reviews.selectors.agreement import DeskRow, agreement_by_desk

from .asked import Asked
from .reports import Cell, Column, Panel, Report, Table, number, text

RANGES = (26, 52, 156)  # blind reviews are few


def report(asked: Asked) -> Report:
    rows = agreement_by_desk(asked.desk_ids, since=asked.first)
    few = [row.desk for row in rows if not row.agreement.is_enough]
    remarks = [
        _("Fewer than %(enough)s blind reviews, too few to judge by: %(desks)s.")
        % {"enough": ENOUGH, "desks": ", ".join(few)}
    ]
    return Report(
        key="agreement",
        title=gettext_lazy("Agreement"),
        tells=gettext_lazy(
            "Blind reviews against what was proposed. Kappa is 1 where both always agree and 0 where they "
            "agree as often as chance would have it. A low kappa on one rating says that its guidance can "
            "be read in two ways."
        ),
        tells_not=gettext_lazy(
            "Two people who agree can both be wrong. Claims that were chosen for their topic are harder than "
            "most, and a rating that is hardly ever given has no kappa to speak of."
        ),
        panels=[_panel(rows)] if any(row.agreement.kappa is not None for row in rows) else [],
        tables=[_table(rows)] if rows else [],
        remarks=remarks if few else [],
        nothing=""
        if rows
        else gettext_lazy(
            "No blind review yet. When a share of the verdicts is reviewed blind, which leads choose in the "
            "settings, this page says how well both ratings agree, by desk and by rating."
        ),
    )


def _panel(rows: list[DeskRow]) -> Panel:
    told = [(row.desk, row.agreement) for row in rows if row.agreement.kappa is not None]
    says = {desk: _says(desk, found) for desk, found in told}
    chart = interval_chart(
        [
            Interval(
                desk,
                says[desk],
                found.kappa or 0,
                found.low or 0,
                found.high or 0,
                is_faint=not found.is_enough,
            )
            for desk, found in told
        ],
        first=-1,
    )
    pairs, same = sum(row.agreement.pairs for row in rows), sum(row.agreement.same for row in rows)
    return Panel(
        key="kappa",
        title=gettext_lazy("Kappa by desk, with its 95% interval"),
        big=f"{pairs:,}",
        words=_("blind reviews, %(same)s with the same rating") % {"same": f"{same:,}"},
        sentence="; ".join(says.values()),
        intervals=chart,
        ends=("-1", "1"),
    )


def _says(desk: str, found: Agreement) -> str:
    return _("%(desk)s: kappa %(kappa).2f, between %(low).2f and %(high).2f (%(n)s reviews)") % {
        "desk": desk,
        "kappa": found.kappa,
        "low": found.low,
        "high": found.high,
        "n": found.pairs,
    }


def _table(rows: list[DeskRow]) -> Table:
    columns = (
        Column("desk", gettext_lazy("Desk"), is_number=False),
        Column("rating", gettext_lazy("Rating"), is_number=False),
        Column("proposed", gettext_lazy("Proposed")),
        Column("given_blind", gettext_lazy("Given blind")),
        Column("both", gettext_lazy("Both")),
        Column("kappa", gettext_lazy("Kappa")),
        Column("low", gettext_lazy("From")),
        Column("high", gettext_lazy("To")),
    )
    lines = []
    for row in rows:
        pairs = number(row.agreement.pairs)
        whole = [pairs, pairs, number(row.agreement.same)]
        lines.append([text(row.desk), text("all", _("all ratings")), *whole, *_kappa(row.agreement)])
        lines += [
            [
                text(row.desk),
                text(rating.label),
                number(rating.first),
                number(rating.second),
                number(rating.agreement.same),
                *_kappa(rating.agreement),
            ]
            for rating in row.ratings
        ]
    note = gettext_lazy(
        "Without a kappa: one and the same rating was given always. From and to: its 95% interval."
    )
    return Table("agreement", gettext_lazy("Agreement by desk and rating"), columns, lines, note)


def _kappa(found: Agreement) -> list[Cell]:
    return [
        Cell(None, "–") if value is None else Cell(round(value, 4), f"{value:.2f}")
        for value in (found.kappa, found.low, found.high)
    ]
