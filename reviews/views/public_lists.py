"""Readers' lists: the front page, and what was checked of one claimant or on one topic."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import conditional_page, require_safe

from ..models import PublicCheck, PublicTopic
from ..selectors.public_lists import (
    Balance,
    CheckPage,
    Wish,
    balance_of,
    check_page,
    claimant_of,
    public_languages,
    public_topics,
)
from ..selectors.workspace import default_ratings
from .public_words import before_of, cached, full_address, language_name, list_item

BAR_WIDTH = 1000  # of the drawing's own units
ENOUGH_FOR_SHARES = 10  # of fewer checks a percentage says more than there is


@require_safe
@conditional_page
def index(request: HttpRequest) -> HttpResponse:
    asked = {name: _word(request.GET.get(name, "")) for name in ("rating", "topic", "language")}
    wish = Wish(**asked)
    context = {
        **_list(check_page(wish, before=before_of(request)), asked),
        "wish": wish,
        "ratings": [(rating.slug, rating.label) for rating in default_ratings()],
        "topics": public_topics(),
        "languages": [(code, language_name(code)) for code in public_languages()],
    }
    return cached(render(request, "public/index.html", context))


@require_safe
@conditional_page
def claimant(request: HttpRequest, slug: str) -> HttpResponse:
    name = claimant_of(slug)
    if name is None:
        raise Http404
    context = {
        **_list(check_page(Wish(claimant=slug), before=before_of(request)), {}),
        **_balance(balance_of(PublicCheck.objects.by(slug))),
        "name": name,
        "slug": slug,
        "address": full_address("public_claimant", slug),
    }
    return cached(render(request, "public/claimant.html", context))


@require_safe
@conditional_page
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(PublicTopic.objects.shown(), slug=slug)
    context = {
        **_list(check_page(Wish(topic=slug), before=before_of(request)), {}),
        **_balance(balance_of(PublicCheck.objects.filter(topics=found))),
        "name": found.name,
        "slug": slug,
        "address": full_address("public_topic", slug),
    }
    return cached(render(request, "public/topic.html", context))


def _word(asked: str) -> str:
    """What may name a rating, a topic or a language; anything else names none, and is not nothing."""
    asked = asked.strip()
    return asked if not asked or re.fullmatch("[A-Za-z0-9_-]{1,60}", asked) else "-"


def _list(page: CheckPage, asked: dict[str, str]) -> dict[str, Any]:
    chosen = {name: value for name, value in asked.items() if value}
    return {
        "items": [list_item(line) for line in page.lines],
        "older_url": "?" + urlencode({**chosen, "before": page.older}) if page.older else "",
        "newer": page.newer,
        "newest_url": "?" + urlencode(chosen) if chosen else "?",
    }


def _balance(balance: Balance) -> dict[str, Any]:
    """The bar in its own units, laid out so that its parts have no gap and fill it."""
    parts, passed = [], 0
    total = balance.total
    for row in balance.rows:
        start = round(BAR_WIDTH * passed / total)
        passed += row.count
        parts.append(
            {
                "row": row,
                "x": start,
                "width": round(BAR_WIDTH * passed / total) - start,
                "share": round(100 * row.count / total) if total >= ENOUGH_FOR_SHARES else None,
            }
        )
    return {
        "balance": balance,
        "parts": parts,
        "bar_width": BAR_WIDTH,
        "shows_shares": total >= ENOUGH_FOR_SHARES,
    }
