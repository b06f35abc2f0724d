"""The insight pages: each a plot, a table below it, and the table as a file."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from claims import policies
from claims.actions.claimants import group_claimant
from claims.models import Claim, Claimant, ClaimantGroup
from claimtracker.accounts.models import User
from claimtracker.kernel.errors import ActionRefused
from claimtracker.kernel.spreadsheets import csv_response
from reviews.policies.ratings import can_see_insight

from ..acceptance import RANGES
from ..insight import agreement, backlog, balance, extraction, overview, throughput, times
from ..insight.asked import Asked
from ..insight.claimants import claimants_by_checks, in_order
from ..insight.kept import Kept, kept
from ..insight.reports import Report

REPORTS: dict[str, Callable[[Asked], Report]] = {
    "throughput": throughput.report,
    "times": times.report,
    "backlog": backlog.report,
    "agreement": agreement.report,
    "extraction": extraction.report,
    "balance": balance.report,
}
RANGES_OF = {"backlog": (), "agreement": agreement.RANGES}  # the backlog is about now


@login_required
@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    can_see_insight(request.user).enforce()
    asked = Asked.of(request.user, request.GET)
    cards, at = kept("overview", asked, overview.cards)
    context = {"asked": asked, "tab": "overview", "cards": cards, "counted_at": at, "ranges": ()}
    return render(request, "web/insight.html", context)


@login_required
@require_safe
def page(request: HttpRequest, report: str) -> HttpResponse:
    can_see_insight(request.user).enforce()
    asked = _asked(request, report)
    found, at = _report(asked, report)
    context = {
        "asked": asked,
        "report": found,
        "counted_at": at,
        "tab": "suggestions" if report == "extraction" else report,
        "ranges": RANGES_OF.get(report, RANGES),
    }
    return render(request, "web/insight_page.html", context)


@login_required
@require_safe
def as_csv(request: HttpRequest, report: str, table: str) -> HttpResponse:
    """The rows of one of the page's tables, for the same weeks and desk."""
    can_see_insight(request.user).enforce()
    found = _report(_asked(request, report), report).figures.table(table)
    if found is None:
        raise Http404
    return csv_response(table, found.head, found.values)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def claimants(request: HttpRequest) -> HttpResponse:
    """To which group each claimant belongs; a POST puts one into one."""
    can_see_insight(request.user).enforce()
    if request.method != "POST":
        return _claimants(request)
    asked = Asked.of(request.user, request.POST)
    given = request.POST.get("claimant", "")
    pk = int(given) if given.isascii() and given.isdecimal() and len(given) < 19 else 0
    claimant = get_object_or_404(_seen(request), pk=pk)
    try:
        row = group_claimant(claimant, by=cast(User, request.user), group=request.POST.get("group", ""))
    except ActionRefused as refusal:
        return _claimants(request, refused=(pk, str(refusal)), status=422)
    if row.group:
        messages.success(request, _("%(name)s counts as %(group)s.") % {"name": row, "group": row.group})
    else:
        messages.success(request, _("%(name)s is in no group.") % {"name": row})
    response = redirect("web:insight_claimants")
    response["Location"] += f"?{asked.query}"
    return response


def _asked(request: HttpRequest, report: str) -> Asked:
    return Asked.of(request.user, request.GET, ranges=RANGES_OF.get(report) or RANGES)


def _report(asked: Asked, report: str) -> Kept:
    return kept(report, asked, REPORTS[report])


def _claimants(
    request: HttpRequest, *, refused: tuple[int, str] | None = None, status: int = 200
) -> HttpResponse:
    asked = Asked.of(request.user, request.GET or request.POST)
    counted, at = kept("claimants", asked, in_order)
    context = {
        "asked": asked,
        "tab": "balance",
        "ranges": RANGES,
        "lines": claimants_by_checks(counted),
        "counted_at": at,
        "groups": list(ClaimantGroup.objects.filter(claimants__isnull=False).distinct()),
        "may_group": policies.can_group_claimants(request.user),
        "refused_pk": refused[0] if refused else 0,
        "refusal": refused[1] if refused else "",
        "given": request.POST.get("group", ""),
    }
    return render(request, "web/insight_claimants.html", context, status=status)


def _seen(request: HttpRequest) -> QuerySet[Claimant]:
    theirs = Claim.objects.visible_to(request.user).filter(claimant=OuterRef("pk"))
    return Claimant.objects.filter(Exists(theirs))
