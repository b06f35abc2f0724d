"""Pages in the place of allauth's, where it does not ask what we ask, and those of one's sessions."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.manage_email import sync_user_email_address
from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.account.views import EmailView
from allauth.mfa.totp.views import DeactivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView, RemoveWebAuthnView
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from claimtracker.kernel.errors import ActionRefused

from .actions.addresses import make_main, name_main
from .actions.sessions import end_other_sessions, end_session
from .second_factor import check_may_remove
from .selectors import open_sessions


class AddKeyView(AddWebAuthnView):
    """The key, its recovery codes and their entries in the audit stand together."""

    def form_valid(self, form: Any) -> HttpResponse:
        with transaction.atomic():
            return super().form_valid(form)


class SwitchAppOffView(DeactivateTOTPView):
    """allauth asks before it deletes; of two factors that go at the same moment one must stay."""

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            with transaction.atomic():
                check_may_remove(self.authenticator)
                return super().form_valid(form)
        except ActionRefused as refusal:
            messages.error(self.request, refusal.reason)
            return HttpResponseRedirect(self.get_success_url())


class RemoveKeyView(RemoveWebAuthnView):
    """allauth asks ``can_delete_authenticator`` for the app only, not for keys."""

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            with transaction.atomic():
                check_may_remove(self.get_object())
                return super().form_valid(form)
        except ActionRefused as refusal:
            messages.error(self.request, refusal.reason)
            return HttpResponseRedirect(self.get_success_url())


class AddressesView(EmailView):
    """allauth lets an address that nobody confirmed be the main one, and asks whether it is another account's
    only when the database refuses it. Its password is asked for again (ACCOUNT_REAUTHENTICATION_REQUIRED)."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            sync_user_email_address(request.user)
            name_main(request.user)
        return super().dispatch(request, *args, **kwargs)

    def _action_primary(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse | None:
        raise_if_reauthentication_required(request, app="allauth.account")
        address = self._get_email_address(request)
        if address is None:
            return None
        try:
            make_main(address, by=request.user)  # type: ignore[arg-type]  # EmailView asks who is there
        except ActionRefused as refusal:
            messages.error(request, refusal.reason)
            return None
        messages.success(request, _("Mail for you goes to %(email)s now.") % {"email": address.email})
        return HttpResponseRedirect(self.get_success_url())


addresses = AddressesView.as_view()
add_key = AddKeyView.as_view()
switch_app_off = SwitchAppOffView.as_view()
remove_key = RemoveKeyView.as_view()


@login_required
@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    lines = open_sessions(request.user, current=request.session.session_key or "")
    return render(request, "usersessions/usersession_list.html", {"sessions": lines})


@login_required
@require_POST
def session_end(request: HttpRequest, pk: int) -> HttpResponse:
    session = get_object_or_404(UserSession, pk=pk, user=request.user)
    if session.session_key == request.session.session_key:
        return redirect("account_logout")
    end_session(session, by=request.user)  # type: ignore[arg-type]  # login_required
    messages.success(request, _("That session has ended."))
    return redirect("usersessions_list")


@login_required
@require_POST
def sessions_end(request: HttpRequest) -> HttpResponse:
    keep = request.session.session_key or ""
    count = end_other_sessions(request.user, keep=keep)  # type: ignore[arg-type]  # login_required
    said = ngettext("%d other session has ended.", "%d other sessions have ended.", count) % count
    messages.success(request, said)
    return redirect("usersessions_list")
