"""A desk's people and hours, for its leads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claimtracker.accounts.access import roles_by_desk, sees_everything
from claimtracker.accounts.models import DayOff, Desk, Leave, Membership, Role
from claimtracker.kernel.errors import ActionRefused, NotPermitted

from .. import states
from ..actions.people import add_day_off, remove_day_off, set_capacity, set_working_hours
from ..forms.people import CapacityForm, DayOffForm, HoursForm
from ..models import ConflictOfInterest, ReviewTask
from ..policies.availability import availabilities, language_name
from ..policies.people import can_keep_desk, can_see_people
from .access import person, signed_in, status_of

PAGE_SIZE = 50
DAYS_OFF = 100  # shown of the coming ones


@dataclass(frozen=True, slots=True)
class Line:
    membership: Membership
    held: int
    late: int
    leave: Leave | None
    languages: str
    conflicts: list[ConflictOfInterest]
    form: CapacityForm


@signed_in
@require_safe
def desks(request: HttpRequest) -> HttpResponse:
    """The desks that the person leads; moderators see all."""
    rows = _led(person(request)).order_by("name", "pk")
    after = request.GET.get("after", "")
    if after:
        last = get_object_or_404(rows, pk=_number(after))
        rows = rows.filter(name__gte=last.name).exclude(name=last.name, pk__lte=last.pk)
    page = list(rows[: PAGE_SIZE + 1])
    shown = page[:PAGE_SIZE]
    taken = ReviewTask.objects.filter(state=states.TAKEN, desk__in=shown).order_by()
    in_hand = dict(taken.values("desk").annotate(n=Count("pk")).values_list("desk", "n"))
    context = {
        "desks": [(desk, in_hand.get(desk.pk, 0)) for desk in shown],
        "next_url": f"?after={shown[-1].pk}" if len(page) > PAGE_SIZE else "",
        "first_url": "?" if after else "",
    }
    return render(request, "reviews/assignment/desks.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest, slug: str) -> HttpResponse:
    """Who is here, with load, leave and declared conflicts; a POST sets one person's capacity."""
    desk = _desk(request, slug)
    if request.method != "POST":
        return _people(request, desk)
    member = get_object_or_404(
        Membership.objects.filter(desk=desk), pk=_number(request.POST.get("membership", ""))
    )
    form = CapacityForm(request.POST, auto_id=f"id_%s_{member.pk}")
    if not form.is_valid():
        return _people(request, desk, sent=(member.pk, form), status=422)
    try:
        set_capacity(member, by=person(request), capacity=form.cleaned_data["capacity"])
    except ActionRefused as refusal:
        form.refuse(refusal)
        return _people(request, desk, sent=(member.pk, form), status=status_of(refusal))
    messages.success(request, _("Saved for %(name)s.") % {"name": member.user})
    return redirect("reviews:desk_people", slug=desk.slug)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def hours(request: HttpRequest, slug: str) -> HttpResponse:
    """Time zone, week and days off; a POST saves the first two."""
    desk = _desk(request, slug)
    if request.method != "POST":
        return _hours(request, desk)
    form = HoursForm(request.POST)
    if not form.is_valid():
        form.mark_invalid()
        return _hours(request, desk, hours=form, status=422)
    try:
        set_working_hours(
            desk,
            by=person(request),
            time_zone=form.cleaned_data["time_zone"],
            week=form.cleaned_data["week"],
        )
    except ActionRefused as refusal:
        form.refuse(refusal)
        return _hours(request, desk, hours=form, status=status_of(refusal))
    messages.success(request, _("Saved. New deadlines count these hours; those that are set stay."))
    return redirect("reviews:desk_hours", slug=desk.slug)


@signed_in
@require_POST
def day_off_add(request: HttpRequest, slug: str) -> HttpResponse:
    desk, form = _desk(request, slug), DayOffForm(request.POST)
    if not form.is_valid():
        form.mark_invalid()
        return _hours(request, desk, day_off=form, status=422)
    try:
        add_day_off(desk, by=person(request), **form.cleaned_data)
    except ActionRefused as refusal:
        form.refuse(refusal)
        return _hours(request, desk, day_off=form, status=status_of(refusal))
    messages.success(request, _("The day is off."))
    return redirect("reviews:desk_hours", slug=desk.slug)


