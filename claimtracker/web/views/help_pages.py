"""Help: what one does here, on short pages."""

from __future__ import annotations

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from claimtracker.accounts.first_steps import note_look_of
from claimtracker.accounts.models import FirstSteps, Look, User

from .. import help as pages


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    words = request.GET.get("q", "").replace("\x00", " ").strip()[:200]
    away = FirstSteps.objects.filter(user=cast(User, request.user), put_away_at__isnull=False)
    context = {"topics": pages.matching(words), "words": words, "put_away": away.exists()}
    return render(request, "help/index.html", context)


@login_required
@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    topic = pages.BY_SLUG.get(slug)
    if topic is None:
        raise Http404
    if slug == "keys":  # what the sheet shows, and more
        note_look_of(request, Look.KEYS)
    context = {"topic": topic, "topics": pages.TOPICS, **pages.shown()}
    return render(request, "help/page.html", context)
