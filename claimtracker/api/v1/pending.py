"""An article whose page is still being fetched, or could not be, in the shape of an article."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from claims.models import ArticleFetch
from claimtracker.partners.models import Partner

from .fields import Timestamp
from .mends import for_programs

PENDING, FAILED = "pending", "failed"


def fetches_of(partner: Partner) -> Any:
    return ArticleFetch.everything.filter(origin=partner.origin).select_related("article")


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
    }


def pending_article_in_full(fetch: ArticleFetch) -> dict[str, Any]:
    return {**pending_article(fetch), "body": "", "claims": []}


def _moment(value: Any) -> Any:
    return None if value is None else Timestamp().to_representation(value)
