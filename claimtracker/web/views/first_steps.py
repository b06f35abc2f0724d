"""The list of first steps is put away and brought back; the sheet of keys says that it was opened."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from claimtracker.accounts import first_steps
from claimtracker.accounts.models import Look, User

from ..first_steps import progress_of


@login_required
@require_POST
def put(request: HttpRequest) -> HttpResponse:
    """Put the list ``away``, or show it again."""
    user = cast(User, request.user)
    if request.POST.get("away"):
        first_steps.put_away(user)
        messages.success(request, _("Put away. “Help” in your menu brings it back."))
    else:
        first_steps.bring_back(user)
        if not progress_of(user).is_shown:
            messages.info(request, _("All of your first steps are done."))
    return redirect("web:home")


@login_required
@require_POST
def keys_seen(request: HttpRequest) -> HttpResponse:
    first_steps.note_look(cast(User, request.user), Look.KEYS)
    return HttpResponse(status=204)
