"""An article whose page is still being fetched, or could not be, in the shape of an article."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from claims.models import Article, ArticleFetch
from claimtracker.partners.models import Partner

from .fields import Timestamp
from .mends import for_programs
from .selectors.languages import in_language

PENDING, FAILED = "pending", "failed"


def fetches_of(partner: Partner) -> Any:
    return ArticleFetch.everything.filter(origin=partner.origin).select_related("article")


def pending_in_state(partner: Partner, state: str, asked: dict[str, Any]) -> Any:
    """Those that are being fetched, or could not be and came in no other way; narrowed as articles are."""
    here = Article.everything.filter(origin=OuterRef("origin"), external_id=OuterRef("external_id"))
    kept = ArticleFetch.State.FAILED if state == FAILED else ArticleFetch.State.WAITING
    rows = fetches_of(partner).filter(~Exists(here), article=None, state=kept)
    for name in ("external_id", "url"):
        if name in asked:
            rows = rows.filter(**{name: asked[name]})
    if tag := asked.get("language"):
        rows = rows.filter(in_language(tag, "told__language"))
    if since := asked.get("updated_since"):
        rows = rows.filter(created_at__gte=since)
    return rows


def pending_article(fetch: ArticleFetch) -> dict[str, Any]:
    """What ArticleSerializer gives of an article, of one that is not there yet."""
    is_failed = fetch.state == ArticleFetch.State.FAILED
    told = fetch.told
    return {
        "id": str(fetch.public_id),
        "external_id": fetch.external_id,
        "state": FAILED if is_failed else PENDING,
        "state_reason": for_programs(fetch.message) if is_failed else "",
        "title": told.get("title", ""),
        "byline": told.get("byline", ""),
        "url": fetch.url,
        "language": told.get("language", ""),
        "published_at": _moment(told.get("published_at")),
        "created_at": _moment(fetch.created_at),
        "updated_at": _moment(fetch.created_at),
        "version": 0,
        "extraction": {
            "state": "refused" if is_failed else "pending",
            "message": for_programs(fetch.message) if is_failed else _("The page is being fetched."),
            "claims_found": 0,
        },
        "held_update": None,
    }


def pending_article_in_full(fetch: ArticleFetch) -> dict[str, Any]:
    return {**pending_article(fetch), "body": "", "claims": []}


def _moment(value: Any) -> Any:
    return None if value is None else Timestamp().to_representation(value)
