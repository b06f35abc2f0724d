"""Sources: the list, each one's page, how it is described, and who may see it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claimtracker.kernel.errors import ActionRefused

from .. import policies
from ..actions.snapshots import ask_for_look_again
from ..actions.source_reads import note_reads
from ..actions.sources import edit_source, name_source, protect_source
from ..forms.sources import ProtectForm, SourceForm
from ..models import Source
from ..selectors.sources import ALL, CHANGED, OPEN, SourceView, count_open, source_page, source_view
from .access import person, signed_in, status_of
from .source_words import condition_label, with_page_lines
from .wording import moment, safe_link


@signed_in
@require_safe
def source_list(request: HttpRequest) -> HttpResponse:
    show = request.GET.get("show", OPEN)
    show = show if show in {OPEN, CHANGED, ALL} else OPEN
    before = request.GET.get("before", "")
    page = source_page(
        request.user, show=show, before=int(before) if before.isdecimal() and len(before) < 18 else None
    )
    note_reads(page.sources, by=person(request))
    context = {
        "show": show,
        "tabs": [
            (OPEN, _("To look at"), count_open(request.user)),
            (CHANGED, _("Every page that changed"), 0),
            (ALL, _("All sources"), 0),
        ],
        "rows": [(source, condition_label(source)) for source in page.sources],
        "older_url": f"?show={show}&before={page.older}" if page.older else "",
        "newer_url": f"?show={show}" if page.newer else "",
    }
    return render(request, "reviews/sources.html", context)


@signed_in
@require_safe
def source_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, source_view(pk, request.user))


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    source = _source(request, pk)
    note_reads([source], by=person(request))
    form = SourceForm(request.POST) if request.method == "POST" else SourceForm.of(source)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                edit_source(source, by=person(request), **form.cleaned_data)
            except ActionRefused as refusal:
                form.refuse(refusal)
                status = status_of(refusal)
            else:
                messages.success(request, _("The source is described anew."))
                return redirect("reviews:source_detail", pk=pk)
        else:
            form.mark_invalid()
            status = 422
    allowed = policies.can_edit_source(request.user, source)
    context = {"source": source, "form": form, "can_edit": allowed}
    return render(request, "reviews/source_edit.html", context, status=status)


@signed_in
@require_POST
def protect(request: HttpRequest, pk: int) -> HttpResponse:
    source, form = _source(request, pk), ProtectForm(request.POST)
    if not form.is_valid():
        form.mark_invalid()
        return _show(request, source_view(pk, request.user), protect_form=form, status=422)
    try:
        protect_source(source, by=person(request), because=form.cleaned_data["because"])
    except ActionRefused as refusal:
        form.refuse(refusal)
        return _show(request, source_view(pk, request.user), protect_form=form, status=status_of(refusal))
    messages.success(request, _("The source is confidential now."))
    if not Source.objects.visible_to(request.user).filter(pk=pk).exists():
        return redirect("reviews:source_list")  # who protects it need not be one of those who see it
    return redirect("reviews:source_detail", pk=pk)


@signed_in
@require_POST
def name(request: HttpRequest, pk: int) -> HttpResponse:
    source = _source(request, pk)
    return _attempt(
        request, pk, lambda: name_source(source, by=person(request)), _("The source may be named now.")
    )


@signed_in
@require_POST
def look_again(request: HttpRequest, pk: int) -> HttpResponse:
    source = _source(request, pk)
    return _attempt(
        request,
        pk,
        lambda: ask_for_look_again(source, by=person(request)),
        _("Its page is being looked at; what is found appears here."),
    )


def _source(request: HttpRequest, pk: int) -> Source:
    return get_object_or_404(Source.objects.visible_to(request.user), pk=pk)


def _attempt(request: HttpRequest, pk: int, act: Callable[[], Any], done: str) -> HttpResponse:
    try:
        act()
    except ActionRefused as refusal:
        messages.error(request, refusal.reason)
        return _show(request, source_view(pk, request.user), status=status_of(refusal))
    messages.success(request, done)
    return redirect("reviews:source_detail", pk=pk)


def _show(
    request: HttpRequest, view: SourceView, *, protect_form: ProtectForm | None = None, status: int = 200
) -> HttpResponse:
    source = view.source
    note_reads([source], by=person(request))
    context = {
        "view": view,
        "source": source,
        "link": safe_link(source.url),
        "state": condition_label(source),
        "evidence": with_page_lines(view.evidence),
        "checks": [(check, condition_label(check), moment(check.checked_at)) for check in view.checks],
        "can_edit": policies.can_edit_source(request.user, source),
        "can_protect": policies.can_protect_source(request.user, source),
        "can_name": policies.can_name_source(request.user, source),
        "protect_form": protect_form or ProtectForm(),
    }
    return render(request, "reviews/source_detail.html", context, status=status)
