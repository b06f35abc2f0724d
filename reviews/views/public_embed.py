"""A fact check inside somebody else's page: a small page of its own, and the code for it (oEmbed 1.0)."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlsplit

from csp.decorators import csp_replace
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import conditional_page, require_safe

from claimtracker.kernel.problems import problem

from ..models import Change, Publication
from ..reader_facts import rating_step
from ..selectors.published import published_version
from .public_withheld import frame_if_withheld, problem_if_withheld
from .public_words import FRESH_SECONDS, cached, full_address, title_of

WIDTH, HEIGHT = 600, 300

# the one page that others may frame: it runs nothing, sends nothing and knows nobody
EMBED_POLICY = {
    "default-src": ["'none'"],
    "style-src": ["'self'"],
    "base-uri": ["'none'"],
    "form-action": ["'none'"],
    "frame-ancestors": ["*"],
}


@require_safe
@xframe_options_exempt
@csp_replace(EMBED_POLICY)
@conditional_page
@frame_if_withheld
def embed(request: HttpRequest, slug: str) -> HttpResponse:
    """The newest version, always: a page that was written before a correction shows the correction."""
    publication = _newest(slug)
    snapshot = publication.snapshot
    rating = snapshot["rating"]
    corrections = snapshot.get("corrections") or []
    context = {
        "snapshot": snapshot,
        "title": title_of(snapshot),
        "step": rating_step(rating["value"], rating["worst"], rating["best"]),
        "is_retraction": publication.is_retraction,
        "published_at": parse_datetime(snapshot.get("first_published_at") or snapshot["published_at"]),
        "corrected_at": parse_datetime(corrections[-1]["at"]) if corrections else None,
        "correction": Change(corrections[-1]["kind"]).label if corrections else "",
        "address": full_address("public_claim", slug),
    }
    return cached(render(request, "public/embed.html", context))


@require_safe
@conditional_page
@problem_if_withheld
def oembed(request: HttpRequest) -> HttpResponse:
    if request.GET.get("format", "json") != "json":
        return _open(problem(501, _("Only the format json is served."), code="format"))
    slug = _slug_in(request.GET.get("url", ""))
    if not slug:
        detail = _("Give the address of a fact check on this site as url.")
        return _open(problem(404, detail, code="url"))
    try:
        publication = _newest(slug)
    except Http404:
        return _open(problem(404, _("There is no fact check at this address."), code="url"))
    width = _within(request.GET.get("maxwidth", ""), WIDTH)
    height = _within(request.GET.get("maxheight", ""), HEIGHT)
    facts: dict[str, Any] = {
        "version": "1.0",
        "type": "rich",
        "title": frame_title(publication),
        "provider_name": settings.PUBLISHER_NAME,
        "provider_url": settings.SITE_URL + "/",
        "cache_age": FRESH_SECONDS,
        "html": frame_code(publication, width=str(width), height=height),
        "width": width,
        "height": height,
    }
    return _open(cached(JsonResponse(facts, json_dumps_params={"ensure_ascii": False})))


def frame_code(publication: Publication, *, width: str = "100%", height: int = HEIGHT) -> str:
    """What others paste. No script in it, none behind it."""
    return format_html(
        '<iframe src="{}" title="{}" width="{}" height="{}" loading="lazy" style="border: 0" '
        'sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>',
        full_address("public_embed", publication.slug),
        frame_title(publication),
        width,
        height,
    )


def frame_title(publication: Publication) -> str:
    words = _("Retracted fact check: %(claim)s") if publication.is_retraction else _("Fact check: %(claim)s")
    return words % {"claim": publication.snapshot["claim"]["text"]}


def oembed_address(slug: str) -> str:
    return f"{full_address('oembed')}?url={quote(full_address('public_claim', slug), safe='')}&format=json"


def _newest(slug: str) -> Publication:
    found = published_version(slug)
    if found is None:
        raise Http404
    return found[0]


def _slug_in(address: str) -> str:
    """The fact check that an address of ours is about, also with a version or a place on the page."""
    try:
        parts, ours = urlsplit(address), urlsplit(settings.SITE_URL)
        if parts.scheme not in {"http", "https"} or parts.netloc.lower() != ours.netloc.lower():
            return ""
        match = resolve(parts.path)
    except (ValueError, Resolver404):
        return ""
    return match.kwargs.get("slug", "") if match.view_name == "reviews:public_claim" else ""


def _within(asked: str, usual: int) -> int:
    is_number = asked.isascii() and asked.isdecimal() and len(asked) < 6
    return min(int(asked) or usual, usual) if is_number else usual


def _open(response: HttpResponse) -> HttpResponse:
    """Whoever reads it from a page of theirs may: it says what everybody may know."""
    response["Access-Control-Allow-Origin"] = "*"
    return response
