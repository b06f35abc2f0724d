"""One's own day, articles, the queue, sources and talk."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from claims.actions.sightings import note_sighting
from claims.actions.watching import watch_claim
from claims.models import ClaimAlert
from claimtracker.accounts.models import Leave
from claimtracker.ledger import outbox
from claimtracker.web.permissions.doors import Who
from reviews.actions.assignment import take_task
from reviews.actions.bulk import change_many
from reviews.actions.discussion import add_comment
from reviews.actions.handover import give_task
from reviews.actions.saved_views import save_view
from reviews.models import Comment, ConflictOfInterest, NoticeKind, Notification, ReviewTask, Source
from tests import factories
from tests.ladder.site import Site, Try

LATER = "2027-03-01"


def pk_of(made: Any) -> Any:
    return lambda site: [made(site).pk]


def alert(site: Site) -> dict[str, Any]:
    """The desk watches a claim, which is said again."""
    claim = site.room.claim("queued")
    watch_claim(claim, desk=site.room.desk, by=site.person("checker"))
    place = factories.make_another_appearance(claim, site_name="Courier")
    with transaction.atomic():
        note_sighting(outbox.emit("claim.appeared", subject=place))
    return {"alert": ClaimAlert.objects.filter(watch__desk=site.room.desk).latest("pk").pk}


def preferences(site: Site) -> dict[str, Any]:
    return {"time_zone": "UTC", "hour": 8, "weekday": 0, **{f"email_{kind}": "never" for kind in NoticeKind}}


def leave(site: Site) -> Any:
    return Leave.objects.filter(user=site.person("checker")).latest("pk")


def conflict(site: Site) -> Any:
    return ConflictOfInterest.objects.filter(user=site.person("checker")).latest("pk")


def notice(site: Site) -> Any:
    return Notification.objects.filter(user=site.person("checker"), claim=site.room.claim("taken")).latest(
        "pk"
    )


def queued_task(site: Site) -> ReviewTask:
    return factories.make_task(site.room.claim("queued"))


def task(site: Site) -> ReviewTask:
    return ReviewTask.objects.get(claim=site.room.claim("taken"), kind="research")


def another_task(site: Site) -> ReviewTask:
    claim = factories.make_claim(article=factories.make_article(desk=site.room.desk))
    return take_task(factories.make_task(claim), by=site.person("checker"))


def given_task(site: Site) -> ReviewTask:
    fresh = factories.make_task(factories.make_claim(article=factories.make_article(desk=site.room.desk)))
    return give_task(fresh, by=site.person("lead"), to=site.person("checker"))


def done_to_many(site: Site) -> Any:
    ids = [another_task(site).pk]
    return change_many(ids, by=site.person("checker"), verb="give_back", key=uuid.uuid4())


def own_view(site: Site) -> Any:
    return save_view(by=site.person("checker"), name="Late", show="late", query="")


def shared_view(site: Site) -> Any:
    return save_view(by=site.person("lead"), name="For all", show="late", query="", desk=site.room.desk)


def confidential(site: Site) -> Source:
    made = getattr(site, "_confidential", None)
    if made is None:
        claim = factories.make_claim(article=factories.make_article(desk=site.room.desk))
        made = factories.make_evidence(
            claim, site.person("checker"), title="A memo", is_confidential=True,
            confidential_because="She would be dismissed.",
        ).source  # fmt: skip
        site._confidential = made  # type: ignore[attr-defined] # one for all lines
    return made


def about_confidential(site: Site) -> list[Any]:
    evidence = confidential(site).evidence.get()
    said = add_comment(evidence.claim, by=site.person("checker"), text="She is afraid.", evidence=evidence)
    return [evidence.claim_id, said.comment.pk]


def comment(site: Site) -> list[Any]:
    """Written by the checker."""
    claim = site.room.claim("taken")
    said = add_comment(claim, by=site.person("checker"), text="Which table is it?")
    return [claim.pk, said.comment.pk]


def edited(site: Site) -> dict[str, Any]:
    newest = Comment.objects.filter(author=site.person("checker")).latest("pk")
    return {f"edit-{newest.pk}-text": "Which table was it?"}


def source(site: Site) -> Any:
    return site.room.evidence.source


def fresh_source(site: Site) -> Any:
    """Of a claim whose verdict does not wait, with the address of a page."""
    return source(site)


SOURCE = {"title": "Accounts", "publisher": "Council", "kind": "primary"}
TRIES: dict[tuple[str, str, str], Try] = {
    ("web:my_data", "GET", ""): Try(),
    ("web:first_steps", "POST", ""): Try(data=lambda site: {"away": "1"}),
    ("web:keys_seen", "POST", ""): Try(),
    ("web:palette", "GET", ""): Try(query="?q=homes"),
    ("web:notice_open", "GET", ""): Try(pk_of(notice)),
    ("web:notices_read", "POST", ""): Try(),
    ("web:notice_preferences", "POST", ""): Try(data=preferences),
    ("reviews:my_availability", "POST", ""): Try(data=lambda s: {"first_day": LATER, "last_day": LATER}),
    ("reviews:leave_remove", "POST", ""): Try(pk_of(leave)),
    ("reviews:my_conflicts", "POST", ""): Try(
        data=lambda s: {"kind": "topic", "subject": "Housing estates", "reason": "Shares."}
    ),
    ("reviews:conflict_end", "POST", ""): Try(pk_of(conflict)),
    ("web:alerts_seen", "POST", ""): Try(data=alert),
    ("claims:article_new", "POST", ""): Try(
        data=lambda s: {"way": "paste", "desk": s.room.desk.pk, "text": "The town has 9 schools.\n" * 3}
    ),
    ("web:article_annotations", "GET", ""): Try(lambda s: [s.room.article.pk]),
    ("web:article_progress", "GET", ""): Try(lambda s: [s.room.article.pk]),
    ("web:version_list", "POST", ""): Try(
        lambda s: [s.room.changed.pk], lambda s: {"text": "The council met again, at 9.\n", "title": "Met"}
    ),
    ("web:version_fetch", "POST", ""): Try(lambda s: [s.room.changed.pk]),
    ("web:claim_add", "POST", ""): Try(
        lambda s: [s.room.article.pk],
        lambda s: {"quote": "The council meets again next week"},
    ),
    ("web:claim_dismiss", "POST", ""): Try(
        lambda s: [s.room.article.pk, s.room.claim("queued").pk], lambda s: {"reason": "An opinion."}
    ),
    ("web:claim_restore", "POST", ""): Try(
        lambda s: [
            s.room.claim("dismissed").appearances.get().version.article_id,
            s.room.claim("dismissed").pk,
        ]
    ),
    ("web:claims_decide", "POST", ""): Try(
        lambda s: [s.room.article.pk],
        lambda s: {"claims": [s.room.claim("queued").pk], "decision": "dismiss", "words": "An opinion."},
    ),
    ("web:claim_adjust", "POST", ""): Try(
        lambda s: [s.room.article.pk, s.room.place.pk],
        lambda s: {"quote": s.room.place.quote[10:], "text": ""},
    ),
    ("web:drafts", "POST", ""): Try(data=lambda s: {"desk": s.room.desk.pk, "body": "It built 9 homes.\n"}),
    ("web:draft_throw_away", "POST", ""): Try(lambda s: [s.room.draft.pk]),
    ("web:draft_publish", "POST", ""): Try(lambda s: [s.room.draft.pk]),
    ("reviews:queue_news", "GET", ""): Try(),
    ("reviews:queue_next", "POST", ""): Try(),
    ("reviews:queue_change", "POST", ""): Try(
        data=lambda s: {"tasks": [queued_task(s).pk], "verb": "take", "key": str(uuid.uuid4())},
        notes=frozenset({"reviews_bulkchange", "reviews_bulkitem"}),
    ),
    ("reviews:queue_undo", "POST", ""): Try(pk_of(done_to_many)),
    ("reviews:saved_views", "POST", ""): Try(data=lambda s: {"name": "Mine", "show": "all", "q": "homes"}),
    ("reviews:saved_views", "POST", "shared"): Try(
        data=lambda s: {"name": "Ours", "show": "all", "q": "homes", "desk": s.room.desk.pk}
    ),
    ("reviews:saved_view", "POST", ""): Try(pk_of(own_view), lambda s: {"act": "rename", "name": "Later"}),
    ("reviews:saved_view", "POST", "shared"): Try(
        pk_of(shared_view), lambda s: {"act": "rename", "name": "Later"}
    ),
    ("reviews:task_take", "POST", ""): Try(pk_of(queued_task)),
    ("reviews:task_give_back", "POST", ""): Try(pk_of(task)),
    ("reviews:task_give", "POST", ""): Try(
        pk_of(task), lambda s: {"to": s.person("colleague").pk, "note": "You know the accounts."}
    ),
    ("reviews:task_accept", "POST", ""): Try(pk_of(given_task)),
    ("reviews:task_decline", "POST", ""): Try(pk_of(given_task), lambda s: {"reason": "I am away."}),
    ("reviews:task_deadline", "POST", ""): Try(
        pk_of(task),
        lambda s: {
            "due_at": f"{timezone.localtime() + timedelta(days=9):%Y-%m-%dT%H:%M}",
            "reason": "The office answers next week.",
        },
    ),
    ("reviews:source_detail", "GET", "confidential"): Try(pk_of(confidential)),
    ("reviews:source_edit", "POST", ""): Try(pk_of(fresh_source), lambda s: SOURCE),
    ("reviews:source_protect", "POST", ""): Try(
        pk_of(source), lambda s: {"because": "She fears for her job."}
    ),
    ("reviews:source_name", "POST", "confidential"): Try(pk_of(confidential)),
    ("reviews:source_name", "POST", "brought in"): Try(pk_of(confidential), columns={Who.CHECKER: "checker"}),
    ("reviews:source_look", "POST", ""): Try(pk_of(source)),
    ("reviews:snapshot_page", "GET", ""): Try(lambda s: [s.room.snapshot.pk]),
    ("reviews:quotation", "GET", ""): Try(lambda s: [s.room.evidence.claim_id, s.room.evidence.pk]),
    ("reviews:change_seen", "POST", ""): Try(lambda s: [s.room.evidence.claim_id, s.room.evidence.pk]),
    ("reviews:comment_people", "GET", ""): Try(lambda s: [s.room.claim("taken").pk], query="?q=m"),
    ("reviews:comment_detail", "GET", "confidential"): Try(about_confidential),
    ("reviews:comment_add", "POST", ""): Try(
        lambda s: [s.room.claim("taken").pk], lambda s: {"talk-about": "claim", "talk-text": "Which table?"}
    ),
    ("reviews:comment_edit", "POST", ""): Try(comment, edited),
    ("reviews:comment_remove", "POST", ""): Try(comment),
}
