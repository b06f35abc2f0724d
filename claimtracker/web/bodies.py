"""Bodies that no page takes are refused before anybody reads them."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from .pages_only import API

# the largest file, 5 MB, with a whole form around it
MOST_BYTES = 8_000_000


class BoundedBodies:
    """Before the check of a form's token: that reads the whole form, files too, whoever sent it. The API has
    limits of its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        declared = request.META.get("CONTENT_LENGTH") or "0"
        is_small = declared.isascii() and declared.isdecimal() and int(declared[:20]) <= MOST_BYTES
        if is_small or request.path_info.startswith(API):
            return self.get_response(request)
        response = render(request, "400.html", status=413)
        response.headers["Connection"] = "close"
        return response
