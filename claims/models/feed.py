"""Sources that are watched, what they list, and when their hosts may be asked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from claimtracker.accounts.access import sees_everything, visible_desk_ids
from claimtracker.accounts.models import Desk
from claimtracker.kernel.triggers import legal_transitions

from .. import states
from .article import Article
from .stored_json import is_json


class WebHostQuerySet(models.QuerySet["WebHost"]):
    def open_to_lanes(self, now: datetime) -> WebHostQuerySet:
        """Those that rest from nothing, that nobody asks, and that are kept for nobody."""
        is_past = [
            models.Q(**{f"{name}__isnull": True}) | models.Q(**{f"{name}__lte": now})
            for name in ("asking_until", "kept_until")
        ]
        return self.filter(*is_past, free_at__lte=now)


class WebHost(models.Model):
    """A foreign host, and from when on it may be asked again: whoever asks moves ``free_at`` first.

    ``asking_until`` is until when a request that has begun may last, nothing once it has ended.
    ``kept_until`` keeps the next turn for a single page that somebody waits for: lanes stand back.
    ``refusals`` counts how often in a row it asked us to come back later, ``message`` what it said.
    """

    name = models.CharField(max_length=253, unique=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    free_at = models.DateTimeField(db_default=Now())
    asking_until = models.DateTimeField(null=True, blank=True)
    kept_until = models.DateTimeField(null=True, blank=True)
    refusals = models.PositiveIntegerField(default=0)
    message = models.CharField(max_length=500, blank=True)

    objects = WebHostQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(asked_at__isnull=True) | models.Q(free_at__gte=models.F("asked_at")),
                name="a_host_is_free_after_it_was_asked",
            )
        ]
        triggers = [
            pgtrigger.Trigger(
                name="webhost_is_asked_when_free",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("asked_at"),
                func=(
                    "IF NEW.asked_at < GREATEST(OLD.free_at, OLD.asking_until) THEN "
                    "RAISE EXCEPTION 'host % may not be asked before %', OLD.name, "
                    "GREATEST(OLD.free_at, OLD.asking_until) "
                    "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;"
                ),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Visited(models.Model):
    """Something on the web that is asked for again and again.

    ``at_url`` is where its redirects led so far, empty at the beginning of a visit; ``hops`` counts them.
    ``turns`` counts visits that began and never ended: something deadly to read kills its worker each time.
    ``code`` and ``message`` say what stood in the way of the last visit; both are empty when it went well.
    """

    host = models.ForeignKey(WebHost, on_delete=models.PROTECT, related_name="%(class)ss")
    url = models.URLField(max_length=2000)
    at_url = models.URLField(max_length=2000, blank=True)
    hops = models.PositiveSmallIntegerField(default=0)
    etag = models.CharField(max_length=300, blank=True)
    last_modified = models.CharField(max_length=100, blank=True)
    next_visit_at = models.DateTimeField(null=True, blank=True)
    visited_at = models.DateTimeField(null=True, blank=True)
    succeeded_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0)
    turns = models.PositiveSmallIntegerField(default=0)
    code = models.CharField(max_length=40, blank=True)
    message = models.CharField(max_length=1000, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True

    @property
    def next_url(self) -> str:
        return self.at_url or self.url


class FeedQuerySet(models.QuerySet["Feed"]):
    def visible_to(self, user: Any) -> FeedQuerySet:
        """Feeds of the person's desks."""
        return self if sees_everything(user) else self.filter(desk__in=visible_desk_ids(user))

    def due(self, now: datetime) -> FeedQuerySet:
        return self.filter(next_visit_at__lte=now)


