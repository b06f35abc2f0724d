"""Whose claims are checked, and with which ratings, by the groups into which people put claimants."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F
from django.db.models.lookups import IsNull
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims import states
from claims.models import Claim
from claimtracker.kernel.charts import Interval, interval_chart
from claimtracker.kernel.shares import ENOUGH, Share, share_of
from reviews.models import PublicCheck

from .asked import Asked
from .reports import Cell, Column, Panel, Report, Table, number, share, text

NOT_TOLD, NOBODY = "not told", "no claimant"
_NAMES = {NOT_TOLD: gettext_lazy("Not told"), NOBODY: gettext_lazy("Nobody named as claimant")}


@dataclass(frozen=True, slots=True)
class Rated:
    slug: str
    label: str
    share: Share  # of the group's checks


@dataclass(frozen=True, slots=True)
class Group:
    """``key`` is the name that people gave it, or NOT_TOLD or NOBODY. ``checked`` is its share of all checks,
    ``offered`` of all claims that came in during the same weeks."""

    key: str
    checked: Share
    offered: Share
    ratings: list[Rated]

    @property
    def label(self) -> str:
        return str(_NAMES.get(self.key, self.key))


def groups(asked: Asked) -> list[Group]:
    """The most checked first, then what nobody told. Two queries."""
    checks: dict[str, dict[tuple[str, str, int | None], int]] = defaultdict(lambda: defaultdict(int))
    for row in _checks(asked):
        key = _key(row["is_nobody"], row["group"])
        checks[key][row["rating_slug"], row["rating_label"], row["rating_step"]] += row["n"]
    offered: dict[str, int] = defaultdict(int)
    for row in _claims(asked):
        offered[_key(row["is_nobody"], row["group"])] += row["n"]
    all_checks = sum(sum(found.values()) for found in checks.values())
    all_offered = sum(offered.values())
    made = [
        _group(key, checks.get(key, {}), offered.get(key, 0), all_checks, all_offered)
        for key in {*checks, *offered}
    ]
    return sorted(made, key=lambda one: (one.key in _NAMES, -one.checked.count, -one.offered.count, one.key))


def report(asked: Asked) -> Report:
    found = groups(asked)
    checked = [group for group in found if group.checked.total]
    few = [group.label for group in checked if 0 < group.checked.count < ENOUGH]
    total = found[0].checked.total if found else 0
    remarks = []
    if total and total < ENOUGH:
        remarks.append(
            _(
                "Only %(n)s checks in these weeks: with fewer than %(enough)s no share here means anything "
                "yet."
            )
            % {"n": total, "enough": ENOUGH}
        )
    if few:
        remarks.append(
            _("Fewer than %(enough)s checks: %(groups)s. Do not compare their ratings with others’.")
            % {"enough": ENOUGH, "groups": ", ".join(few)}
        )
    return Report(
        key="balance",
        title=gettext_lazy("Balance"),
        tells=gettext_lazy(
            "How the checks published in these weeks are spread over groups of claimants, beside how the "
            "claims that came in were, and which ratings each group got. Intervals are Wilson’s, at 95%: "
            "where two overlap much, the difference can be chance."
        ),
        tells_not=gettext_lazy(
            "Not whether you are fair: a group that says more that is false gets more of such ratings, and "
            "what comes in is no fair sample of what is said. Groups are what your people set, and what "
            "nobody set is a row of its own."
        ),
        panels=_panels(checked) if total else [],
        tables=[_table(found), _rating_table(checked)] if found else [],
        remarks=remarks,
        nothing="" if found else gettext_lazy("No claim came in and no check went out in these weeks."),
    )


def _group(
    key: str, ratings: dict[tuple[str, str, int | None], int], offered: int, checks: int, claims: int
) -> Group:
    total = sum(ratings.values())
    in_order = sorted(ratings.items(), key=lambda one: (one[0][2] is None, one[0][2] or 0, one[0][1]))
    rated = [Rated(slug, label, share_of(n, total)) for (slug, label, _step), n in in_order]
    return Group(key, share_of(total, checks), share_of(offered, claims), rated)


def _panels(checked: list[Group]) -> list[Panel]:
    rows = [
        Interval(
            group.label,
            _says(group),
            group.checked.value or 0,
            group.checked.low or 0,
            group.checked.high or 0,
            group.offered.value,
            is_faint=not group.checked.is_enough,
        )
        for group in checked
    ]
    total = checked[0].checked.total
    # to the next tenth above the highest, so that small shares can be told apart
    last = min(1.0, math.ceil(10 * max(row.high for row in rows)) / 10)
    chart = interval_chart(rows, last=last)
    return [
        Panel(
            key="groups",
            title=gettext_lazy("Share of published checks by group of claimants"),
            big=f"{total:,}",
            words=_("checks first published in these weeks; the stroke is the share of claims in"),
            sentence="; ".join(_says(group) for group in checked),
            intervals=chart,
            ends=("0%", f"{last:.0%}"),
        )
    ]


def _says(group: Group) -> str:
    return _("%(group)s: %(share)s, between %(low)s and %(high)s (%(n)s checks)") % {
        "group": group.label,
        "share": _percent(group.checked.value),
        "low": _percent(group.checked.low),
        "high": _percent(group.checked.high),
        "n": group.checked.count,
    }


def _table(found: list[Group]) -> Table:
    columns = (
        Column("group", gettext_lazy("Group"), is_number=False),
        Column("checks", gettext_lazy("Checks")),
        Column("share_of_checks", gettext_lazy("Share")),
        Column("low", gettext_lazy("From")),
        Column("high", gettext_lazy("To")),
        Column("claims", gettext_lazy("Claims in")),
        Column("share_of_claims", gettext_lazy("Share of claims")),
    )
    rows = [
        [
            _name(group),
            number(group.checked.count),
            share(group.checked.value),
            share(group.checked.low),
            share(group.checked.high),
            number(group.offered.count),
            share(group.offered.value),
        ]
        for group in found
    ]
    note = gettext_lazy(
        "Retracted checks count nowhere, dismissed and withdrawn claims neither. From and to: the 95% "
        "interval of the share of checks."
    )
    return Table("balance", gettext_lazy("Checks and claims by group of claimants"), columns, rows, note)


def _rating_table(checked: list[Group]) -> Table:
    columns = (
        Column("group", gettext_lazy("Group"), is_number=False),
        Column("rating", gettext_lazy("Rating"), is_number=False),
        Column("checks", gettext_lazy("Checks")),
        Column("of", gettext_lazy("Of")),
        Column("share", gettext_lazy("Share")),
        Column("low", gettext_lazy("From")),
        Column("high", gettext_lazy("To")),
        Column("too_few", gettext_lazy("Enough"), is_number=False),
    )
    rows = [
        [
            text(group.label),
            text(rated.label),
            number(rated.share.count),
            number(rated.share.total),
            share(rated.share.value),
            share(rated.share.low),
            share(rated.share.high),
            _enough(rated.share),
        ]
        for group in checked
        for rated in group.ratings
    ]
    return Table("balance-ratings", gettext_lazy("Ratings within each group"), columns, rows)


def _name(group: Group) -> Cell:
    remark = "" if group.checked.count >= ENOUGH or not group.checked.count else _("too few to judge by")
    url = reverse("web:insight_claimants") if group.key == NOT_TOLD else ""
    return Cell(group.key, group.label, url, remark)


def _enough(found: Share) -> Cell:
    return Cell("" if found.is_enough else "yes", _("yes") if found.is_enough else _("too few"))


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{value:.0%}"


def _key(is_nobody: bool, group: str | None) -> str:
    if is_nobody:
        return NOBODY
    return group or NOT_TOLD


def _checks(asked: Asked) -> list[dict[str, Any]]:
    standing = PublicCheck.objects.filter(
        asked.at("claim__desk"), is_retracted=False, first_published_at__gte=asked.first
    )
    rows: Any = (
        standing.order_by()
        .values(
            "rating_slug",
            "rating_label",
            "rating_step",
            group=F("claim__claimant__group__name"),
            is_nobody=IsNull(F("claim__claimant"), True),
        )
        .annotate(n=Count("*"))
    )
    return list(rows)


def _claims(asked: Asked) -> list[dict[str, Any]]:
    came_in = Claim.objects.filter(asked.at("desk"), created_at__gte=asked.first)
    rows: Any = (
        came_in.exclude(state__in=states.SET_ASIDE)
        .order_by()
        .values(group=F("claimant__group__name"), is_nobody=IsNull(F("claimant"), True))
        .annotate(n=Count("*"))
    )
    return list(rows)
