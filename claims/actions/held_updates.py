"""Of an article that a moderator let in, somebody whom we do not trust yet sends another text or other facts:
what is new is held until a moderator has seen it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from claimtracker.kernel.errors import ActionRefused
from claimtracker.ledger import audit

from .. import policies, states
from ..models import Article, HeldUpdate
from ..selectors import newest_version, open_update
from ..sources import ParsedArticle
from ..sources.boilerplate import differs, in_plain_signs
from .describing import describe, what_differs, with_moments
from .versions import check_body, record_version, sha256_of


@dataclass(frozen=True, slots=True)
class _Wish:
    """How the article shall read: ``title`` and ``body`` are empty where its text stays. ``changes`` names
    what is new."""

    title: str
    body: str
    told: dict[str, Any]
    changes: list[str]


def hold_update(
    article: Article, text: ParsedArticle | None, told: Mapping[str, Any], *, by: Any, note: str
) -> HeldUpdate | None:
    """Hold what is new for a moderator; the caller holds the article's lock. What the sender said before and
    leaves out now stays part of it. A newer update supersedes the one before; the same again is that one, be
    it that a moderator turned it down; what says what the article says already takes back what waits.

    Returns what the sender said last and we did not take. Audits update.held and update.superseded.
    """
    if text is not None:
        check_body(text.body)
    before = open_update(article)
    wish = _wish(article, text, told, before if before and before.state == states.HELD else None)
    if before is not None and _is_the_same(before, wish):
        return before
    if not wish.changes:
        if before is None or before.state != states.HELD:
            return before
        supersede_update(article, by=by)
        return None
    supersede_update(article, by=by)
    update = HeldUpdate.objects.create(
        article=article,
        actor=audit.actor_for(by),
        title=wish.title,
        body=wish.body,
        told={name: _stored(value) for name, value in wish.told.items()},
        changes=wish.changes,
        note=note[:200],
    )
    details: dict[str, Any] = {"article": article.pk, "changes": wish.changes}
    if update.body:
        details["sha256"] = sha256_of(update.body)
    audit.record("update.held", by=by, subject=update, details=details)
    return update


def supersede_update(article: Article, *, by: Any) -> None:
    """What the sender said since takes the place of what we did not take. The caller holds the article's
    lock. Audits update.superseded."""
    update = open_update(article)
    if update is None:
        return
    before, update.state = update.state, states.SUPERSEDED
    update.save(update_fields=["state"])
    audit.record("update.superseded", by=by, subject=update, details={"from": before})


@transaction.atomic
def accept_update(update: HeldUpdate, *, by: Any) -> HeldUpdate:
    """Let an update in: its text is the article's next version, its facts hold from now on. Locks the
    article, as whoever sends a newer update does. Moderators only. Raises ActionRefused for one that was
    superseded. Audits update.accepted, and article.version_recorded and article.described as its sender's."""
    article, update = _decide(update, states.ACCEPTED, by=by, reason="")
    describe(article, with_moments(update.told), by=update.actor)
    if update.body:
        text = ParsedArticle(
            title=update.title, byline=article.byline, body=update.body, language=article.language or None
        )
        record_version(article, text, by=update.actor, origin_note=update.note)
    return update


@transaction.atomic
def reject_update(update: HeldUpdate, *, by: Any, reason: str) -> HeldUpdate:
    """Turn an update down, with a reason that the partner reads; the article stays as it is. Locks the
    article. Moderators only. Audits update.rejected."""
    if not reason.strip():
        raise ActionRefused(
            _("Say why it is rejected: the partner reads this."), code="reason_missing", field="reason"
        )
    return _decide(update, states.REJECTED, by=by, reason=reason.strip())[1]


def _decide(update: HeldUpdate, state: str, *, by: Any, reason: str) -> tuple[Article, HeldUpdate]:
    # the article first: its lock is what a newer update waits for
    article = Article.objects.select_for_update(of=("self",)).get(pk=update.article_id)
    row = HeldUpdate.objects.select_for_update(of=("self",)).select_related("actor").get(pk=update.pk)
    policies.can_decide_submission(by).enforce()
    if row.state == states.SUPERSEDED:
        raise ActionRefused(
            _("Its sender has said something newer of this article since. Decide on that, if it waits."),
            code="superseded",
        )
    states.HELD_UPDATE.check(row.state, state)
    before, row.state = row.state, state
    row.reason, row.decided_by = reason, by
    row.save(update_fields=["state", "reason", "decided_by"])
    audit.record(f"update.{state}", by=by, subject=row, details={"from": before}, note=reason)
    return article, row


def _wish(
    article: Article, text: ParsedArticle | None, told: Mapping[str, Any], waiting: HeldUpdate | None
) -> _Wish:
    newest = newest_version(article)
    title, body = newest.title, newest.body
    facts = with_moments(waiting.told) if waiting is not None else {}
    if waiting is not None and waiting.body:
        title, body = waiting.title, waiting.body
    if text is not None:
        title, body = (text.title or title)[:500], text.body
    changes = []
    if differs(newest.body, body):
        changes.append("body")
    if in_plain_signs(title) != in_plain_signs(newest.title):
        changes.append("title")
    if changes and text is not None:  # as the next version would say it
        of_text = {"byline": text.byline[:300], "language": (text.language or "")[:10]}
        facts |= {name: value for name, value in of_text.items() if value}
    facts = what_differs(article, {**facts, **told})
    stays = not changes
    return _Wish("" if stays else title, "" if stays else body, facts, [*changes, *sorted(facts)])


def _is_the_same(update: HeldUpdate, wish: _Wish) -> bool:
    return (
        bool(wish.changes)
        and bool(update.body) == bool(wish.body)
        and not differs(update.body, wish.body)
        and in_plain_signs(update.title) == in_plain_signs(wish.title)
        and with_moments(update.told) == wish.told
    )


def _stored(value: Any) -> Any:
    """Whole: JSON's own moments end with the millisecond."""
    return value.isoformat() if isinstance(value, datetime) else value
