"""What anybody may read, without an account, a cookie or JavaScript."""

from __future__ import annotations

import json
import re
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.dateparse import parse_datetime
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_safe

from claims.extraction import EXTRACTOR_VERSION
from claimtracker.kernel.problems import problem

from ..models import Publication
from ..models.evidence import Stance
from ..selectors.published import published_page, published_version
from ..selectors.workspace import default_ratings
from . import wording
from .corrections import version_context
from .public_words import FRESH_SECONDS, is_reworded, title_of

LONG_CLAIM = 110

# what could end a script element or open a comment in one, as JSON escapes
_ESCAPES = {ord(char): f"\\u{ord(char):04X}" for char in "<>&\u2028\u2029"}


@require_safe
@conditional_page
def index(request: HttpRequest) -> HttpResponse:
    before = request.GET.get("before", "")
    page = published_page(before=int(before) if before.isdecimal() and len(before) < 18 else None)
    context = {
        "items": [_list_item(publication) for publication in page.publications],
        "older_url": f"?before={page.older}" if page.older else "",
        "newer": page.newer,
    }
    return _cached(render(request, "public/index.html", context))


@require_safe
@conditional_page
def claim(request: HttpRequest, slug: str) -> HttpResponse:
    publication, newest = _asked(request, slug)
    snapshot = publication.snapshot
    old = publication.number < newest
    context = {
        "snapshot": snapshot,
        "publication": publication,
        "published_at": parse_datetime(snapshot["published_at"]),
        "newest": newest,
        "is_old": old,
        **version_context(publication, newest),
        "step": _step(snapshot),
        "is_long": len(snapshot["claim"]["text"]) > LONG_CLAIM,
        "shows_quote": is_reworded(snapshot),
        "title": title_of(snapshot),
        "quote": wording.quoted(snapshot["claim"]["quote"]),
        "groups": _evidence_groups(snapshot),
        "appearances": _appearances(snapshot["appearances"]),
        # an outdated rating must not be offered to search engines as ours
        "claim_review": "" if old or publication.is_retraction else json_ld(publication.claim_review),
    }
    return _cached(render(request, "public/claim.html", context))


@require_safe
@conditional_page
def claim_review(request: HttpRequest, slug: str) -> HttpResponse:
    """The ClaimReview object alone, for whoever reads it by machine."""
    publication, _newest = _asked(request, slug)
    if publication.is_retraction:
        return _cached(
            problem(410, "This fact check was retracted, so it describes no finding.", code="retracted")
        )
    response = JsonResponse(
        publication.claim_review,
        content_type="application/ld+json",
        json_dumps_params={"ensure_ascii": False},
    )
    return _cached(response)


@require_safe
@conditional_page
def methodology(request: HttpRequest) -> HttpResponse:
    ratings = default_ratings()
    steps = wording.rating_steps(ratings)
    context = {
        "ratings": [(rating, steps[rating.pk]) for rating in ratings],
        "publisher": settings.PUBLISHER_NAME,
        "extractor": EXTRACTOR_VERSION,
        "corrections_contact": settings.CORRECTIONS_CONTACT,
        "newsroom": newsroom_pages(),
        "take_hours": settings.REVIEW_TAKE_HOURS,
    }
    return _cached(render(request, "public/methodology.html", context))


def newsroom_pages() -> list[tuple[str, str]]:
    """The pages about the newsroom that have an address, with their names."""
    pages = [
        (_("Who owns and funds us"), settings.OWNERSHIP_FUNDING_URL),
        (_("Our ethics policy"), settings.ETHICS_POLICY_URL),
        (_("Who works here"), settings.STAFF_URL),
    ]
    return [(name, address) for name, address in pages if address]


def json_ld(document: dict[str, Any]) -> SafeString:
    """JSON that is safe between script tags: no character of it can end the element."""
    text = json.dumps(document, ensure_ascii=False, indent=1)
    return mark_safe(text.translate(_ESCAPES))  # noqa: S308 - every character that HTML reads here is escaped


def _asked(request: HttpRequest, slug: str) -> tuple[Publication, int]:
    number = request.GET.get("version", "")
    if number and not re.fullmatch("[1-9][0-9]{0,8}", number):
        raise Http404
    found = published_version(slug, int(number) if number else None)
    if found is None:
        raise Http404
    return found


def _cached(response: HttpResponse) -> HttpResponse:
    """Old versions too: what is said above them changes, and a source may have to be withheld at once."""
    patch_cache_control(response, public=True, max_age=FRESH_SECONDS)
    return response


def _step(snapshot: dict[str, Any]) -> int | None:
    rating = snapshot["rating"]
    return wording.rating_step(rating["value"], rating["worst"], rating["best"])


def _list_item(publication: Publication) -> dict[str, Any]:
    snapshot = publication.snapshot
    return {
        "slug": publication.slug,
        "title": title_of(snapshot),
        "claimant": snapshot["claimant"]["name"] if snapshot["claimant"] else "",
        "published_at": parse_datetime(snapshot["published_at"]),
        "version": snapshot["version"],
        "summary": snapshot["summary"],
        "rating": snapshot["rating"]["label"],
        "step": _step(snapshot),
        "is_retracted": publication.is_retraction,
    }


def _evidence_groups(snapshot: dict[str, Any]) -> list[dict[str, Any]]:
    titles = {
        Stance.SUPPORTS: _("Supports the claim"),
        Stance.REFUTES: _("Speaks against it"),
        Stance.CONTEXT: _("Context"),
    }
    groups = []
    for stance, title in titles.items():
        items = [_evidence(item) for item in snapshot["evidence"] if item["stance"] == stance.value]
        if items:
            groups.append({"stance": stance.value, "title": title, "items": items})
    return groups


def _evidence(item: dict[str, Any]) -> dict[str, Any]:
    source = item["source"]
    return {
        **item,
        "link": wording.safe_link(source["url"]),
        "accessed_at": parse_datetime(source["accessed_at"]) if source.get("accessed_at") else None,
    }


def _appearances(places: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One entry for each article, with what it says at each of its places once."""
    articles: dict[tuple[Any, ...], dict[str, Any]] = {}
    for facts in places:
        published = facts.get("published_at")
        article = articles.setdefault(
            tuple(facts.get(name) for name in ("article_title", "url", "site_name", "published_at")),
            {
                **facts,
                "link": wording.safe_link(facts["url"]),
                "published_at": parse_datetime(published) if published else None,
                "quotes": [],
            },
        )
        quote = wording.quoted(facts["quote"])
        if quote not in article["quotes"]:
            article["quotes"].append(quote)
    return list(articles.values())
