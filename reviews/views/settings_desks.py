"""Desks are made, renamed and closed; who does what there."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from claimtracker.accounts.access import roles_by_desk, sees_everything
from claimtracker.accounts.models import Desk, Membership, Role
from claimtracker.kernel.errors import ActionRefused

from ..actions.desks import close_desk, make_desk, rename_desk
from ..actions.members import add_member, remove_member, set_role
from ..forms.settings import ClosingForm, DeskForm, MemberForm, RoleForm
from ..policies.settings import can_change_desk, can_change_member, can_make_desk, can_see_settings
from ..selectors.members import closing, tasks_beyond
from .access import person, signed_in, status_of


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def desk_new(request: HttpRequest) -> HttpResponse:
    can_make_desk(request.user).enforce()
    form = DeskForm(request.POST or None)
    if request.method == "POST":
        if form.is_valid():
            try:
                desk = make_desk(by=person(request), name=form.cleaned_data["name"], time_zone=_zone(request))
            except ActionRefused as refusal:
                form.refuse(refusal)
                return _new(request, form, status=status_of(refusal))
            messages.success(request, _("The %(desk)s desk is there. Add its people.") % {"desk": desk})
            return redirect("reviews:desk_members", slug=desk.slug)
        form.mark_invalid()
        return _new(request, form, status=422)
    return _new(request, form)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def desk_change(request: HttpRequest, slug: str) -> HttpResponse:
    """The name; and the way to close it."""
    desk = _desk(request, slug)
    if request.method != "POST":
        return _change(request, desk, DeskForm(initial={"name": desk.name}))
    form = DeskForm(request.POST)
    if not form.is_valid():
        form.mark_invalid()
        return _change(request, desk, form, status=422)
    try:
        rename_desk(desk, by=person(request), name=form.cleaned_data["name"])
    except ActionRefused as refusal:
        form.refuse(refusal)
        return _change(request, desk, form, status=status_of(refusal))
    messages.success(request, _("Saved."))
    return redirect("reviews:desk_change", slug=desk.slug)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def desk_close(request: HttpRequest, slug: str) -> HttpResponse:
    """A POST shows what would move; with ``save`` the desk is closed."""
    desk = _desk(request, slug)
    if request.method != "POST":
        return _close(request, desk, ClosingForm(desk=desk))
    form = ClosingForm(request.POST, desk=desk)
    if not form.is_valid():
        form.mark_invalid()
        return _close(request, desk, form, status=422)
    into = form.cleaned_data["into"]
    if "save" not in request.POST:
        return _close(request, desk, form, into=into)
    try:
        close_desk(desk, by=person(request), into=into)
    except ActionRefused as refusal:
        form.refuse(refusal)
        return _close(request, desk, form, status=status_of(refusal))
    words = _("The %(desk)s desk is closed. Its claims and tasks are moving to the %(into)s desk.")
    messages.success(request, words % {"desk": desk, "into": into})
    return redirect("reviews:desks")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def members(request: HttpRequest, slug: str) -> HttpResponse:
    """Roles at a desk; a POST adds somebody."""
    desk = _desk(request, slug)
    if request.method != "POST":
        return _members(request, desk)
    form = MemberForm(request.POST)
    if not form.is_valid():
        form.mark_invalid()
        return _members(request, desk, form=form, status=422)
    try:
        row = add_member(desk, by=person(request), **form.cleaned_data)
    except ActionRefused as refusal:
        form.refuse(refusal)
        return _members(request, desk, form=form, status=status_of(refusal))
    messages.success(request, _("%(person)s is at the desk now.") % {"person": row.user})
    return redirect("reviews:desk_members", slug=desk.slug)


@signed_in
@require_POST
def member(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Another role, or none: first what it would move, and with ``save`` the change."""
    desk = _desk(request, slug)
    row = get_object_or_404(Membership.objects.filter(desk=desk).select_related("desk", "user"), pk=pk)
    can_change_member(request.user, row).enforce()
    leaves = "remove" in request.POST
    form = RoleForm({"role": request.POST.get("role", row.role)})
    if not leaves and not form.is_valid():
        return _members(request, desk, refusal=_("Choose a role."), refused=pk, status=422)
    role = "" if leaves else str(form.cleaned_data["role"])
    if "save" not in request.POST:
        return _member(request, row, role)
    try:
        if leaves:
            remove_member(row, by=person(request))
        else:
            set_role(row, by=person(request), role=role)
    except ActionRefused as refusal:
        return _member(request, row, role, refusal=refusal.reason, status=status_of(refusal))
    messages.success(request, _("Saved for %(name)s.") % {"name": row.user})
    return redirect("reviews:desk_members", slug=desk.slug)


def _desk(request: HttpRequest, slug: str) -> Desk:
    """404 for desks that one neither sees nor leads, and a sentence for those that one only works at."""
    can_see_settings(request.user).enforce()
    desk = get_object_or_404(Desk.objects.select_related("closed_into"), slug=slug)
    if desk.pk not in roles_by_desk(request.user) and not sees_everything(request.user):
        raise Http404
    if desk.closed_at is None:
        can_change_desk(request.user, desk).enforce()
    return desk


def _zone(request: HttpRequest) -> str:
    """That of the default desk: most desks of a newsroom sit in one place."""
    default = Desk.objects.filter(is_default=True).values_list("time_zone", flat=True).first()
    return str(default or "UTC")


def _new(request: HttpRequest, form: DeskForm, *, status: int = 200) -> HttpResponse:
    return render(request, "reviews/settings/desk_new.html", {"form": form, "tab": "desks"}, status=status)


def _change(request: HttpRequest, desk: Desk, form: DeskForm, *, status: int = 200) -> HttpResponse:
    context = {"desk": desk, "form": form, "allowed": can_change_desk(request.user, desk)}
    return render(request, "reviews/settings/desk.html", context, status=status)


def _close(
    request: HttpRequest, desk: Desk, form: ClosingForm, *, into: Desk | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "desk": desk,
        "form": form,
        "into": into,
        "preview": closing(desk, into) if into else None,
        "allowed": can_change_desk(request.user, desk),
    }
    return render(request, "reviews/settings/desk_close.html", context, status=status)


def _members(
    request: HttpRequest,
    desk: Desk,
    *,
    form: MemberForm | None = None,
    refusal: str = "",
    refused: int = 0,
    status: int = 200,
) -> HttpResponse:
    rows = Membership.objects.filter(desk=desk).select_related("desk", "user").order_by("user__name", "pk")
    lines: list[tuple[Membership, Any, Any]] = [
        (row, RoleForm.of(row), can_change_member(request.user, row)) for row in rows[:500]
    ]
    context = {
        "desk": desk,
        "lines": lines,
        "form": form or MemberForm(),
        "refusal": refusal,
        "refused": refused,
        "allowed": can_change_desk(request.user, desk),
    }
    return render(request, "reviews/settings/members.html", context, status=status)


def _member(
    request: HttpRequest, row: Membership, role: str, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    moved = tasks_beyond(row, role).count()
    words = ngettext(
        "%(n)s task in hand goes back to the queue, with draft and evidence.",
        "%(n)s tasks in hand go back to the queue, with draft and evidence.",
        moved,
    )
    context = {
        "desk": row.desk,
        "membership": row,
        "role": role,
        "role_label": Role(role).label if role else "",
        "moved": words % {"n": moved} if moved else _("No task in hand is touched."),
        "refusal": refusal,
    }
    return render(request, "reviews/settings/member.html", context, status=status)
