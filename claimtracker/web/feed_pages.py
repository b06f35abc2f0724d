"""What the pages of watched sources show: how each is, in one word and a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from claims import states
from claims.models import Feed, FeedItem
from claims.policies import can_keep_feeds
from claimtracker.accounts.access import roles_by_desk, sees_everything
from claimtracker.accounts.models import Desk, Role

FAILING_AFTER = 3
SHOWN = ("all", "failing", "paused", "trial", "ended")
_STATE_SHOWN = {"paused": states.PAUSED, "trial": states.ON_TRIAL, "ended": states.ENDED}
TABS = ("all", states.WAITING, states.INGESTED, states.LEFT_OUT)


@dataclass(frozen=True, slots=True)
class Health:
    """A chip's tone, icon and label."""

    tone: str
    icon: str
    label: str


def health_of(feed: Feed, now: datetime | None = None) -> Health:
    if feed.state == states.ON_TRIAL:
        return Health("amber", "eye", _("On trial"))
    if feed.state == states.PAUSED:
        return Health("", "pause", _("Paused"))
    if feed.state == states.ENDED:
        return Health("", "archive-box", _("Ended"))
    if feed.code == "rate_limited" or (feed.host.refusals and feed.host.free_at > (now or timezone.now())):
        return Health("amber", "clock", _("Its site asks for rest"))
    if feed.failures >= FAILING_AFTER:
        return Health("red", "x-circle", _("Failing"))
    if feed.failures:
        return Health("amber", "exclamation-triangle", _("Failed last time"))
    if feed.succeeded_at is None:
        return Health("blue", "arrow-down-tray", _("Waiting for its first visit"))
    if feed.note:
        return Health("amber", "exclamation-triangle", _("Works, with a fault"))
    return Health("green", "check-circle", _("Works"))


def item_health(item: FeedItem) -> Health:
    if item.state == states.INGESTED:
        return Health("green", "check-circle", _("Came in"))
    if item.state == states.LEFT_OUT:
        labels = {"paywalled": _("Behind a paywall"), "old": _("Too old"), "not_found": _("Not there")}
        return Health("", "minus-circle", labels.get(item.code, _("Left out")))
    if item.message:
        return Health("amber", "arrow-path", _("To be tried again"))
    return Health("blue", "clock", _("Waiting"))


def feeds_of(user: Any, *, desk: str, show: str) -> QuerySet[Feed]:
    """Newest first, with the ``pages_seen`` of each; those that have ended only where they are asked for."""
    items = FeedItem.objects.filter(feed=OuterRef("pk")).order_by().values("feed")
    seen = Coalesce(Subquery(items.annotate(n=Count("pk")).values("n")), 0)
    rows = Feed.objects.visible_to(user).select_related("desk", "host").defer("sample")
    rows = rows.annotate(pages_seen=seen)
    if desk:
        rows = rows.filter(desk__slug=desk)
    if show == "failing":
        return rows.filter(state=states.WATCHED, failures__gt=0)
    if show in _STATE_SHOWN:
        return rows.filter(state=_STATE_SHOWN[show])
    return rows.exclude(state=states.ENDED)


def get_feed(user: Any, pk: int) -> Feed:
    """Raises Http404 for a feed of another desk."""
    rows = Feed.objects.visible_to(user).select_related("desk", "host", "added_by", "ended_by")
    return get_object_or_404(rows, pk=pk)


def get_item(user: Any, pk: int) -> FeedItem:
    items = FeedItem.objects.filter(feed__in=Feed.objects.visible_to(user))
    return get_object_or_404(items.select_related("feed__desk"), pk=pk)


def items_of(feed: Feed, tab: str) -> QuerySet[FeedItem]:
    rows = feed.items.select_related("article")
    return rows.filter(state=tab) if tab in TABS[1:] else rows


def tabs_of(feed: Feed) -> list[tuple[str, str, int]]:
    counts = dict(feed.items.order_by().values_list("state").annotate(n=Count("pk")))
    labels = {
        states.WAITING: _("Waiting"),
        states.INGESTED: _("Came in"),
        states.LEFT_OUT: _("Left out"),
    }
    return [
        ("all", _("All"), sum(counts.values())),
        *((state, label, counts.get(state, 0)) for state, label in labels.items()),
    ]


def desks_kept_by(user: Any) -> QuerySet[Desk]:
    """The desks whose sources this person keeps."""
    if sees_everything(user):
        return Desk.objects.all()
    return Desk.objects.filter(pk__in=[pk for pk, role in roles_by_desk(user).items() if role == Role.LEAD])


def sampled_entries(feed: Feed) -> list[dict[str, Any]]:
    """What the trial found, with moments as moments."""
    return [
        {**entry, "published_at": parse_datetime(entry.get("published_at") or "")}
        for entry in feed.sample.get("entries", [])
    ]


def may_keep(user: Any, feed: Feed) -> Any:
    return can_keep_feeds(user, feed.desk)
