"""Articles from an address: the wish is a row, a job fetches the page."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db import transaction

from claimtracker import jobs
from claimtracker.accounts.models import Desk, User
from claimtracker.intake.blocking import refuse_blocked_address
from claimtracker.kernel.errors import ActionRefused
from claimtracker.ledger import audit

from .. import policies
from ..models import Article, ArticleFetch, Channel
from ..sources import ParsedArticle, UnreadableArticle
from .again import take_again
from .describing import descriptions
from .ingest import ingest_article
from .submitting import described


@transaction.atomic
def request_article(url: str, *, by: User, desk: Desk, article: Article | None = None) -> ArticleFetch:
    """Note that ``by`` wants the page at ``url``, as what ``article`` says now or as an article by its
    address, and enqueue its fetch. Audits article.requested."""
    policies.can_add_article(by, desk).enforce()
    refuse_blocked_address(url)
    fetch = ArticleFetch.objects.create(url=url, desk=desk, requested_by=by, article=article)
    audit.record("article.requested", by=by, subject=fetch, details={"url": url})
    jobs.enqueue("claims.fetch_article", fetch.pk)
    return fetch


@transaction.atomic
def record_fetch(fetch: ArticleFetch, *, outcome: ParsedArticle | UnreadableArticle) -> ArticleFetch:
    """Keep what came of a fetch: an article or its next version, or the sentence that says why not. Locks the
    row; a second time is a no-op."""
    fetch = ArticleFetch.everything.select_for_update().get(pk=fetch.pk)
    if fetch.state != ArticleFetch.State.WAITING:
        return fetch
    if isinstance(outcome, UnreadableArticle):
        return _failed(fetch, str(outcome.message))
    outcome = described(replace(outcome, url=outcome.url or fetch.url), fetch.told)
    try:
        with transaction.atomic():
            if fetch.article is not None:
                told = {}
                if fetch.actor is not None:
                    told = descriptions({**fetch.told, "url": outcome.canonical_url or outcome.url})
                by = fetch.requested_by or fetch.actor
                take_again(fetch.article, outcome, told, by=by, note="fetched again", held=fetch.held)
                return _fetched(fetch, fetch.article)
            ingested = ingest_article(outcome, public_id=fetch.public_id, **_sent_by(fetch, outcome))
    except ActionRefused as refusal:
        return _failed(fetch, refusal.reason)
    return _fetched(fetch, ingested.article)


def _sent_by(fetch: ArticleFetch, outcome: ParsedArticle) -> dict[str, Any]:
    """As whose article, under which name, a page comes in."""
    if fetch.actor is not None:
        return {
            "origin": fetch.origin,
            "channel": Channel.API,
            "external_id": fetch.external_id,
            "by": fetch.actor,
            "desk": fetch.desk,
            "held": fetch.held,
            "is_sandbox": fetch.is_sandbox,
        }
    return {
        "origin": f"desk:{fetch.desk.slug}",
        "channel": Channel.URL,
        "external_id": (outcome.canonical_url or outcome.url or fetch.url)[:500],
        "by": fetch.requested_by,
        "desk": fetch.desk,
    }


def _fetched(fetch: ArticleFetch, article: Article) -> ArticleFetch:
    fetch.article, fetch.state = article, ArticleFetch.State.FETCHED
    fetch.save(update_fields=["article", "state"])
    return fetch


def _failed(fetch: ArticleFetch, message: str) -> ArticleFetch:
    fetch.state, fetch.message = ArticleFetch.State.FAILED, message
    fetch.save(update_fields=["state", "message"])
    return fetch
