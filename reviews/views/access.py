"""Who gets past the door of the newsroom's pages."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from claimtracker.accounts.models import User
from claimtracker.kernel.errors import ActionRefused, NotPermitted

View = Callable[..., HttpResponse]


def signed_in(view: View) -> View:
    """Send the anonymous to sign in. A fragment answers 401, so that no sign-in page lands inside a page."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if request.headers.get("HX-Request") == "true":
            return HttpResponse(_("Sign in again to go on."), status=401, content_type="text/plain")
        # a form's address cannot be opened: come back to the page that it stood on
        back = request.get_full_path() if request.method in {"GET", "HEAD"} else "/"
        return redirect_to_login(back)

    return guarded


def by_form(view: View) -> View:
    """POST only. After an error the browser shows a form's address: opened again, it leads to the claim."""
    posted = require_POST(view)

    @wraps(view)
    def guarded(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        if request.method in {"GET", "HEAD"}:
            return redirect("reviews:claim_detail", pk=pk)
        return posted(request, pk=pk, **kwargs)

    return guarded


def person(request: HttpRequest) -> User:
    """The signed-in person of a guarded view."""
    return cast(User, request.user)


def status_of(refusal: ActionRefused) -> int:
    """422 when a field can be mended, 403 for what a role may not do, 409 when somebody was first."""
    if refusal.field:
        return 422
    if isinstance(refusal, NotPermitted) and refusal.code == "not_permitted":
        return 403
    return 409
