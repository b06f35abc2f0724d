"""What a partner sends, from the fields of the request to the actions."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404

from claims.actions.batches import Sent, bring_batch
from claims.actions.ingest import Ingested
from claims.actions.submitting import Sender, change_submission, submit_address, submit_text
from claims.actions.versions import Recorded
from claims.actions.withdrawing import withdraw_fetch
from claims.models import Article, ArticleFetch, Batch
from claimtracker.partners.auth import PartnerPrincipal
from claimtracker.partners.models import Partner
from reviews.actions.withdrawing import withdraw_article

from .pending import fetches_of


def sender_of(principal: PartnerPrincipal) -> Sender:
    """Held for a moderator unless the partner is trusted, or a sandbox, of which no moderator sees a word."""
    partner = principal.partner
    return Sender(
        partner.origin,
        principal.audit_actor(),
        partner.desk,
        held=not (partner.is_trusted or partner.is_sandbox),
        is_sandbox=partner.is_sandbox,
    )


def submit_article(fields: dict[str, Any], *, by: PartnerPrincipal) -> Ingested | ArticleFetch:
    """Take in what a partner sent: a text or page at once, an address by and by.

    Raises UnreadableArticle (field ``body`` or ``html``) and ActionRefused (``duplicate_external_id``, where
    a moderator turned the article down).
    """
    if {"body", "html"} & set(fields):
        return submit_text(fields, sender=sender_of(by))
    return submit_address(fields, sender=sender_of(by))


def change_article(article: Article, fields: dict[str, Any], *, by: PartnerPrincipal) -> Recorded:
    """Raises UnreadableArticle (field ``body`` or ``html``) and ActionRefused (``decided``)."""
    return change_submission(article, fields, sender=sender_of(by))


def withdraw(partner: Partner, id: UUID, *, by: PartnerPrincipal) -> None:
    """Take back the article of this id, or the wish for it while its page is being fetched. Raises Http404,
    and ActionRefused (``in_work``) where people work on it."""
    actor = by.audit_actor()
    article = Article.everything.filter(origin=partner.origin, public_id=id).first()
    if article is None:
        fetch = withdraw_fetch(get_object_or_404(fetches_of(partner), public_id=id), by=actor)
        article = fetch.article  # its page may have come a moment ago
    if article is not None:
        withdraw_article(article, by=actor)


def submit_many(items: list[Sent], *, by: PartnerPrincipal) -> Batch:
    return bring_batch(items, sender=sender_of(by))
