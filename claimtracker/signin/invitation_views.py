"""Pages of invitations: who invites and whom, and how somebody new comes in."""

from __future__ import annotations

from typing import Any, cast

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from claimtracker.kernel.errors import ActionRefused
from reviews.policies.settings import can_see_settings
from reviews.views.access import person, signed_in, status_of
from reviews.views.public_words import private

from .actions import invitations as actions
from .devices import say_nothing_of_device
from .forms import AcceptForm, InviteForm
from .models import Invitation
from .selectors import desks_to_invite_to, pending_invitations


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def invitations(request: HttpRequest) -> HttpResponse:
    """The pending ones of one's desks; a POST invites."""
    can_see_settings(request.user).enforce()
    desks = desks_to_invite_to(request.user)
    if request.method != "POST":
        chosen = desks.filter(slug=request.GET.get("desk", "")[:50]).first()
        return _list(request, InviteForm(desks=desks, initial={"desk": chosen} if chosen else None))
    form = InviteForm(request.POST, desks=desks)
    if not form.is_valid():
        form.mark_invalid()
        return _list(request, form, status=422)
    try:
        row = actions.invite(by=person(request), **form.cleaned_data)
    except ActionRefused as refusal:
        form.refuse(refusal)
        return _list(request, form, status=status_of(refusal))
    messages.success(request, _("%(email)s gets a mail.") % {"email": row.email})
    return redirect("signin:invitations")


@signed_in
@require_POST
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Send one again, or withdraw it."""
    can_see_settings(request.user).enforce()
    row = get_object_or_404(pending_invitations(request.user), pk=pk)
    if "withdraw" in request.POST:
        actions.withdraw(row, by=person(request))
        messages.success(request, _("The invitation of %(email)s is withdrawn.") % {"email": row.email})
    else:
        actions.send_again(row, by=person(request))
        messages.success(request, _("%(email)s gets another mail.") % {"email": row.email})
    return redirect("signin:invitations")


@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Where the mail leads. A token that does not work says so, and never why."""
    row = actions.invitation_of(token)
    if row is None or request.user.is_authenticated:
        return _door(request, row)
    if request.method != "POST":
        return _door(request, row, AcceptForm())
    form = AcceptForm(request.POST)
    if not form.is_valid():
        form.mark_invalid()
        return _door(request, row, form, status=422)
    try:
        user = actions.accept(token, **form.cleaned_data)
    except ActionRefused as refusal:
        form.refuse(refusal)
        return _door(request, row, form, status=422 if refusal.field else 409)
    say_nothing_of_device(request)
    said = {"email": user.email, "password": form.cleaned_data["password"]}
    return cast(HttpResponse, perform_password_login(request, said, Login(user=user)))


def _list(request: HttpRequest, form: InviteForm, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "invitations": pending_invitations(request.user)[:200], "now": timezone.now()}
    return render(request, "signin/invitations.html", context, status=status)


def _door(
    request: HttpRequest, row: Invitation | None, form: AcceptForm | None = None, *, status: int = 200
) -> HttpResponse:
    needs = row is not None and bool(settings.MFA_ROLES & {row.role, "everyone"})
    context: dict[str, Any] = {"invitation": row, "form": form, "needs_second_step": needs}
    shown = render(request, "signin/invitation.html", context, status=404 if row is None else status)
    return private(shown)
