"""An article comes in once more: a text that says something else is its next version."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claimtracker import jobs
from claimtracker.accounts.models import User
from claimtracker.kernel.errors import ActionRefused
from claimtracker.ledger import audit, outbox

from .. import policies, states
from ..extraction.blocks import find_blocks
from ..models import Article, ArticleVersion, HeldUpdate
from ..selectors import newest_version
from ..sources import ParsedArticle
from ..sources.boilerplate import differs, in_plain_signs

FOLLOW = "claims.follow_version"
MAX_BODY = 1_000_000


@dataclass(frozen=True, slots=True)
class Recorded:
    """The newest version; ``created`` is False when the text that came in says the same. ``update`` is what
    its sender said last and we did not take, where a moderator has to see what they send."""

    version: ArticleVersion
    created: bool
    update: HeldUpdate | None = None

    @property
    def waits(self) -> bool:
        """What came in now is held for a moderator, as an update of an article that was let in before."""
        return self.update is not None and self.update.state == states.HELD


@transaction.atomic
def record_version(article: Article, parsed: ParsedArticle, *, by: Any, origin_note: str = "") -> Recorded:
    """Take in ``parsed`` as what ``article`` says now. What differs by boilerplate only
    (sources/boilerplate.py) is no version of its own: then only ``last_seen_at`` follows. ``by`` is a User
    (who must be of the desk), an AuditActor or "system"; ``origin_note`` is how the text came, for people.

    Locks the article, so of two at once the second is compared with the first. Raises ActionRefused (field
    ``body``, or code ``duplicate_external_id`` where a moderator turned the article down). Audits
    article.version_recorded, emits article.changed, and enqueues the job that looks for the claims of the
    version before.
    """
    check_body(parsed.body)
    if isinstance(by, User):
        policies.can_add_article(by, article.desk).enforce()
    article = Article.everything.select_for_update(of=("self",)).select_related("desk").get(pk=article.pk)
    newest = newest_version(article)
    title = (parsed.title or newest.title)[:500]
    article.last_seen_at = timezone.now()
    if not differs(newest.body, parsed.body) and in_plain_signs(title) == in_plain_signs(newest.title):
        article.save(update_fields=["last_seen_at"])
        return Recorded(newest, created=False)
    check_may_change(article)
    version = write_version(article, parsed.body, title=title, number=newest.number + 1, note=origin_note)
    article.title = title
    article.byline = (parsed.byline or article.byline)[:300]
    article.language = (parsed.language or article.language)[:10]
    article.save(update_fields=["title", "byline", "language", "last_seen_at"])
    about = {"version": version.pk, "number": version.number}
    details = {**about, "sha256": version.sha256, "note": version.note}
    audit.record("article.version_recorded", by=by, subject=article, details=details)
    if article.is_sandbox:
        jobs.enqueue("claims.extract_article", version.pk)  # nobody's work hangs on what became of its claims
        return Recorded(version, created=True)
    outbox.emit("article.changed", subject=article, payload=about)
    if article.state == states.ACCEPTED:
        jobs.enqueue(FOLLOW, version.pk)
    return Recorded(version, created=True)


def check_may_change(article: Article) -> None:
    """What a moderator turned down stays what they saw, and what its sender took back stays so: raises
    ActionRefused (``duplicate_external_id``)."""
    if article.state == states.WITHDRAWN_ARTICLE:
        raise ActionRefused(
            _("You withdrew this article (%(public_id)s). Send a new one, under another external_id.")
            % {"public_id": article.public_id},
            code="duplicate_external_id",
            field="external_id",
        )
    if article.state == states.REJECTED:
        raise ActionRefused(
            _(
                "“%(external_id)s” is a text that a moderator turned down here (article "
                "%(public_id)s). Send the new text as an article of its own, under another external_id."
            )
            % {"external_id": article.external_id or article.title, "public_id": article.public_id},
            code="duplicate_external_id",
            field="external_id",
        )


def write_version(
    article: Article, body: str, *, title: str, number: int = 1, note: str = ""
) -> ArticleVersion:
    """The row of one text. The caller holds the article, or has just made it."""
    return ArticleVersion.objects.create(
        article=article,
        is_sandbox=article.is_sandbox,
        number=number,
        title=title,
        body=body,
        blocks=[{"kind": block.kind, "start": block.start, "end": block.end} for block in find_blocks(body)],
        sha256=sha256_of(body),
        note=note[:200],
    )


def sha256_of(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()


def check_body(body: str) -> None:
    """Raises ActionRefused (field ``body``) for a text that is none, or too long."""
    if not body.strip():
        raise ActionRefused(_("There is no text here. Paste the article's text."), code="empty", field="body")
    if len(body) > MAX_BODY:
        raise ActionRefused(
            _("The text has %(number)s characters; %(max_body)s are the limit. Send it in parts.")
            % {"number": f"{len(body):,}", "max_body": f"{MAX_BODY:,}"},
            code="too_long",
            field="body",
        )
