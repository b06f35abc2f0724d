"""An article comes in: stored once, as an immutable version, with the job that will find its claims."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.db.models import Case, When
from django.utils.translation import gettext as _

from claimtracker import jobs
from claimtracker.accounts.access import default_desk
from claimtracker.accounts.models import Desk, User
from claimtracker.kernel.errors import ActionRefused
from claimtracker.ledger import audit

from .. import policies, states
from ..models import Article, ArticleVersion, Channel
from ..selectors import newest_version
from ..sources import ParsedArticle
from .again import take_again
from .versions import FOLLOW, check_body, sha256_of, write_version


@dataclass(frozen=True, slots=True)
class Ingested:
    """``created`` is False when the article was here already; then ``changed`` is True when it has a new
    version by what came in now, and ``waits`` where a moderator has to see that first. ``version`` is the
    text of one that was created."""

    article: Article
    created: bool
    changed: bool = False
    version: ArticleVersion | None = None
    waits: bool = False


def ingest_article(
    parsed: ParsedArticle,
    *,
    origin: str,
    by: Any,
    channel: str = Channel.PASTE,
    external_id: str = "",
    desk: Desk | None = None,
    held: bool = False,
    is_sandbox: bool = False,
    public_id: UUID | None = None,
    told: Mapping[str, Any] | None = None,
) -> Ingested:
    """Store ``parsed`` and enqueue its extraction (not while ``held``). An article that is here already, by
    (origin, external_id) or by its content within the origin, is not stored again: what it says otherwise
    becomes its next version, and what is ``told`` of it holds from now on, or waits for a moderator
    (again.take_again). A new one gets ``public_id``, where one is given. What comes from a sandbox
    is read like anything else, and only its partner sees it (models/sandbox.py). ``by`` is a User (who must
    be of the desk), an AuditActor or "system".

    Raises ActionRefused (field ``body`` or ``external_id``). Emits article.ingested to the audit.
    """
    check_body(parsed.body)
    desk = desk or default_desk()
    if isinstance(by, User):
        policies.can_add_article(by, desk).enforce()
    sha256 = sha256_of(parsed.body)
    existing = _find(origin, external_id, sha256)
    if existing is None:
        try:
            with transaction.atomic():
                marks = {"is_sandbox": is_sandbox, "public_id": public_id or uuid4()}
                version = _create(parsed, origin, external_id, channel, desk, held, sha256, by, marks)
            return Ingested(version.article, created=True, version=version)
        except IntegrityError:
            existing = _find(origin, external_id, sha256)  # somebody sent the same at the same moment
            if existing is None:
                raise
    # its sender gave it the same name, or it says word for word what a version of it says
    text = parsed if existing.external_id else None
    note = f"{Channel(channel).label} again"
    recorded = take_again(existing, text, told or {}, by=by, note=note, held=held)
    return Ingested(recorded.version.article, created=False, changed=recorded.created, waits=recorded.waits)


@transaction.atomic
def accept_article(article: Article, *, by: Any) -> Article:
    """Let a held submission in. Locks the article. Moderators only. Audits article.accepted."""
    article = _decide(article, states.ACCEPTED, by=by, reason="")
    later = list(article.versions.filter(number__gt=1).values_list("pk", flat=True))
    if later:  # it changed while it waited; nothing is read of what it says no more
        jobs.enqueue_all((FOLLOW, version_id) for version_id in later)
    else:
        jobs.enqueue("claims.extract_article", newest_version(article).pk)
    return article


@transaction.atomic
def reject_article(article: Article, *, by: Any, reason: str) -> Article:
    """Turn a held submission down, with a reason that the partner reads. Locks the article. Audits
    article.rejected."""
    if not reason.strip():
        raise ActionRefused(
            _("Say why it is rejected: the partner reads this."), code="reason_missing", field="reason"
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


def _find(origin: str, external_id: str, sha256: str) -> Article | None:
    if external_id:
        return Article.everything.filter(origin=origin, external_id=external_id).first()
    # a text that was another's earlier version, too; rather the article that began with it
    unnamed = Article.everything.filter(origin=origin, external_id="", versions__sha256=sha256)
    return unnamed.order_by(Case(When(content_sha256=sha256, then=0), default=1), "-id").first()


def _create(
    parsed: ParsedArticle,
    origin: str,
    external_id: str,
    channel: str,
    desk: Desk,
    held: bool,
    sha256: str,
    by: Any,
    marks: dict[str, Any],
) -> ArticleVersion:
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
        **marks,
    )
    version = write_version(article, parsed.body, title=title)
    audit.record(
        "article.ingested", by=by, subject=article, details={"origin": origin, "sha256": sha256, "held": held}
    )
    if not held:
        jobs.enqueue("claims.extract_article", version.pk)
    return version


def _first_line(body: str) -> str:
    return next((line.strip() for line in body.splitlines() if line.strip()), "")
