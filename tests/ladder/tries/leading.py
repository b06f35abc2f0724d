"""Desks, rules, ratings, watched sources, and the numbers."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from claims import states
from claims.models import Feed, FeedItem, WebHost
from claimtracker.accounts.models import DayOff, Membership
from claimtracker.web.permissions.leading import REPORTS
from reviews.models import Rating, RatingScale, ReasonTemplate, Topic
from reviews.selectors.routing_pages import kept_rulebook
from tests import factories
from tests.ladder.site import Site, Try

NO_ROWS = frozenset({404})  # a table without rows is no file; who may not is told so before


def desk(site: Site) -> list[Any]:
    return [site.room.desk.slug]


def colleague(site: Site) -> Membership:
    return Membership.objects.get(user=site.person("colleague"), desk=site.room.desk)


def day_off(site: Site) -> list[Any]:
    return [site.room.desk.slug, DayOff.objects.filter(desk=site.room.desk).latest("pk").pk]


def rule(site: Site) -> dict[str, Any]:
    return {
        "name": "Trams", "keywords": "tram", "desk": site.room.desk.pk, "min_score": "0", "max_score": "1",
        "deadline_hours": "48", "lift": "0", "first_step": "research", "approval": "anyone",
        "revision": site.room.rule.revision,
    }  # fmt: skip


def otherwise(site: Site) -> dict[str, Any]:
    return {"revision": kept_rulebook().revision, "desk": site.room.desk.pk, "first_step": "research"}


def scale(_site: Site) -> RatingScale:
    return RatingScale.objects.earliest("pk")


def rating(_site: Site) -> Rating:
    return Rating.objects.earliest("pk")


def unused(site: Site, slug: str = "unused", **facts: Any) -> list[Any]:
    row = Rating.objects.create(
        scale=scale(site), slug=slug, label=slug, meaning="other", position=90, **facts
    )
    return [row.scale_id, row.pk]


def retired(site: Site) -> list[Any]:
    return unused(site, "retired", retired_at=timezone.now())[1:]


def template(_site: Site) -> ReasonTemplate:
    return ReasonTemplate.objects.latest("pk")


def feed(site: Site, state: str) -> Feed:
    name = f"{state}-{Feed.objects.count()}.example"
    made = Feed.objects.create(
        desk=site.room.desk, host=WebHost.objects.create(name=name), url=f"https://{name}/rss", kind="feed",
        title="Gazette", added_by=site.person("lead"),
    )  # fmt: skip
    if state != states.ON_TRIAL:
        made.state = states.WATCHED
        made.save(update_fields=["state"])
    if state == states.PAUSED:
        made.state = states.PAUSED
        made.save(update_fields=["state"])
    return made


def feed_in(state: str) -> Any:
    return lambda site: [feed(site, state).pk]


def left_out(site: Site) -> list[Any]:
    row = FeedItem.objects.create(
        feed=site.room.feed, host=site.room.feed.host, url="https://left.example/1", url_digest="f" * 64,
        state="left_out", title="Left out", message="It is older than the feed.",
    )  # fmt: skip
    return [row.pk]


def hours(site: Site) -> dict[str, Any]:
    return {"time_zone": "UTC", "day_0": "09:00–17:00"}


def invitation(site: Site) -> list[Any]:
    from claimtracker.signin.actions.invitations import invite

    return [invite(site.room.desk, by=site.person("lead"), email="ben@example.org", role="checker").pk]


RATING = {"label": "Mostly so", "meaning": "other", "position": "70", "guidance": "Some of it."}
FEED = {"title": "The gazette", "interval_minutes": "15"}
TOPIC = {"name": "Bridges", "words": "bridge", "harm": "0"}
SAMPLING = {"percent": "20", "revision": "0", "save": "1"}
TRIES: dict[tuple[str, str, str], Try] = {
    ("reviews:desk_people", "POST", ""): Try(
        desk, lambda s: {"membership": colleague(s).pk, "member": colleague(s).pk, "capacity": "7"}
    ),
    ("reviews:desk_hours", "POST", ""): Try(desk, hours),
    ("reviews:day_off_add", "POST", ""): Try(desk, lambda s: {"day": "2027-05-01", "name": "May Day"}),
    ("reviews:day_off_remove", "POST", ""): Try(day_off),
    ("reviews:desk_new", "POST", ""): Try(data=lambda s: {"name": "Science"}),
    ("reviews:desk_change", "POST", ""): Try(desk, lambda s: {"name": "Eastmouth and around"}),
    ("reviews:desk_close", "POST", ""): Try(desk, lambda s: {"into": s.elsewhere.pk}),
    ("reviews:desk_members", "POST", ""): Try(
        desk, lambda s: {"email": s.person("newcomer").email, "role": "checker"}
    ),
    ("reviews:desk_member", "POST", ""): Try(
        lambda s: [s.room.desk.slug, colleague(s).pk], lambda s: {"role": "reporter", "save": "1"}
    ),
    ("signin:invitations", "POST", ""): Try(
        data=lambda s: {"email": "ann@example.org", "desk": s.room.desk.pk, "role": "checker"}
    ),
    ("signin:invitation_settle", "POST", ""): Try(invitation),
    ("reviews:settings_sampling", "POST", ""): Try(desk, lambda s: SAMPLING),
    ("reviews:routing_rule_new", "POST", ""): Try(data=rule),
    ("reviews:routing_rule", "POST", ""): Try(lambda s: [s.room.rule.pk], rule),
    ("reviews:routing_rule_move", "POST", ""): Try(lambda s: [s.room.rule.pk], lambda s: {"before": "0"}),
    ("reviews:routing_rule_switch", "POST", ""): Try(lambda s: [s.room.rule.pk], lambda s: {"on": "0"}),
    ("reviews:routing_rule_remove", "POST", ""): Try(lambda s: [s.room.rule.pk]),
    ("reviews:routing_otherwise", "POST", ""): Try(data=otherwise),
    ("reviews:routing_preview", "POST", ""): Try(data=rule, keeps=True),
    ("reviews:routing_topic_new", "POST", ""): Try(data=lambda s: TOPIC),
    ("reviews:routing_topic", "POST", ""): Try(lambda s: [Topic.objects.latest("pk").pk], lambda s: TOPIC),
    ("reviews:routing_topic_remove", "POST", ""): Try(
        lambda s: [factories.make_topic("Short-lived", ["shortlived"]).pk]
    ),
    ("reviews:rating_scale_new", "POST", ""): Try(data=lambda s: {"name": "Five steps"}),
    ("reviews:rating_scale", "POST", ""): Try(lambda s: [scale(s).pk], lambda s: {"name": "Five steps"}),
    ("reviews:rating_scale_use", "POST", ""): Try(
        lambda s: [RatingScale.objects.create(slug="second", name="Second").pk], done=frozenset({409})
    ),
    ("reviews:rating_new", "POST", ""): Try(lambda s: [scale(s).pk], lambda s: RATING),
    ("reviews:rating", "POST", ""): Try(unused, lambda s: RATING),
    ("reviews:rating_retire", "POST", ""): Try(lambda s: [rating(s).pk]),
    ("reviews:rating_bring_back", "POST", ""): Try(retired),
    ("reviews:reason_new", "POST", ""): Try(data=lambda s: {"text": "Say which.", "position": "1"}),
    ("reviews:reason", "POST", ""): Try(
        lambda s: [template(s).pk], lambda s: {"text": "Say which.", "position": "1"}
    ),
    ("reviews:reason_retire", "POST", ""): Try(lambda s: [template(s).pk]),
    ("web:feed_new", "POST", ""): Try(
        data=lambda s: {"url": "https://courier.example/rss", "desk": s.room.desk.pk}
    ),
    ("web:feed_watch", "POST", ""): Try(feed_in(states.ON_TRIAL), lambda s: FEED),
    ("web:feed_change", "POST", ""): Try(feed_in(states.WATCHED), lambda s: FEED),
    ("web:feed_pause", "POST", ""): Try(feed_in(states.WATCHED)),
    ("web:feed_resume", "POST", ""): Try(feed_in(states.PAUSED)),
    ("web:feed_again", "POST", ""): Try(feed_in(states.WATCHED)),
    ("web:feed_drop", "POST", ""): Try(feed_in(states.ON_TRIAL)),
    ("web:feed_end", "POST", ""): Try(feed_in(states.WATCHED)),
    ("web:feed_item_fetch", "POST", ""): Try(left_out),
    **{
        (f"web:insight_{name}_csv", "GET", ""): Try(lambda s, name=name: [name], done=NO_ROWS)
        for name in REPORTS
    },
    ("web:insight_claimants", "POST", ""): Try(
        data=lambda s: {"claimant": s.room.claim("taken").claimant_id, "group": "Council"}
    ),
    ("web:insight_matches_csv", "GET", ""): Try(),
}
