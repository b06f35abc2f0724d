"""Desk mode: a draft is looked at before it goes out, for its author alone."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claims.actions.drafts import bring_draft, publish_draft, throw_draft_away
from claims.models import Draft
from claims.selectors import desks_for
from claimtracker.accounts.first_steps import note_look_of
from claimtracker.accounts.models import Look, User
from claimtracker.kernel.errors import ActionRefused, NotPermitted

from ..draft_page import draft_page
from ..forms import DraftForm


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def draft_list(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        note_look_of(request, Look.DRAFTS)
        return _page(request, DraftForm(user=request.user, initial=_begun(request)))
    form = DraftForm(request.POST, user=request.user)
    if form.is_valid():
        given = form.cleaned_data
        try:
            draft = bring_draft(by=cast(User, request.user), **given)
        except NotPermitted:
            raise
        except ActionRefused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.reason)
        else:
            messages.success(request, _("Only you see this draft."))
            return redirect("web:draft_detail", draft.pk)
    return _page(request, form, status=422)


def _begun(request: HttpRequest) -> dict[str, Any]:
    """What the form begins with: an earlier draft of one's own (``from``), to be mended and looked at
    again."""
    given = request.GET.get("from", "")
    earlier = _own(request, int(given)) if given.isdecimal() and len(given) < 18 else None
    if earlier is None:
        return {"desk": _usual_desk(request.user)}
    return {name: getattr(earlier, name) for name in ("desk", "title", "body", "transcript", "published_at")}


@login_required
@require_safe
@never_cache
def draft_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The page, in the ``order`` of danger or of the text; htmx asks again while it is read, and gets nothing
    (204) while nothing changed."""
    draft = _own(request, pk)
    part = bool(request.headers.get("HX-Request"))
    if part and request.GET.get("seen") == draft.state:
        return HttpResponse(status=204)
    template = "web/_draft.html" if part else "web/draft_detail.html"
    page = draft_page(draft, order=request.GET.get("order", ""))
    return render(request, template, {"draft": draft, "page": page})


@login_required
@require_POST
def draft_throw_away(request: HttpRequest, pk: int) -> HttpResponse:
    throw_draft_away(_own(request, pk), by=cast(User, request.user))
    messages.success(request, _("The draft is gone."))
    return redirect("web:drafts")


@login_required
@require_POST
def draft_publish(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        article = publish_draft(_own(request, pk), by=cast(User, request.user))
    except NotPermitted:
        raise
    except ActionRefused as refusal:
        messages.error(request, refusal.reason)
        return redirect("web:draft_detail", pk)
    messages.success(
        request, _("It is an article of its desk now. What the look before found stays with you for a while.")
    )
    return redirect("web:article_detail", article.pk)


def _own(request: HttpRequest, pk: int) -> Draft:
    """Raises Http404 for everybody but its author."""
    return get_object_or_404(Draft.objects.visible_to(request.user).select_related("desk", "article"), pk=pk)


def _usual_desk(user: Any) -> int | None:
    return desks_for(user).order_by("-is_default", "pk").values_list("pk", flat=True).first()


def _page(request: HttpRequest, form: DraftForm, *, status: int = 200) -> HttpResponse:
    mine = Draft.objects.visible_to(request.user).defer("body", "transcript", "remarks")
    context = {"form": form, "drafts": list(mine), "has_desk": desks_for(request.user).exists()}
    return render(request, "web/drafts.html", context, status=status)
