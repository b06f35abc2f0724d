"""What a sender outside the newsroom gives us: an article's text, its page, or where it can be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from claimtracker import jobs
from claimtracker.accounts.access import default_desk
from claimtracker.accounts.models import Desk
from claimtracker.intake.blocking import refuse_blocked_address, refuse_blocked_partner
from claimtracker.kernel.errors import ActionRefused
from claimtracker.ledger import audit
from claimtracker.ledger.models import AuditActor

from .. import states
from ..models import Article, ArticleFetch, Channel
from ..selectors import newest_version, open_update
from ..sources import ParsedArticle, UnreadableArticle, parse_html, parse_text
from .again import take_again
from .describing import descriptions, with_moments
from .ingest import Ingested, ingest_article
from .versions import Recorded

TOLD = ("title", "byline", "language", "published_at")


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends: the ``origin`` of its articles, the desk that gets them, who the ledger says it was. What is
    ``held`` waits for a moderator; what is of a sandbox nobody but its partner sees."""

    origin: str
    actor: AuditActor
    desk: Desk | None = None
    held: bool = False
    is_sandbox: bool = False


def submit_text(fields: Mapping[str, Any], *, sender: Sender) -> Ingested:
    """Take in the ``body`` or ``html`` of ``fields``. What they say of title, byline and so on goes before
    what the text itself says, and before what was said of an article that is here already.

    Raises UnreadableArticle (field ``body`` or ``html``) and ActionRefused (``duplicate_external_id``, where
    a moderator turned the article down; ``blocked_domain``), NotPermitted where the sender is blocked.
    """
    check_sender(sender, url=fields.get("url", ""))
    text = described(parsed(fields), fields)
    with transaction.atomic():
        return ingest_article(
            text,
            origin=sender.origin,
            channel=Channel.API,
            external_id=fields.get("external_id", ""),
            by=sender.actor,
            desk=sender.desk,
            held=sender.held,
            is_sandbox=sender.is_sandbox,
            told=descriptions(fields),
        )


@transaction.atomic
def submit_address(fields: Mapping[str, Any], *, sender: Sender) -> ArticleFetch:
    """Have the page at ``url`` fetched, as the article of that ``external_id``, or of that address where it
    names none. While that is being fetched, the same wish is the same row, which takes what is told now.
    Raises NotPermitted and ActionRefused for who or what is blocked. Audits article.requested."""
    check_sender(sender, url=fields["url"])
    name = fields.get("external_id") or fields["url"][:500]
    there = ArticleFetch.everything.filter(origin=sender.origin, external_id=name)
    told = {key: fields[key] for key in TOLD if fields.get(key)}
    if waiting := there.waiting().select_for_update().first():
        waiting.told |= told
        waiting.save(update_fields=["told"])
        return waiting
    article = Article.everything.filter(origin=sender.origin, external_id=name).first()
    try:
        with transaction.atomic():
            fetch = ArticleFetch.everything.create(
                url=fields["url"],
                desk=sender.desk or default_desk(),
                origin=sender.origin,
                external_id=name,
                told=told,
                held=sender.held,
                is_sandbox=sender.is_sandbox,
                actor=sender.actor,
                article=article,
            )
    except IntegrityError:  # somebody asked for the same at the same moment
        return there.waiting().get()
    told = {} if sender.is_sandbox else {"url": fetch.url}  # the audit outlives what a sandbox sent
    audit.record("article.requested", by=sender.actor, subject=fetch, details=told)
    jobs.enqueue("claims.fetch_article", fetch.pk)
    return fetch


@transaction.atomic
def change_submission(article: Article, fields: Mapping[str, Any], *, sender: Sender) -> Recorded:
    """Give an article another text, title or description. ``body`` or ``html``, and ``title``, make its next
    version; the rest is changed in place. Locks the article. What a sender is held for waits, together with
    what waits of theirs already.

    Raises UnreadableArticle, and ActionRefused (``decided``) for an article that was turned down or
    withdrawn. Audits article.described and article.version_recorded, or update.held.
    """
    check_sender(sender, url=fields.get("url", ""))
    row = Article.everything.select_for_update().get(pk=article.pk)
    if row.state == states.WITHDRAWN_ARTICLE:
        raise ActionRefused(
            _("You withdrew this article. Send a new one, under another external_id."),
            code="decided",
        )
    if row.state == states.REJECTED:
        raise ActionRefused(
            _(
                "A moderator turned this article down as it is. Send what is new as an article of its own, "
                "under another external_id."
            ),
            code="decided",
        )
    told = descriptions(fields)
    text = None
    if {"body", "html", "title"} & set(fields):
        text = _changed_text(row, fields, told)
    return take_again(row, text, told, by=sender.actor, note="changed by its sender", held=sender.held)


def _changed_text(article: Article, fields: Mapping[str, Any], told: Mapping[str, Any]) -> ParsedArticle:
    """The whole text with what ``fields`` change of it."""
    update = open_update(article)
    waiting = update if update and update.state == states.HELD and update.body else None
    last = waiting or newest_version(article)
    if {"body", "html"} & set(fields):
        text = parsed(fields)
    else:
        text = ParsedArticle(title=last.title, byline="", body=last.body)
    # a plain text has no headline but its first line; who wrote it is what the sender says, not the page
    headline = text.title if fields.get("html") else last.title
    return replace(
        text,
        title=fields.get("title") or headline,
        byline=told.get("byline", article.byline),
        language=told.get("language", article.language) or None,
    )


def check_sender(sender: Sender, *, url: str = "") -> None:
    """Raises NotPermitted (``sender_blocked``) for a blocked sender, ActionRefused (``blocked_domain``, field
    ``url``) for an address on a blocked domain."""
    refuse_blocked_partner(sender.origin)
    if url:
        refuse_blocked_address(url)


def parsed(fields: Mapping[str, Any]) -> ParsedArticle:
    """The text of ``body`` or ``html``. Raises UnreadableArticle naming that field."""
    source = "html" if fields.get("html") else "body"
    try:
        if source == "html":
            return parse_html(fields["html"], url=fields.get("url") or None)
        return parse_text(fields["body"], title=fields.get("title", ""))
    except UnreadableArticle as error:
        raise error.for_field(source) from error


def described(article: ParsedArticle, fields: Mapping[str, Any]) -> ParsedArticle:
    """``article`` with what ``fields`` say of it."""
    told = with_moments({name: fields[name] for name in TOLD if fields.get(name)})
    if fields.get("url"):
        told |= {"url": fields["url"], "canonical_url": fields["url"]}
    return replace(article, **told)