class Feed(Visited):
    """A source that a desk watches: a feed (RSS, Atom), a news sitemap, or one page that changes.

    ``digest`` is of its last bytes, for servers that never say "not modified"; ``note`` is what was odd about
    an answer that could be read. While on trial, ``sample`` is what would come in. Once watching has ended
    the row is a record: whoever wants the address again begins anew.
    """

    class Kind(models.TextChoices):
        UNKNOWN = "", _("not known yet")
        FEED = "feed", _("feed")
        SITEMAP = "sitemap", _("news sitemap")
        PAGE = "page", _("single page")

    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="feeds")
    title = models.CharField(max_length=300, blank=True)
    kind = models.CharField(max_length=10, choices=Kind.choices, blank=True)
    state = models.CharField(
        max_length=10, choices=[(s, s) for s in states.FEED.states], default=states.ON_TRIAL
    )
    interval_minutes = models.PositiveIntegerField(default=15)
    digest = models.CharField(max_length=64, blank=True)
    note = models.CharField(max_length=1000, blank=True)
    sample: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = FeedQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["desk", "url"],
                condition=~models.Q(state="ended"),
                name="one_open_feed_per_desk_and_address",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["paused", "ended"]) | models.Q(next_visit_at__isnull=True),
                name="a_feed_at_rest_is_not_visited",
            ),
            models.CheckConstraint(
                condition=models.Q(state="ended", ended_at__isnull=False)
                | (~models.Q(state="ended") & models.Q(ended_at__isnull=True)),
                name="an_ended_feed_says_when",
            ),
            models.CheckConstraint(
                condition=models.Q(interval_minutes__range=(1, 10080)), name="a_feed_is_visited_within_a_week"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="watched") | ~models.Q(kind=""), name="a_watched_feed_has_a_kind"
            ),
            models.CheckConstraint(condition=is_json("sample", "object"), name="a_sample_is_an_object"),
        ]
        indexes = [
            # a desk's feeds, newest first
            models.Index(fields=["desk", "-id"], name="feed_by_desk"),
            # a host's lane: what is to be asked first
            models.Index(
                fields=["host", "next_visit_at"],
                condition=models.Q(next_visit_at__isnull=False),
                name="feed_to_visit",
            ),
        ]
        triggers = [
            *legal_transitions(states.FEED, name="feed"),
            pgtrigger.Trigger(
                name="feed_ends_with_its_pages",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("state"),
                condition=pgtrigger.Condition("NEW.state = 'ended'"),
                func=(
                    "IF EXISTS (SELECT 1 FROM claims_feeditem WHERE feed_id = NEW.id "
                    "AND (next_visit_at IS NOT NULL OR state = 'waiting')) THEN "
                    "RAISE EXCEPTION 'pages of feed % are to be visited still', NEW.id "
                    "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;"
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.url


class FeedItemQuerySet(models.QuerySet["FeedItem"]):
    def due(self, now: datetime) -> FeedItemQuerySet:
        """What is to be visited; nothing of a feed that is paused or has ended."""
        return self.filter(next_visit_at__lte=now, feed__state=states.WATCHED)


class FeedItem(Visited):
    """A page that a feed listed, by its one spelling (``url_digest``). ``revisits`` counts the looks after
    it was brought in; ``stated_at`` is when the feed last said that it changed."""

    feed = models.ForeignKey(Feed, on_delete=models.PROTECT, related_name="items")
    url_digest = models.CharField(max_length=64)
    title = models.CharField(max_length=300, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    stated_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(
        max_length=10, choices=[(s, s) for s in states.FEED_ITEM.states], default=states.WAITING
    )
    article = models.ForeignKey(
        Article, null=True, blank=True, on_delete=models.PROTECT, related_name="feed_items"
    )
    revisits = models.PositiveIntegerField(default=0)

    objects = FeedItemQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["feed", "url_digest"], name="one_item_per_feed_and_address"),
            models.CheckConstraint(
                condition=models.Q(state="ingested", article__isnull=False)
                | (~models.Q(state="ingested") & models.Q(article__isnull=True)),
                name="an_ingested_item_is_an_article",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="left_out")
                | (~models.Q(message="") & models.Q(next_visit_at__isnull=True)),
                name="what_is_left_out_says_why",
            ),
        ]
        indexes = [
            # a feed's items, newest first; and those of one state
            models.Index(fields=["feed", "-id"], name="feed_item_by_feed"),
            models.Index(fields=["feed", "state", "-id"], name="feed_item_by_state"),
            # has another feed brought this page in?
            models.Index(fields=["url_digest"], name="feed_item_by_address"),
            # a host's lane: what is to be asked first
            models.Index(
                fields=["host", "next_visit_at"],
                condition=models.Q(next_visit_at__isnull=False),
                name="feed_item_to_visit",
            ),
        ]
        triggers = [
            *legal_transitions(states.FEED_ITEM, name="feeditem"),
            pgtrigger.Trigger(
                name="feeditem_of_no_ended_feed",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Condition("NEW.next_visit_at IS NOT NULL OR NEW.state = 'waiting'"),
                func=(
                    "IF EXISTS (SELECT 1 FROM claims_feed WHERE id = NEW.feed_id AND state = 'ended') THEN "
                    "RAISE EXCEPTION 'feed % has ended, its pages are not visited', NEW.feed_id "
                    "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;"
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.url
