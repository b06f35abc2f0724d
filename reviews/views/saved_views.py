"""Saved views of the queue: keeping one, and the page where they are looked after."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from claimtracker.accounts.models import Desk, User
from claimtracker.kernel.decisions import Decision
from claimtracker.kernel.errors import ActionRefused

from ..actions.saved_views import remove_view, rename_view, save_view, set_default_view
from ..forms.queue import SavedViewForm
from ..models import SavedView
from ..policies.saved_views import can_keep_view, can_share_view
from ..selectors.queue import queue_desks
from ..selectors.saved_views import views_of
from .access import person, signed_in, status_of


@dataclass(frozen=True, slots=True)
class ViewLine:
    """One view: ``url`` is the list that it shows."""

    view: SavedView
    url: str
    keep: Decision
    current: bool = False


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def saved_views(request: HttpRequest) -> HttpResponse:
    """All of them; a POST keeps what the queue shows under a name."""
    user = person(request)
    if request.method != "POST":
        return _page(request, user)
    form = SavedViewForm(request.POST, desks=shareable(user, queue_desks(user)))
    if not form.is_valid():
        form.mark_invalid()
        return _page(request, user, form=form, status=422)
    show, query = request.POST.get("show", ""), request.POST.get("q", "")
    try:
        view = save_view(by=user, show=show, query=query, **form.cleaned_data)
    except ActionRefused as refusal:
        form.refuse(refusal)
        return _page(request, user, form=form, status=status_of(refusal))
    messages.success(request, _("“%(name)s” is kept above the queue.") % {"name": view.name})
    return redirect(address_of(view))


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def saved_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename it, remove it, begin with it: whichever button was pressed."""
    user = person(request)
    view = get_object_or_404(SavedView.objects.visible_to(user).select_related("desk"), pk=pk)
    if request.method != "POST":
        return redirect("reviews:saved_views")
    act = request.POST.get("act", "")
    try:
        if act == "rename":
            rename_view(view, by=user, name=request.POST.get("name", ""))
            messages.success(request, _("The view has its new name."))
        elif act == "remove":
            remove_view(view, by=user)
            messages.success(request, _("“%(name)s” is removed.") % {"name": view.name})
        elif act == "default":
            set_default_view(view, by=user)
            messages.success(request, _("The queue begins with “%(name)s” now.") % {"name": view.name})
        elif act == "no_default":
            set_default_view(None, by=user)
            messages.success(request, _("The queue begins with what you can take."))
    except ActionRefused as refusal:
        messages.error(request, refusal.reason)
        return _page(request, user, status=status_of(refusal))
    return redirect("reviews:saved_views")


def _page(
    request: HttpRequest, user: User, *, form: SavedViewForm | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "lines": lines_of(user, views_of(user)),
        "form": form,
        "kept": {"show": request.POST.get("show", ""), "q": request.POST.get("q", "")},
    }
    return render(request, "reviews/saved_views.html", context, status=status)


def lines_of(user: User, views: list[SavedView], here: tuple[str, str] = ("", "")) -> list[ViewLine]:
    """``here`` is the tab and the query of the page that they stand on."""
    return [
        ViewLine(view, address_of(view), can_keep_view(user, view), (view.show, view.query) == here)
        for view in views
    ]


def shareable(user: User, desks: list[Desk]) -> list[Desk]:
    return [desk for desk in desks if can_share_view(user, desk)]


def address_of(view: SavedView) -> str:
    fields = {"show": view.show, "q": view.query}
    asked = urlencode({name: value for name, value in fields.items() if value})
    return f"{reverse('reviews:queue')}?{asked}"
