"""What an open page says every 20 s, and hears: who else has this claim open."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache

from claims.models import Claim

from ..actions.presence import say_here
from ..selectors.workspace import board_mark
from .access import by_form, person, signed_in


@signed_in
@by_form
@never_cache
def here(request: HttpRequest, pk: int) -> HttpResponse:
    claim = get_object_or_404(Claim.objects.visible_to(request.user), pk=pk)
    others = say_here(claim, by=person(request), is_writing=request.POST.get("writing") == "yes")
    seen = request.POST.get("board", "")
    context = {"claim": claim, "others": others, "board_changed": bool(seen) and seen != board_mark(claim)}
    return render(request, "reviews/_here.html", context)
