"""A refusal that no view turned into a form error becomes a page, or a toast for htmx, with its sentence."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect, reswap, retarget

from claimtracker.kernel.errors import ActionRefused, NotPermitted


class RefusalMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if _is_htmx(request) and response.status_code == 302:
            # the session ran out: without this htmx would put the sign-in page into a corner of this one
            target = response.headers.get("Location", "")
            if urlsplit(target).path == resolve_url(settings.LOGIN_URL):
                return HttpResponseClientRedirect(target)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        status = 409
        if isinstance(exception, DataError) and "NUL" in str(exception):
            words = _(
                "There is a character in the address or in the form that no text can hold. Leave it out."
            )
            exception, status = ActionRefused(words, code="nul"), 400
        if not isinstance(exception, ActionRefused):
            return None
        if _is_htmx(request):
            # 409 for both kinds: the shell swaps it, while a 403 may as well be the CSRF check's page
            toast = render(request, "web/_refusal.html", {"refusal": exception}, status=409)
            return reswap(retarget(toast, "#toasts"), "innerHTML")
        is_forbidden = isinstance(exception, NotPermitted)
        context = {"refusal": exception, "is_forbidden": is_forbidden, "back_url": _came_from(request)}
        return render(request, "refused.html", context, status=403 if is_forbidden else status)


def _is_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def _came_from(request: HttpRequest) -> str:
    """The page of ours that the person came from, if it is another one than this address."""
    referrer = request.headers.get("Referer", "")
    ours = {request.get_host()}
    if not url_has_allowed_host_and_scheme(referrer, allowed_hosts=ours, require_https=request.is_secure()):
        return ""
    parts = urlsplit(referrer)
    # a link to two slashes would lead to another site
    path = "/" + parts.path.lstrip("/\\") + (f"?{parts.query}" if parts.query else "")
    return "" if path == request.get_full_path() else path
