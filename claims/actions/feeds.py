"""Watching a source: trying it out, watching, pausing, asking at once, and ending it."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from claimtracker.accounts.models import Desk, User
from claimtracker.intake.blocking import refuse_blocked_address
from claimtracker.kernel.addresses import normalised_url
from claimtracker.kernel.errors import ActionRefused
from claimtracker.kernel.outbound import OutboundRefused
from claimtracker.ledger import audit

from .. import policies, states
from ..models import Feed, FeedItem
from ..sources.feeds import Kind
from ..sources.visits import host_of
from .feed_entries import address_digest
from .host_lanes import host_named, wake


@transaction.atomic
def try_feed(url: str, *, by: User, desk: Desk) -> Feed:
    """Note an address on trial and have it fetched; nothing comes in of it. Leads of the desk and moderators.
    Raises NotPermitted, or ActionRefused for ``url``. Audits feed.tried."""
    policies.can_keep_feeds(by, desk).enforce()
    try:
        host_of(url.strip())  # refuses what the one spelling would leave out, such as a password
        address = normalised_url(url)
        host = host_of(address)
    except (ValueError, OutboundRefused) as why:
        reason = why.reason if isinstance(why, OutboundRefused) else str(why)
        raise ActionRefused(reason, code="bad_url", field="url") from why
    refuse_blocked_address(address)
    if len(address) > 2000:
        raise ActionRefused(_("The address is longer than 2000 characters."), code="bad_url", field="url")
    known = _open_feeds(desk, address).first()
    if known is not None and known.state != states.ON_TRIAL:
        raise ActionRefused(
            _("The %(name)s desk has this source already: “%(known)s”, which is %(state)s.")
            % {"name": desk.name, "known": known, "state": known.state},
            code="already_watched",
            field="url",
        )
    if known is not None:
        return try_again(known, by=by)
    row = Feed(desk=desk, url=address, host=host_named(host), added_by=by, next_visit_at=timezone.now())
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:  # somebody tried the same at the same moment
        return _open_feeds(desk, address).get()
    audit.record("feed.tried", by=by, subject=row, details={"url": address})
    wake([row.host_id])
    return row


@transaction.atomic
def try_again(feed: Feed, *, by: User) -> Feed:
    """Ask for the source once more, now: on trial, or watched. Locks the feed. Audits feed.asked."""
    feed = _kept_by(feed, by)
    if feed.state == states.PAUSED:
        raise ActionRefused(_("This source is paused. Resume it to have it asked."), code="paused")
    feed.at_url, feed.hops = "", 0
    fields = ["next_visit_at", "at_url", "hops"]
    _due_now(feed)
    if feed.state == states.ON_TRIAL:
        feed.sample, feed.code, feed.message = {}, "", ""
        fields += ["sample", "code", "message"]
    feed.save(update_fields=fields)
    audit.record("feed.asked", by=by, subject=feed)
    wake([feed.host_id])
    return feed


@transaction.atomic
def watch_feed(feed: Feed, *, by: User, title: str, interval_minutes: int) -> Feed:
    """From now on its pages come in. Only once a trial has shown what it is. Locks the feed. Audits
    feed.watched."""
    feed = _kept_by(feed, by)
    if not feed.kind:
        raise ActionRefused(
            _("Nothing has come from this address yet, so nothing can be watched."), code="not_tried"
        )
    states.FEED.check(feed.state, states.WATCHED)
    refuse_blocked_address(feed.url)
    feed.state, feed.title, feed.interval_minutes = states.WATCHED, title[:300], interval_minutes
    # the trial's answer was only looked at: the first real visit must bring all of it
    feed.etag = feed.last_modified = feed.digest = feed.note = ""
    feed.sample, feed.failures = {}, 0
    _due_now(feed)
    feed.save()
    audit.record(
        "feed.watched", by=by, subject=feed, details={"kind": feed.kind, "minutes": interval_minutes}
    )
    wake([feed.host_id])
    return feed


@transaction.atomic
def drop_trial(feed: Feed, *, by: User) -> None:
    """Remove a source that was only tried. Locks the feed. Audits feed.dropped."""
    feed = _kept_by(feed, by)
    if feed.state != states.ON_TRIAL:
        raise ActionRefused(_("This source is watched. End watching it instead."), code="not_on_trial")
    audit.record("feed.dropped", by=by, subject=feed, details={"url": feed.url})
    feed.delete()


@transaction.atomic
def change_feed(feed: Feed, *, by: User, title: str, interval_minutes: int) -> Feed:
    """Give it another name or pace. Locks the feed. Audits feed.changed."""
    feed = _kept_by(feed, by)
    feed.title, feed.interval_minutes = title[:300], interval_minutes
    feed.save(update_fields=["title", "interval_minutes"])
    audit.record("feed.changed", by=by, subject=feed, details={"minutes": interval_minutes})
    return feed


@transaction.atomic
def pause_feed(feed: Feed, *, by: Any) -> Feed:
    """Nothing of it is asked for any more. Locks the feed. Audits feed.paused."""
    feed = _kept_by(feed, by)
    states.FEED.check(feed.state, states.PAUSED)
    feed.state, feed.next_visit_at = states.PAUSED, None
    feed.save(update_fields=["state", "next_visit_at"])
    audit.record("feed.paused", by=by, subject=feed)
    return feed


@transaction.atomic
def resume_feed(feed: Feed, *, by: Any) -> Feed:
    """Watch it again, from now. Locks the feed. Audits feed.resumed."""
    feed = _kept_by(feed, by)
    if feed.state != states.PAUSED:
        raise ActionRefused(_("This source is not paused."), code="illegal_transition")
    states.FEED.check(feed.state, states.WATCHED)
    refuse_blocked_address(feed.url)
    feed.state, feed.failures = states.WATCHED, 0
    _due_now(feed)
    feed.save(update_fields=["state", "next_visit_at", "failures"])
    audit.record("feed.resumed", by=by, subject=feed)
    hosts = feed.items.filter(next_visit_at__isnull=False).values_list("host_id", flat=True).distinct()
    wake([feed.host_id, *hosts])
    return feed


@transaction.atomic
def end_watching(feed: Feed, *, by: Any) -> Feed:
    """Watch it no more, for good. What it listed and did not bring in is left out, nothing of it is asked for
    again; its articles stay. The address can be tried anew, as a source of its own. Locks the feed and its
    items. Audits feed.ended."""
    feed = _kept_by(feed, by)
    if feed.state == states.ON_TRIAL:
        raise ActionRefused(_("This source was only tried. Remove the trial instead."), code="on_trial")
    states.FEED.check(feed.state, states.ENDED)
    states.FEED_ITEM.check(states.WAITING, states.LEFT_OUT)
    left_out = feed.items.filter(state=states.WAITING).update(
        state=states.LEFT_OUT,
        code="ended",
        message=_("Watching its source ended before it came in."),
        next_visit_at=None,
    )
    feed.items.filter(next_visit_at__isnull=False).update(next_visit_at=None)
    feed.state, feed.next_visit_at = states.ENDED, None
    feed.ended_at, feed.ended_by = timezone.now(), by
    feed.save(update_fields=["state", "next_visit_at", "ended_at", "ended_by"])
    audit.record("feed.ended", by=by, subject=feed, details={"url": feed.url, "left_out": left_out})
    return feed


@transaction.atomic
def fetch_item(item: FeedItem, *, by: User) -> FeedItem:
    """Try a page that was left out, whatever was said of it. Locks the feed, then the item. Audits
    feed_item.asked."""
    feed = _kept_by(item.feed, by)
    item = FeedItem.objects.select_for_update(no_key=True).get(pk=item.pk)
    if feed.state != states.WATCHED:
        raise ActionRefused(_("This source is paused. Resume it to have its pages asked."), code="paused")
    if item.state == states.INGESTED:
        raise ActionRefused(_("This page is here already."), code="already_ingested")
    if item.state == states.LEFT_OUT:
        states.FEED_ITEM.check(item.state, states.WAITING)
        item.state = states.WAITING
    item.next_visit_at, item.at_url, item.hops, item.failures = timezone.now(), "", 0, 0
    item.save()
    audit.record("feed_item.asked", by=by, subject=item, details={"url": item.url})
    wake([item.host_id])
    return item


def _open_feeds(desk: Desk, url: str) -> QuerySet[Feed]:
    """The desk's source of this address that has not ended: one at most."""
    return Feed.objects.filter(desk=desk, url=url).exclude(state=states.ENDED)


def _due_now(feed: Feed) -> None:
    """Have it visited: the feed itself, or the one item of a single page."""
    now = timezone.now()
    if feed.kind != Kind.PAGE or feed.state == states.ON_TRIAL:
        feed.next_visit_at = now
        return
    feed.next_visit_at = None
    item, _created = FeedItem.objects.get_or_create(
        feed=feed,
        url_digest=address_digest(feed.url),
        defaults={"url": feed.url, "host": host_named(host_of(feed.url)), "title": feed.title},
    )
    FeedItem.objects.filter(pk=item.pk).update(next_visit_at=now, at_url="", hops=0)


def _kept_by(feed: Feed, by: Any) -> Feed:
    """The row, locked, its desk read beside it. Raises NotPermitted for who does not keep it, ActionRefused
    where watching has ended."""
    rows = Feed.objects.select_for_update(of=("self",), no_key=True)
    feed = rows.select_related("desk", "host").get(pk=feed.pk)
    policies.can_keep_feeds(by, feed.desk).enforce()
    if feed.state == states.ENDED:
        raise ActionRefused(
            _("Watching this source has ended. To have it again, watch its address anew."), code="ended"
        )
    return feed
