"""What a partner sends, from the fields of the request to the actions."""

from __future__ import annotations

from typing import Any

from claims.actions.batches import Sent, bring_batch
from claims.actions.ingest import Ingested
from claims.actions.submitting import Sender, change_submission, submit_address, submit_text
from claims.actions.versions import Recorded
from claims.models import Article, ArticleFetch, Batch
from claimtracker.partners.auth import PartnerPrincipal


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


def submit_many(items: list[Sent], *, by: PartnerPrincipal) -> Batch:
    return bring_batch(items, sender=sender_of(by))
