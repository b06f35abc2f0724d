"""Desks watch a claim or stop watching it, and the file of where its family stood."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from claims.actions.watching import end_watch, watch_claim
from claims.models import Claim, ClaimWatch
from claimtracker.accounts.access import roles_by_desk
from claimtracker.accounts.models import Desk
from claimtracker.kernel.spreadsheets import csv_response

from ..selectors.places import Place, places_of
from .access import by_form, person, signed_in
from .workspace import attempt


@signed_in
@require_safe
def as_csv(request: HttpRequest, pk: int) -> HttpResponse:
    claim = get_object_or_404(Claim.objects.visible_to(request.user), pk=pk)
    head = ["day", "outlet", "article", "address", "original", "words", "speaker", "claim", "wording"]
    places = places_of(request.user, claim).rows
    return csv_response(f"claim-{pk}-appearances", head, (_cells(place) for place in places))


def _cells(place: Place) -> list[str]:
    return [
        place.day.isoformat(),
        place.outlet,
        place.title,
        settings.SITE_URL + reverse("web:article_detail", args=[place.article_id]),
        place.url,
        place.quote,
        place.speaker,
        str(place.claim_id),
        place.wording,
    ]


@signed_in
@by_form
def watch(request: HttpRequest, pk: int) -> HttpResponse:
    claim = get_object_or_404(Claim.objects.visible_to(request.user), pk=pk)
    mine = Desk.objects.filter(pk__in=roles_by_desk(request.user))
    desk = get_object_or_404(mine, pk=_number(request, "desk"))
    return attempt(
        request,
        pk,
        lambda: watch_claim(claim, desk=desk, by=person(request)),
        done=_("The %(desk)s desk is told when this is said again.") % {"desk": desk},
        anchor="places",
    )


@signed_in
@by_form
def unwatch(request: HttpRequest, pk: int) -> HttpResponse:
    claim = get_object_or_404(Claim.objects.visible_to(request.user), pk=pk)
    watches = ClaimWatch.objects.on_family_of(claim).select_related("desk")
    running = get_object_or_404(watches, pk=_number(request, "watch"))
    return attempt(
        request,
        pk,
        lambda: end_watch(running, by=person(request)),
        done=_("The %(desk)s desk no longer watches it.") % {"desk": running.desk},
        anchor="places",
    )


def _number(request: HttpRequest, name: str) -> int:
    given = request.POST.get(name, "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 19 else 0
