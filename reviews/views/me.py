"""What everybody says of themselves: leave, languages, conflicts of interest."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from claims.extraction.languages import readers
from claims.models import Claim
from claimtracker.accounts.models import Leave, Membership
from claimtracker.kernel.errors import ActionRefused

from ..actions.conflicts import declare_conflict, end_conflict
from ..actions.people import choose_languages, record_leave, remove_leave
from ..forms import RefusableForm
from ..forms.people import ClaimConflictForm, ConflictForm, LanguagesForm, LeaveForm
from ..models import ConflictOfInterest, ReviewTask
from ..policies.availability import availabilities, language_name
from .access import person, signed_in

PAGE_SIZE = 50


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def availability(request: HttpRequest) -> HttpResponse:
    """Leave and languages; a POST with ``first_day`` records leave, any other one the languages."""
    if request.method != "POST":
        return _availability(request)
    by = person(request)
    if "first_day" in request.POST:
        leave = LeaveForm(request.POST)
        if _done(leave, lambda: record_leave(by=by, **leave.cleaned_data)):
            messages.success(request, _("Your leave is noted. Hand over what you have in hand."))
            return redirect("reviews:my_availability")
        return _availability(request, leave=leave, status=422)
    languages = LanguagesForm(request.POST, offered=_offered(by))
    if _done(languages, lambda: choose_languages(by=by, **languages.cleaned_data)):
        messages.success(request, _("Your languages are saved."))
        return redirect("reviews:my_availability")
    return _availability(request, languages=languages, status=422)


@signed_in
@require_POST
def leave_remove(request: HttpRequest, pk: int) -> HttpResponse:
    by = person(request)
    leave = get_object_or_404(Leave.objects.of(by), pk=pk)
    remove_leave(leave, by=by)
    messages.success(request, _("The leave is removed."))
    return redirect("reviews:my_availability")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def conflicts(request: HttpRequest) -> HttpResponse:
    """One's own declarations, newest first; a POST adds one."""
    if request.method != "POST":
        return _conflicts(request, ConflictForm())
    form, by = ConflictForm(request.POST), person(request)
    if not _done(form, lambda: declare_conflict(by=by, **form.cleaned_data)):
        return _conflicts(request, form, status=422)
    messages.success(request, _("Declared. What it touches is kept from you from now on."))
    return redirect("reviews:my_conflicts")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def claim_conflict(request: HttpRequest, pk: int) -> HttpResponse:
    """Declare a stake in one claim, from its page."""
    claim, by = get_object_or_404(Claim.objects.visible_to(request.user), pk=pk), person(request)
    form = ClaimConflictForm(request.POST or None)
    if request.method == "POST" and _done(
        form, lambda: declare_conflict(by=by, kind="claim", claim=claim, **form.cleaned_data)
    ):
        messages.success(request, _("Declared. You no longer decide anything about this claim."))
        return redirect("reviews:claim_detail", pk=claim.pk)
    context = {
        "claim": claim,
        "form": form,
        "has_task": ReviewTask.objects.taken_by(by).filter(claim=claim).exists(),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "reviews/assignment/claim_conflict.html", context, status=status)


@signed_in
@require_POST
def conflict_end(request: HttpRequest, pk: int) -> HttpResponse:
    by = person(request)
    conflict = get_object_or_404(ConflictOfInterest.objects.of(by), pk=pk)
    try:
        end_conflict(conflict, by=by)
    except ActionRefused as refusal:
        messages.error(request, refusal.reason)
    else:
        messages.success(request, _("Ended. It no longer keeps anything from you."))
    return redirect("reviews:my_conflicts")


def _done(form: RefusableForm, act: Any) -> bool:
    """Whether the form was valid and the action did not refuse; else the form shows why."""
    if not form.is_valid():
        form.mark_invalid()
        return False
    try:
        act()
    except ActionRefused as refusal:
        form.refuse(refusal)
        return False
    return True


def _availability(
    request: HttpRequest,
    *,
    leave: LeaveForm | None = None,
    languages: LanguagesForm | None = None,
    status: int = 200,
) -> HttpResponse:
    user, today = person(request), timezone.localdate()
    room = availabilities([user])[user.pk]
    desks = Membership.objects.filter(user=user).select_related("desk").order_by("desk__name")
    offered = _offered(user)
    context = {
        "leaves": list(Leave.objects.of(user).not_over(today)[:PAGE_SIZE]),
        "today": today,
        "leave_form": leave or LeaveForm(),
        "languages_form": languages or LanguagesForm(initial={"languages": user.languages}, offered=offered),
        "offers_languages": len(offered) > 1,
        "loads": [(row, room[row.desk_id].in_hand) for row in desks],
    }
    return render(request, "reviews/assignment/availability.html", context, status=status)


def _offered(user: Any) -> list[tuple[str, str]]:
    """The languages in which claims are found, and what the person chose before."""
    codes = {reader.code for reader in readers()} | set(user.languages)
    return sorted(((code, language_name(code)) for code in codes), key=lambda pair: pair[1])


def _conflicts(request: HttpRequest, form: ConflictForm, *, status: int = 200) -> HttpResponse:
    mine = ConflictOfInterest.objects.of(request.user).select_related("claim").order_by("-pk")
    before = request.GET.get("before", "")
    if before:
        if not (before.isascii() and before.isdigit() and len(before) < 18):
            raise Http404
        mine = mine.filter(pk__lt=int(before))
    rows = list(mine[: PAGE_SIZE + 1])
    context = {
        "rows": rows[:PAGE_SIZE],
        "next_url": f"?before={rows[PAGE_SIZE - 1].pk}" if len(rows) > PAGE_SIZE else "",
        "first_url": "?" if before else "",
        "form": form,
    }
    return render(request, "reviews/assignment/conflicts.html", context, status=status)
