"""Pages about the newsroom itself: how it checks, how it corrects, and who it is."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_safe

from claims.extraction import EXTRACTOR_VERSION

from ..models import Change
from ..selectors.workspace import default_ratings
from . import wording
from .public_words import cached


@require_safe
@conditional_page
def methodology(request: HttpRequest) -> HttpResponse:
    ratings = default_ratings()
    steps = wording.rating_steps(ratings)
    context = {
        "ratings": [(rating, steps[rating.pk]) for rating in ratings],
        "extractor": EXTRACTOR_VERSION,
        **newsroom_context(),
    }
    return cached(render(request, "public/methodology.html", context))


@require_safe
@conditional_page
def corrections_policy(request: HttpRequest) -> HttpResponse:
    return cached(render(request, "public/corrections_policy.html", newsroom_context()))


@require_safe
@conditional_page
def about(request: HttpRequest) -> HttpResponse:
    return cached(render(request, "public/about.html", newsroom_context()))


def newsroom_context() -> dict[str, Any]:
    """What readers are owed about a newsroom, as far as its settings say it (IFCN 1, 2, 4, 6)."""
    return {
        "publisher": settings.PUBLISHER_NAME,
        "statement": settings.PUBLISHER_STATEMENT,
        "corrections_contact": settings.CORRECTIONS_CONTACT,
        "contact": settings.PUBLISHER_CONTACT,
        "suggest": where_to_suggest(),
        "newsroom": newsroom_pages(),
        "days": settings.COMPLAINT_WORKING_DAYS,
        "body_name": settings.STANDARDS_BODY_NAME,
        "body_url": settings.STANDARDS_BODY_URL,
        "changes": [Change.CLARIFICATION, Change.CORRECTION, Change.VERDICT_CHANGE, Change.UPDATE],
    }


def where_to_suggest() -> str:
    """Where readers suggest a claim: the address in the settings, else our own page; "" where neither is."""
    if settings.CLAIM_SUGGESTIONS:
        return str(settings.CLAIM_SUGGESTIONS)
    return reverse("reviews:public_suggest") if settings.SUGGESTIONS_OPEN else ""


def newsroom_pages() -> list[tuple[str, str]]:
    """The pages about the newsroom that have an address, with their names."""
    pages = [
        (_("Who owns and funds us"), settings.OWNERSHIP_FUNDING_URL),
        (_("Who works here"), settings.STAFF_URL),
        (_("Our ethics policy"), settings.ETHICS_POLICY_URL),
        (_("How we stay impartial"), settings.IMPARTIALITY_URL),
    ]
    return [(name, address) for name, address in pages if address]
