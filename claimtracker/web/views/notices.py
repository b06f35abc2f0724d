"""What a person was told: the list behind the bell, how they want to be told, and stopping a kind of mail."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claimtracker.accounts.models import User
from claimtracker.kernel.errors import ActionRefused
from reviews.actions import preferences as wishes
from reviews.actions.letters import read_token
from reviews.models import NoticeKind, Notification

from ..clock import keep_clock
from ..notices import mark_read
from ..pagination import page_of
from ..preferences_form import PreferencesForm


@login_required
@require_safe
def notice_list(request: HttpRequest) -> HttpResponse:
    """Newest first; ``?show=unread`` leaves out what was read."""
    user = cast(User, request.user)
    unread_only = request.GET.get("show") == "unread"
    rows = Notification.objects.visible_to(user).in_app().select_related("claim", "by")
    context = {
        "page": page_of(rows.unread() if unread_only else rows, request.GET),
        "unread_only": unread_only,
        "kinds": dict(NoticeKind.choices),
    }
    return render(request, "web/notices.html", context)


@login_required
@require_safe
def open_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Go to what a notice is about; it counts as read then. Asked twice, nothing more happens."""
    notice = get_object_or_404(Notification.objects.visible_to(request.user), pk=pk)
    mark_read(request.user, notice_id=notice.pk)
    if notice.comment_id:
        return redirect("reviews:comment_detail", pk=notice.claim_id, comment_pk=notice.comment_id)
    return redirect("reviews:claim_detail", pk=notice.claim_id)


@login_required
@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Mark one notice (``notice``) or all as read, and go back to where the button stood."""
    given = request.POST.get("notice", "")
    is_id = given.isascii() and given.isdigit() and len(given) < 19
    mark_read(request.user, notice_id=int(given) if is_id else None)
    return redirect("web:notices" if request.POST.get("back") == "notices" else "web:home")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    if request.method != "POST":
        return render(request, "web/notice_preferences.html", {"form": PreferencesForm.of(user)})
    form = PreferencesForm(request.POST)
    if form.is_valid():
        try:
            wishes.set_wishes(user, wishes=form.wishes())
            wishes.set_mail_times(user, **form.times())
        except ActionRefused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.reason)
        else:
            keep_clock(request, form.cleaned_data["time_zone"])
            messages.success(request, _("From now on you are told as you chose."))
            return redirect("web:notice_preferences")
    return render(request, "web/notice_preferences.html", {"form": form}, status=422)


@csrf_exempt  # mail programs post here by themselves (RFC 8058); the signed link is the proof
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Stop one kind of mail, without signing in. Looking at the page changes nothing: mail scanners follow
    every link."""
    meant = read_token(token)
    user = User.objects.filter(pk=meant[0]).first() if meant else None
    if meant is None or user is None:
        return render(request, "web/unsubscribe.html", {"is_unknown": True}, status=404)
    done = request.method == "POST"
    if done:
        wishes.unsubscribe(user, what=meant[1])
    label = {"daily": _("The daily mail"), "weekly": _("The weekly mail")}
    context: dict[str, Any] = {
        "done": done,
        "what": label.get(meant[1]) or dict(NoticeKind.choices).get(meant[1], meant[1]),
        "address": user.email,
        "preferences_url": reverse("web:notice_preferences"),
    }
    return render(request, "web/unsubscribe.html", context)