@signed_in
@require_POST
def day_off_remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    desk = _desk(request, slug)
    row = get_object_or_404(DayOff.objects.filter(desk=desk).select_related("desk"), pk=pk)
    try:
        remove_day_off(row, by=person(request))
    except NotPermitted as refusal:
        raise PermissionDenied(refusal.reason) from refusal
    messages.success(request, _("The day is a working day again."))
    return redirect("reviews:desk_hours", slug=desk.slug)


def _led(user: Any) -> QuerySet[Desk]:
    if sees_everything(user):
        return Desk.objects.select_related("closed_into")
    return Desk.objects.select_related("closed_into").filter(
        pk__in=[pk for pk, role in roles_by_desk(user).items() if role == Role.LEAD]
    )


def _desk(request: HttpRequest, slug: str) -> Desk:
    """404 for other desks' people, 403 with the reason for those of this one who do not lead it."""
    desk = get_object_or_404(Desk, slug=slug)
    allowed = can_see_people(request.user, desk)
    if not allowed:
        if desk.pk not in roles_by_desk(request.user):
            raise Http404
        allowed.enforce()
    return desk


def _people(
    request: HttpRequest, desk: Desk, *, sent: tuple[int, CapacityForm] | None = None, status: int = 200
) -> HttpResponse:
    members = Membership.objects.filter(desk=desk).select_related("user").order_by("user__name", "pk")
    after = request.GET.get("after", "")
    if after:
        last = get_object_or_404(members, pk=_number(after))
        members = members.filter(user__name__gte=last.user.name).exclude(
            user__name=last.user.name, pk__lte=last.pk
        )
    rows = list(members[: PAGE_SIZE + 1])
    context = {
        "desk": desk,
        "lines": _lines(desk, rows[:PAGE_SIZE], sent),
        "can_keep": can_keep_desk(request.user, desk),
        "next_url": f"?after={rows[PAGE_SIZE - 1].pk}" if len(rows) > PAGE_SIZE else "",
        "first_url": "?" if after else "",
    }
    return render(request, "reviews/assignment/people.html", context, status=status)


def _lines(desk: Desk, rows: list[Membership], sent: tuple[int, CapacityForm] | None) -> list[Line]:
    users = [row.user for row in rows]
    known = availabilities(users)
    taken = ReviewTask.objects.filter(state=states.TAKEN, desk=desk, assignee__in=users).order_by()
    late = taken.filter(due_at__lt=timezone.now()).values("assignee").annotate(n=Count("pk"))
    late_of = {row["assignee"]: row["n"] for row in late}
    declared: dict[int, list[ConflictOfInterest]] = {}
    for one in ConflictOfInterest.objects.in_force().filter(user__in=users).select_related("claim"):
        declared.setdefault(one.user_id, []).append(one)
    today = timezone.now().astimezone(ZoneInfo(desk.time_zone)).date()
    leaves: dict[int, Leave] = {}  # the next one of each
    for leave in Leave.objects.filter(user__in=users).not_over(today).order_by("first_day"):
        leaves.setdefault(leave.user_id, leave)
    return [
        Line(
            membership=row,
            held=known[row.user_id][desk.pk].in_hand,
            late=late_of.get(row.user_id, 0),
            leave=leaves.get(row.user_id),
            languages=", ".join(map(language_name, row.user.languages)),
            conflicts=declared.get(row.user_id, []),
            form=sent[1] if sent and sent[0] == row.pk else _capacity_form(row),
        )
        for row in rows
    ]


def _capacity_form(row: Membership) -> CapacityForm:
    return CapacityForm(initial={"capacity": row.capacity}, auto_id=f"id_%s_{row.pk}")


def _hours(
    request: HttpRequest,
    desk: Desk,
    *,
    hours: HoursForm | None = None,
    day_off: DayOffForm | None = None,
    status: int = 200,
) -> HttpResponse:
    today = timezone.now().astimezone(ZoneInfo(desk.time_zone)).date()
    context = {
        "desk": desk,
        "form": hours or HoursForm.of(desk),
        "day_off_form": day_off or DayOffForm(),
        "days_off": list(DayOff.objects.filter(desk=desk, day__gte=today)[:DAYS_OFF]),
        "can_keep": can_keep_desk(request.user, desk),
        "is_round_the_clock": not desk.working_hours.exists(),
    }
    return render(request, "reviews/assignment/hours.html", context, status=status)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0
