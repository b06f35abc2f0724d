"""Google's addresses, answered by us."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

import structlog
from django.core.signals import got_request_exception
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from ..v1.receipts import note_read
from . import callers, questions
from .errors import SearchError, answer
from .finding import described, find

log = structlog.get_logger(__name__)

FRESH_SECONDS = 60
Answer = Callable[[HttpRequest], HttpResponse]


def in_googles_words(view: Answer) -> Answer:
    """Whatever is wrong becomes an error that Google's clients read. Any page may ask from a browser."""

    @csrf_exempt
    @wraps(view)
    def wrapped(request: HttpRequest) -> HttpResponse:
        try:
            response = view(request)
        except SearchError as error:
            response = answer(error)
        except Exception as error:
            log.error("search failed", path=request.path, exc_info=error)
            got_request_exception.send(sender=wrapped, request=request)
            response = answer(SearchError(500, "INTERNAL", "Something went wrong on our side."))
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = "Retry-After"
        return response

    return wrapped


@in_googles_words
def search(request: HttpRequest) -> HttpResponse:
    """``claims:search``: checks that stand, with the rating in our own words."""
    _only_get(request)
    caller = callers.admit(request)
    question, place = questions.read(request.GET)
    page = find(question, place)
    content: dict[str, object] = {}
    if page.lines:
        content["claims"] = [described(line) for line in page.lines]
    if page.next is not None:
        content["nextPageToken"] = questions.token_for(question, page.next)
    response = JsonResponse(
        content,
        json_dumps_params={
            "ensure_ascii": False,
            "indent": 2 if questions.is_pretty(request.GET) else None,
        },
    )
    if caller.partner:
        note_read(caller.partner, [line.publication for line in page.lines])
    fresh = "private, no-cache" if caller.partner else f"public, max-age={FRESH_SECONDS}"
    response["Cache-Control"] = fresh
    for name, value in caller.limits.items():
        response[name] = value
    response["Vary"] = "Authorization, X-Goog-Api-Key"
    return response


@in_googles_words
def image_search(request: HttpRequest) -> HttpResponse:
    """``claims:imageSearch``: we keep no pictures to compare with, and say so."""
    _only_get(request)
    callers.admit(request)
    raise SearchError(
        501, "UNIMPLEMENTED", "Searching by an image is not offered here. Use claims:search with words."
    )


@in_googles_words
def unknown(request: HttpRequest) -> HttpResponse:
    raise SearchError(
        404, "NOT_FOUND", "There is no such method. Offered is GET /factcheck/v1alpha1/claims:search."
    )


def _only_get(request: HttpRequest) -> None:
    if request.method not in ("GET", "HEAD"):
        raise SearchError(
            405,
            "UNIMPLEMENTED",
            f"{request.method} is not possible here. Use GET.",
            headers={"Allow": "GET, HEAD"},
        )
