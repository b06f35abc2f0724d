"""An article comes in: stored once, as an immutable version, with the job that will find its claims."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction

from claimtracker import jobs
from claimtracker.accounts.access import default_desk
from claimtracker.accounts.models import Desk, User
from claimtracker.kernel.errors import ActionRefused
from claimtracker.ledger import audit

from .. import policies, states
from ..extraction.blocks import find_blocks
from ..models import Article, ArticleVersion, Channel
from ..sources import ParsedArticle

MAX_BODY = 1_000_000


@dataclass(frozen=True, slots=True)
class Ingested:
    """``created`` is False when the very same text was here already."""

    article: Article
    created: bool


def ingest_article(
    parsed: ParsedArticle,
    *,
    origin: str,
    by: Any,
    channel: str = Channel.PASTE,
    external_id: str = "",
    desk: Desk | None = None,
    held: bool = False,
) -> Ingested:
    """Store ``parsed`` and enqueue its extraction (not while ``held``). Idempotent on (origin,
    external_id) and on
    content within an origin. ``by`` is a User (who must be of the desk), an AuditActor or "system".

    Raises ActionRefused (field ``body`` or ``external_id``). Emits article.ingested to the audit.
    """
    _check_body(parsed.body)
    desk = desk or default_desk()
    if isinstance(by, User):
        policies.can_add_article(by, desk).enforce()
    sha256 = hashlib.sha256(parsed.body.encode()).hexdigest()
    existing = _find(origin, external_id, sha256)
    if existing is None:
        try:
            with transaction.atomic():
                article = _create(parsed, origin, external_id, channel, desk, held, sha256, by)
            return Ingested(article, created=True)
        except IntegrityError:
            existing = _find(origin, external_id, sha256)  # somebody sent the same at the same moment
            if existing is None:
                raise
    if existing.content_sha256 != sha256:
        raise ActionRefused(
            f"“{external_id}” already names another text here (article {existing.public_id}). "
            "Send the new text under an external_id of its own.",
            code="duplicate_external_id",
            field="external_id",
        )
    return Ingested(existing, created=False)


@transaction.atomic
def accept_article(article: Article, *, by: Any) -> Article:
    """Let a held submission in. Locks the article. Moderators only. Audits article.accepted."""
    article = _decide(article, states.ACCEPTED, by=by, reason="")
    version = article.versions.order_by("-number").first()
    assert version is not None, "an article is created together with its first version"  # noqa: S101 - invariant
    jobs.enqueue("claims.extract_article", version.pk)
    return article


@transaction.atomic
def reject_article(article: Article, *, by: Any, reason: str) -> Article:
    """Turn a held submission down, with a reason that the partner reads. Locks the article. Audits
    article.rejected."""
    if not reason.strip():
        raise ActionRefused(
            "Say why it is rejected: the partner reads this.", code="reason_missing", field="reason"
        )
    return _decide(article, states.REJECTED, by=by, reason=reason.strip())


def _decide(article: Article, state: str, *, by: Any, reason: str) -> Article:
    article = Article.objects.select_for_update().get(pk=article.pk)
    policies.can_decide_submission(by).enforce()
    states.INTAKE.check(article.state, state)
    before, article.state = article.state, state
    article.intake_reason = reason
    article.save(update_fields=["state", "intake_reason"])
    audit.record(f"article.{state}", by=by, subject=article, details={"from": before}, note=reason)
    return article


def _check_body(body: str) -> None:
    if not body.strip():
        raise ActionRefused("There is no text here. Paste the article's text.", code="empty", field="body")
    if len(body) > MAX_BODY:
        raise ActionRefused(
            f"The text has {len(body):,} characters; {MAX_BODY:,} are the limit. Send it in parts.",
            code="too_long",
            field="body",
        )


def _find(origin: str, external_id: str, sha256: str) -> Article | None:
    if external_id:
        return Article.objects.filter(origin=origin, external_id=external_id).first()
    return Article.objects.filter(origin=origin, external_id="", content_sha256=sha256).first()


def _create(
    parsed: ParsedArticle,
    origin: str,
    external_id: str,
    channel: str,
    desk: Desk,
    held: bool,
    sha256: str,
    by: Any,
) -> Article:
    blocks = find_blocks(parsed.body)
    title = (parsed.title or _first_line(parsed.body))[:500]
    article = Article.objects.create(
        origin=origin,
        external_id=external_id,
        channel=channel,
        url=parsed.canonical_url or parsed.url or "",
        title=title,
        byline=(parsed.byline or "")[:300],
        site_name=(parsed.site_name or "")[:200],
        language=(parsed.language or "")[:10],
        published_at=parsed.published_at,
        desk=desk,
        submitted_by=by if isinstance(by, User) else None,
        state=states.HELD if held else states.ACCEPTED,
        content_sha256=sha256,
    )
    version = ArticleVersion.objects.create(
        article=article,
        title=title,
        body=parsed.body,
        blocks=[{"kind": block.kind, "start": block.start, "end": block.end} for block in blocks],
        sha256=sha256,
    )
    audit.record(
        "article.ingested", by=by, subject=article, details={"origin": origin, "sha256": sha256, "held": held}
    )
    if not held:
        jobs.enqueue("claims.extract_article", version.pk)
    return article


def _first_line(body: str) -> str:
    return next((line.strip() for line in body.splitlines() if line.strip()), "")
