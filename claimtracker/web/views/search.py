"""Searching: the page, and what the palette shows while somebody types."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from claims import states
from claims.selectors import desks_for

from ..help import matching
from ..search import Asked, names_of_kinds, quickly, search

SINCE = (
    ("day", _("Since yesterday")),
    ("week", _("In the last week")),
    ("month", _("In the last month")),
    ("year", _("In the last year")),
)


@login_required
@require_safe
@never_cache
def search_page(request: HttpRequest) -> HttpResponse:
    asked = Asked.of(request.GET)
    groups = search(request.user, asked, request.GET) if asked.words else []
    context = {
        "asked": asked,
        "groups": groups,
        "found": any(group.hits for group in groups),
        "kinds": names_of_kinds(),
        "desks": list(desks_for(request.user)),
        "sinces": SINCE,
        "states": states.CLAIM.states,
        "is_narrowed": bool(asked.desk or asked.since or asked.state or asked.kind),
    }
    return render(request, "web/search.html", context)


@login_required
@require_safe
@never_cache
def palette(request: HttpRequest) -> HttpResponse:
    words = request.GET.get("q", "").replace("\x00", " ").strip()
    found = quickly(request.user, words)
    context = {"found": found, "topics": matching(words, most=3) if words else [], "words": words}
    return render(request, "web/_palette_hits.html", context)
