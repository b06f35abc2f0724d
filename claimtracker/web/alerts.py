"""What the desks of a person have not seen yet of the claims that they watch, for the home page."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims import policies, states
from claims.actions.watching import see_all_alerts
from claims.models import Appearance, Article, Claim, ClaimAlert, ClaimWatch
from claimtracker.accounts.access import visible_desk_ids
from claimtracker.accounts.models import Desk, User
from claimtracker.kernel.decisions import Decision, Denied
from claimtracker.kernel.errors import ActionRefused
from reviews.selectors.places import outlet_of

from .selectors import HOME_ROWS

LOOKED_AT = 300  # the newest alerts; more are counted
SHOWN = 3  # sightings of one claim


@dataclass(frozen=True, slots=True)
class Sighting:
    """One alert. ``claim`` and ``place`` are None where the person does not see them; ``what`` says how sure
    it is that the claim is the same."""

    alert: ClaimAlert
    what: str
    claim: Claim | None
    place: Appearance | None
    outlet: str
    at: datetime


@dataclass(slots=True)
class WatchNews:
    """The unseen sightings of one watched claim, the newest first."""

    watch: ClaimWatch
    can_see: Decision
    sightings: list[Sighting] = field(default_factory=list)
    more: int = 0


@dataclass(frozen=True, slots=True)
class AlertNews:
    """``up_to`` is the newest alert that the page knows of; ``others`` counts watched claims not shown."""

    watches: list[WatchNews]
    others: int
    total: int
    up_to: int
    can_see_all: Decision


def unseen_alerts(user: Any) -> AlertNews:
    """Grouped by watch, the one with the newest alert first. As many queries for any number of alerts."""
    unseen = ClaimAlert.objects.for_desks_of(user).unseen()
    if not unseen.exists():
        return AlertNews([], others=0, total=0, up_to=0, can_see_all=Denied(""))
    alerts = list(_with_facts(unseen)[:LOOKED_AT])
    places = _places_of(alerts)
    seen = _visible_claims(user, alerts)
    readable = _visible_articles(user, places.values())
    groups: dict[int, WatchNews] = {}
    for alert in alerts:
        watch = alert.watch
        if watch.pk not in groups:
            groups[watch.pk] = WatchNews(watch, _may_see(user, watch, seen))
        group = groups[watch.pk]
        if len(group.sightings) < SHOWN:
            group.sightings.append(_sighting(alert, places.get(alert.pk), seen, readable))
        else:
            group.more += 1
    shown = list(groups.values())[:HOME_ROWS]
    allowed = [policies.can_see_alerts(user, group.watch.desk) for group in groups.values()]
    return AlertNews(
        watches=shown,
        others=len(groups) - len(shown),
        total=len(alerts) if len(alerts) < LOOKED_AT else unseen.count(),
        up_to=max((alert.pk for alert in alerts), default=0),
        can_see_all=next((one for one in allowed if one), allowed[0] if allowed else Denied("")),
    )


@transaction.atomic
def see_all_of_mine(user: User, *, up_to: int | None) -> int:
    """Mark the alerts of all desks where the person may as seen. Returns how many. Raises NotPermitted when
    there is no such desk."""
    desks = list(Desk.objects.filter(pk__in=visible_desk_ids(user)))
    decisions = [(desk, policies.can_see_alerts(user, desk)) for desk in desks]
    if not any(decision for _desk, decision in decisions):
        (decisions[0][1] if decisions else Denied(_("You belong to no desk."))).enforce()
    count = 0
    for desk, decision in decisions:
        if decision:
            try:
                count += see_all_alerts(desk, by=user, up_to=up_to)
            except ActionRefused as refusal:
                if refusal.code != "none_unseen":
                    raise
    return count


def _with_facts(unseen: Any) -> Any:
    rows = unseen.select_related(
        "watch__desk",
        "watch__claim",
        "appearance__claim",
        "appearance__version__article",
        "match__claim",
    )
    return rows.defer("appearance__version__body", "appearance__version__blocks").order_by("-pk")


def _places_of(alerts: list[ClaimAlert]) -> dict[int, Appearance]:
    """Alert id → where it stood; a suggestion's claim by its first appearance."""
    claims = {alert.match.claim_id for alert in alerts if alert.match}
    first = (
        Appearance.objects.filter(claim__in=claims)
        .select_related("version__article")
        .defer("version__body", "version__blocks")
        .order_by("claim_id", "pk")
        .distinct("claim_id")
    )
    by_claim = {place.claim_id: place for place in first}
    found = [(alert.pk, alert.appearance or by_claim.get(_claim_of(alert).pk)) for alert in alerts]
    return {pk: place for pk, place in found if place}


def _visible_claims(user: Any, alerts: list[ClaimAlert]) -> frozenset[int]:
    ids = {alert.watch.claim_id for alert in alerts} | {_claim_of(alert).pk for alert in alerts}
    return frozenset(Claim.objects.visible_to(user).filter(pk__in=ids).values_list("pk", flat=True))


def _visible_articles(user: Any, places: Collection[Appearance]) -> frozenset[int]:
    ids = {place.version.article_id for place in places}
    return frozenset(Article.objects.visible_to(user).filter(pk__in=ids).values_list("pk", flat=True))


def _claim_of(alert: ClaimAlert) -> Claim:
    claim = alert.appearance.claim if alert.appearance else alert.match and alert.match.claim
    assert claim, "an alert is of one sighting"  # noqa: S101 - invariant of the database
    return claim


def _may_see(user: Any, watch: ClaimWatch, seen: frozenset[int]) -> Decision:
    if watch.claim_id not in seen:  # it was placed at another desk since
        return Denied(_("The claim is at another desk now, whose work you do not see."), "not_visible")
    return policies.can_see_alerts(user, watch.desk)


def _sighting(
    alert: ClaimAlert, place: Appearance | None, seen: frozenset[int], readable: frozenset[int]
) -> Sighting:
    claim = _claim_of(alert)
    visible = place if place and place.version.article_id in readable else None
    article = visible.version.article if visible else None
    at = (article.published_at or article.created_at) if article else alert.created_at
    return Sighting(
        alert=alert,
        what=_how_sure(alert),
        claim=claim if claim.pk in seen else None,
        place=visible,
        outlet=outlet_of(article.site_name, article.url, article.origin) if article else "",
        at=timezone.localtime(at),
    )


def _how_sure(alert: ClaimAlert) -> str:
    if alert.match is None:
        return _("Said again")
    if alert.match.state == states.ACCEPTED_MATCH:
        return _("Said again, as a person confirmed")
    return _("Very likely said again")
