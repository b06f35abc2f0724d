"""A partner's article, from the fields of the request to the action."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from claims.actions.ingest import Ingested, ingest_article
from claims.models import Channel
from claims.sources import ParsedArticle, UnreadableArticle, parse_html, parse_text
from claimtracker.partners.auth import PartnerPrincipal


def submit_article(fields: dict[str, Any], *, by: PartnerPrincipal) -> Ingested:
    """Take in what a partner sent: held for a moderator unless the partner is trusted or a
    sandbox, of which no moderator sees anything.

    What the partner says of title, byline and so on goes before what the text itself says.
    Raises UnreadableArticle (field ``body`` or ``html``) and ActionRefused (``duplicate_external_id``, where
    a moderator decided about the article).
    """
    partner = by.partner
    return ingest_article(
        _described(_parsed(fields), fields),
        origin=partner.origin,
        channel=Channel.API,
        external_id=fields.get("external_id", ""),
        by=by.audit_actor(),
        desk=partner.desk,
        held=not (partner.is_trusted or partner.is_sandbox),
        is_sandbox=partner.is_sandbox,
    )


def _parsed(fields: dict[str, Any]) -> ParsedArticle:
    source = "html" if fields.get("html") else "body"
    try:
        if source == "html":
            return parse_html(fields["html"], url=fields.get("url") or None)
        return parse_text(fields["body"], title=fields.get("title", ""))
    except UnreadableArticle as error:
        raise error.for_field(source) from error


def _described(parsed: ParsedArticle, fields: dict[str, Any]) -> ParsedArticle:
    told = {
        name: fields[name] for name in ("title", "byline", "language", "published_at") if fields.get(name)
    }
    if fields.get("url"):
        told |= {"url": fields["url"], "canonical_url": fields["url"]}
    return replace(parsed, **told)
