"""Where a claim's family stood, as a chart and a table; and who wants to hear when it stands anew."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from claims import policies as claim_policies
from claims.models import ClaimWatch
from claimtracker.accounts.access import CHECKING, roles_by_desk
from claimtracker.accounts.models import Desk, User
from claimtracker.kernel.charts import dot_chart
from claimtracker.kernel.decisions import Decision

from ..selectors.places import Place, places_of
from ..selectors.workspace import Workspace

OUTLETS = 8
TABLE_ROWS = 12
TITLES = 3


@dataclass(frozen=True, slots=True)
class DayRow:
    day: date
    outlet: str
    total: int
    places: list[Place]
    more: int


@dataclass(frozen=True, slots=True)
class WatchLine:
    watch: ClaimWatch
    end: Decision


def places_context(user: User, space: Workspace) -> dict[str, Any]:
    """The chart, the table and the watches. Four queries, for any number of rows."""
    places = places_of(user, space.claim)
    days = places.by_day_and_outlet()
    watches = ClaimWatch.objects.running().on_family_of(space.claim).select_related("desk", "created_by")
    lines = [WatchLine(watch, claim_policies.can_see_alerts(user, watch.desk)) for watch in watches]
    return {
        "places": places,
        "chart": dot_chart(places.by_outlet(OUTLETS)) if len(places.rows) > 1 else None,
        "day_rows": [_day_row(*group) for group in days[:TABLE_ROWS]],
        "more_day_rows": [_day_row(*group) for group in days[TABLE_ROWS:]],
        "watches": lines,
        **_offer(user, space, {line.watch.desk_id for line in lines}),
    }


def _offer(user: User, space: Workspace, watching: set[int]) -> dict[str, Any]:
    """For which desks the person may begin a watch: their own, those that see the claim."""
    seeing = {space.claim.desk_id, *(place.version.article.desk_id for place in space.appearances)}
    mine = {desk for desk, role in roles_by_desk(user).items() if role in CHECKING}
    own = space.claim.desk
    desks = list(Desk.objects.filter(pk__in=seeing & mine - watching))
    desks.sort(key=lambda desk: (desk != own, desk.name))
    can_watch = claim_policies.can_watch_claim(user, space.claim, desk=desks[0] if desks else own)
    return {"watch_desks": desks, "can_watch": can_watch, "has_watch": bool(watching & mine)}


def _day_row(day: date, outlet: str, places: list[Place]) -> DayRow:
    return DayRow(day, outlet, len(places), places[:TITLES], max(len(places) - TITLES, 0))
