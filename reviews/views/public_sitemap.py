"""What search engines ask first: robots.txt and the sitemaps."""

from __future__ import annotations

import re
from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import conditional_page, require_safe

from .. import sitemaps
from ..selectors.public_lists import (
    checks_of_month,
    checks_since,
    claimant_addresses,
    months_of_checks,
    topic_addresses,
)
from .public_words import cached, full_address, title_of

# what has no reader: the newsroom's own pages ask who is there anyhow
CLOSED = ("/account/", "/admin/", "/api/", "/factcheck/", "/reply/", "/complaints/", "/unsubscribe/")
FIXED = ("public_index", "corrections", "methodology", "corrections_policy", "about")
NEWS_DAYS = 2  # what a news sitemap may hold


@require_safe
@conditional_page
def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED), ""]
    lines += [f"Sitemap: {full_address('sitemap')}", f"Sitemap: {full_address('sitemap_news')}", ""]
    return cached(HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8"))


@require_safe
@conditional_page
def index(request: HttpRequest) -> HttpResponse:
    months = [(full_address("sitemap_month", each.month), each.changed_at) for each in months_of_checks()]
    return _answer(sitemaps.index([(full_address("sitemap_pages"), None), *months]))


@require_safe
@conditional_page
def month(request: HttpRequest, month: str) -> HttpResponse:
    checks = checks_of_month(month) if re.fullmatch(r"\d{4}-\d{2}", month) else []
    if not checks:
        raise Http404
    return _answer(sitemaps.urls((full_address("public_claim", slug), changed) for slug, changed in checks))


@require_safe
@conditional_page
def pages(request: HttpRequest) -> HttpResponse:
    """The pages that are no fact checks."""
    fixed = [(full_address(name), None) for name in FIXED]
    claimants = [(full_address("public_claimant", slug), changed) for slug, changed in claimant_addresses()]
    topics = [(full_address("public_topic", slug), changed) for slug, changed in topic_addresses()]
    return _answer(sitemaps.urls([*fixed, *topics, *claimants]))


@require_safe
@conditional_page
def news(request: HttpRequest) -> HttpResponse:
    """The last two days, for news search: nothing that was taken back, and each by its first day."""
    items = [
        sitemaps.NewsItem(
            url=full_address("public_claim", line.slug),
            title=f"{line.rating_label}: {title_of(line.publication.snapshot)}",
            language=line.language or settings.LANGUAGE_CODE.partition("-")[0],
            published=line.first_published_at,
        )
        for line in checks_since(timezone.now() - timedelta(days=NEWS_DAYS))
    ]
    return _answer(sitemaps.news(items, publisher=settings.PUBLISHER_NAME))


def _answer(content: bytes) -> HttpResponse:
    return cached(HttpResponse(content, content_type=sitemaps.CONTENT_TYPE))
