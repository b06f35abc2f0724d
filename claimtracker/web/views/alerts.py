"""People say that they have seen their desk's alerts."""

from __future__ import annotations

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from claims.actions.watching import see_alert
from claims.models import ClaimAlert
from claimtracker.accounts.models import User

from ..alerts import see_all_of_mine


@login_required
@require_POST
def seen(request: HttpRequest) -> HttpResponse:
    """Mark one alert (``alert``) of a desk of mine as seen, or all up to ``up_to``."""
    user = cast(User, request.user)
    if alert_id := _number(request, "alert"):
        see_alert(get_object_or_404(ClaimAlert.objects.for_desks_of(user), pk=alert_id), by=user)
    else:
        see_all_of_mine(user, up_to=_number(request, "up_to"))
    return redirect("web:home")


def _number(request: HttpRequest, name: str) -> int | None:
    given = request.POST.get(name, "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 19 else None
