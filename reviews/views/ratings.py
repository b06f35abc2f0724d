"""The rating scales and often given reasons: read by everybody, written by leads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import Count, Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claimtracker.kernel.errors import ActionRefused

from ..actions import ratings as actions
from ..forms.base import RefusableForm
from ..forms.ratings import RatingForm, ReasonTemplateForm, ScaleForm
from ..models import Rating, RatingScale, ReasonTemplate
from ..policies.ratings import can_edit_ratings, can_read_ratings
from . import wording
from .access import person, signed_in, status_of


@signed_in
@require_safe
def scales(request: HttpRequest) -> HttpResponse:
    can_read_ratings(request.user).enforce()
    return _list(request)


def _list(request: HttpRequest, *, status: int = 200) -> HttpResponse:
    rows = Rating.objects.annotate(verdict_count=Count("verdicts")).order_by("retired_at", "position", "id")
    found = list(
        RatingScale.objects.prefetch_related(Prefetch("ratings", rows)).order_by("-is_default", "name")
    )
    steps: dict[int, int | None] = {}
    for scale in found:
        steps |= wording.rating_steps(list(scale.ratings.all()))
    context = {
        "scales": [(scale, [(each, steps[each.pk]) for each in scale.ratings.all()]) for scale in found],
        "reasons": ReasonTemplate.objects.filter(retired_at__isnull=True),
        "can_edit": can_edit_ratings(request.user),
    }
    return render(request, "reviews/ratings/scales.html", context, status=status)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def rating_form(request: HttpRequest, scale_pk: int, pk: int | None = None) -> HttpResponse:
    scale = get_object_or_404(RatingScale, pk=scale_pk)
    rating = get_object_or_404(Rating, pk=pk, scale=scale) if pk is not None else None
    form = RatingForm(request.POST) if request.method == "POST" else RatingForm.of(rating)

    def save() -> Any:
        return actions.save_rating(rating, by=person(request), scale=scale, **form.cleaned_data)

    title = rating.label if rating else _("New rating")
    return _form(request, form, save, title=title, note=scale.name, done=_("The rating is saved."))


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def scale_form(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    scale = get_object_or_404(RatingScale, pk=pk) if pk is not None else None
    given = {"name": scale.name} if scale else {}
    form = ScaleForm(request.POST) if request.method == "POST" else ScaleForm(initial=given)

    def save() -> Any:
        return actions.save_scale(scale, by=person(request), **form.cleaned_data)

    title = scale.name if scale else _("New scale")
    return _form(request, form, save, title=title, done=_("The scale is saved."))


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def reason_form(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    template = get_object_or_404(ReasonTemplate, pk=pk) if pk is not None else None
    posted = request.method == "POST"
    form = ReasonTemplateForm(request.POST) if posted else ReasonTemplateForm.of(template)

    def save() -> Any:
        return actions.save_reason(template, by=person(request), **form.cleaned_data)

    title = _("Reason to return a verdict")
    return _form(request, form, save, title=title, done=_("The reason is saved."))


@signed_in
@require_POST
def rating_retire(request: HttpRequest, pk: int) -> HttpResponse:
    rating = get_object_or_404(Rating, pk=pk)
    return _act(request, lambda: actions.retire_rating(rating, by=person(request)), _("It is retired."))


@signed_in
@require_POST
def rating_bring_back(request: HttpRequest, pk: int) -> HttpResponse:
    rating = get_object_or_404(Rating, pk=pk)
    return _act(
        request, lambda: actions.bring_back_rating(rating, by=person(request)), _("It is offered again.")
    )


@signed_in
@require_POST
def scale_use(request: HttpRequest, pk: int) -> HttpResponse:
    scale = get_object_or_404(RatingScale, pk=pk)
    done = _("New verdicts use this scale now.")
    return _act(request, lambda: actions.use_scale(scale, by=person(request)), done)


@signed_in
@require_POST
def reason_retire(request: HttpRequest, pk: int) -> HttpResponse:
    template = get_object_or_404(ReasonTemplate, pk=pk)
    done = _("It is not offered any more.")
    return _act(request, lambda: actions.retire_reason(template, by=person(request)), done)


def _form(
    request: HttpRequest,
    form: RefusableForm,
    save: Callable[[], Any],
    *,
    title: str,
    done: str,
    note: str = "",
) -> HttpResponse:
    can_edit_ratings(request.user).enforce()
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                save()
            except ActionRefused as refusal:
                form.refuse(refusal)
                status = status_of(refusal)
            else:
                messages.success(request, done)
                return redirect("reviews:ratings")
        else:
            form.mark_invalid()
            status = 422
    context = {"form": form, "here": title, "note": note}
    return render(request, "reviews/ratings/form.html", context, status=status)


def _act(request: HttpRequest, act: Callable[[], Any], done: str) -> HttpResponse:
    can_edit_ratings(request.user).enforce()
    try:
        act()
    except ActionRefused as refusal:
        messages.error(request, refusal.reason)
        return _list(request, status=status_of(refusal))
    messages.success(request, done)
    return redirect("reviews:ratings")
