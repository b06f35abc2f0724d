"""A refusal that no view turned into a form error becomes a page with its sentence."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from claimtracker.kernel.errors import ActionRefused, NotPermitted


class RefusalMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, ActionRefused):
            return None
        status = 403 if isinstance(exception, NotPermitted) else 409
        return render(request, "refused.html", {"refusal": exception}, status=status)
