"""What readers get in place of a check that is hidden or taken down: that it is so, since when, why, and whom
they may ask. Not a word of the check."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from claims.models import RestrictedClaim
from claimtracker.kernel.problems import problem

from ..selectors.published import Withheld
from ..selectors.withheld import sentence_of, status_of
from .public_words import full_address

View = Callable[..., HttpResponse]


def page_if_withheld(view: View) -> View:
    """For pages that people read."""
    return _answering(view, lambda request, restricted: _page(request, restricted, "public/withheld.html"))


def frame_if_withheld(view: View) -> View:
    """For the frame on pages of others."""
    return _answering(
        view, lambda request, restricted: _page(request, restricted, "public/withheld_embed.html")
    )


def problem_if_withheld(view: View) -> View:
    """For what programs read."""
    return _answering(view, lambda _request, restricted: _problem(restricted))


def _answering(view: View, answer: Callable[[HttpRequest, RestrictedClaim], HttpResponse]) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Withheld as withheld:
            return _unkept(answer(request, withheld.restricted), withheld.restricted)

    return guarded


def _page(request: HttpRequest, restricted: RestrictedClaim, template: str) -> HttpResponse:
    context = {
        "restricted": restricted,
        "contact": settings.CORRECTIONS_CONTACT or settings.PUBLISHER_CONTACT,
    }
    return render(request, template, context, status=status_of(restricted))


def _problem(restricted: RestrictedClaim) -> HttpResponse:
    return problem(status_of(restricted), sentence_of(restricted), code=restricted.kind)


def _unkept(response: HttpResponse, restricted: RestrictedClaim) -> HttpResponse:
    """In no cache, so that what is shown again is seen at once; RFC 7725 has 451 say who blocks."""
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Access-Control-Allow-Origin"] = "*"
    if restricted.is_taken_down:
        response["Link"] = f'<{full_address("about")}>; rel="blocked-by"'
    return response
