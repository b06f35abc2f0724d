"""What leads set: the page that leads to all of it, what is reviewed blind, and who changed what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from claimtracker.accounts.access import roles_by_desk, sees_everything
from claimtracker.accounts.models import Desk, Role
from claimtracker.kernel.errors import ActionRefused

from ..actions.sampling import set_sampling
from ..forms.settings import SamplingForm
from ..models import RatingScale, ReasonTemplate, RoutingRule, Topic
from ..policies.settings import can_see_settings, can_set_sampling
from ..selectors.sampling import Sampling, last_month, sampling_of, samplings_of
from ..selectors.settings_trail import PAGE, trail
from .access import person, signed_in, status_of
from .settings_words import Line, line_of

SHORT = 8  # steps of the trail on the first page


@signed_in
@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    can_see_settings(request.user).enforce()
    desks = list(led(request.user).annotate(people=Count("memberships")))
    rules = RoutingRule.objects.aggregate(n=Count("pk"), active=Count("pk", filter=Q(is_active=True)))
    scale = RatingScale.objects.filter(is_default=True).first()
    samplings = samplings_of(desks)
    context = {
        "tab": "overview",
        "open_desks": [desk for desk in desks if desk.closed_at is None],
        "people": sum(desk.people for desk in desks),
        "rules": rules,
        "topics": Topic.objects.count(),
        "scale": scale,
        "reasons": ReasonTemplate.objects.filter(retired_at__isnull=True).count(),
        "rates": sorted({percent(one.rate) for one in samplings.values()}),
        "lines": _lines(request, size=SHORT),
    }
    return render(request, "reviews/settings/overview.html", context)


@signed_in
@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    can_see_settings(request.user).enforce()
    given = request.GET.get("before", "")
    before = int(given) if given.isascii() and given.isdecimal() and len(given) < 19 else None
    lines = _lines(request, size=PAGE + 1, before=before)
    context = {
        "tab": "changes",
        "lines": lines[:PAGE],
        "next_url": f"?before={lines[PAGE - 1].pk}" if len(lines) > PAGE else "",
        "first_url": "?" if before else "",
    }
    return render(request, "reviews/settings/changes.html", context)


@dataclass(frozen=True, slots=True)
class DeskRow:
    desk: Desk
    now: Sampling

    @property
    def percent(self) -> str:
        return percent(self.now.rate)


@signed_in
@require_safe
def sampling_list(request: HttpRequest) -> HttpResponse:
    can_see_settings(request.user).enforce()
    desks = list(led(request.user).filter(closed_at__isnull=True))
    found = samplings_of(desks)
    rows = [DeskRow(desk, found[desk.pk]) for desk in desks]
    return render(request, "reviews/settings/sampling_list.html", {"tab": "sampling", "rows": rows})


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def sampling(request: HttpRequest, slug: str) -> HttpResponse:
    """What a desk reviews blind. A POST shows what that would mean; with ``save`` it is kept."""
    can_see_settings(request.user).enforce()
    desk = get_object_or_404(Desk, slug=slug)
    can_set_sampling(request.user, desk).enforce()
    now = sampling_of(desk.pk)
    if request.method != "POST":
        return _sampling(request, desk, now, SamplingForm.of(now))
    form = SamplingForm(request.POST)
    if not form.is_valid():
        form.mark_invalid()
        return _sampling(request, desk, now, form, status=422)
    if "save" not in request.POST:
        return _sampling(request, desk, now, form, wanted=_wanted(form))
    try:
        set_sampling(
            desk,
            by=person(request),
            rate=form.rate,
            topics=form.words,
            revision=form.cleaned_data["revision"],
        )
    except ActionRefused as refusal:
        form.refuse(refusal)
        return _sampling(request, desk, now, form, status=status_of(refusal))
    messages.success(request, _("Saved. It counts for verdicts that are submitted from now on."))
    return redirect("reviews:settings_sampling", slug=desk.slug)


def _sampling(
    request: HttpRequest,
    desk: Desk,
    now: Sampling,
    form: SamplingForm,
    *,
    wanted: Sampling | None = None,
    status: int = 200,
) -> HttpResponse:
    found = last_month(desk, [now, wanted] if wanted else [now])
    default = _default()
    context = {
        "tab": "sampling",
        "desk": desk,
        "form": form,
        "now": now,
        "now_percent": percent(now.rate),
        "default_percent": percent(default.rate),
        "default_topics": ", ".join(default.topics),
        "month": found[0],
        "preview": found[1] if wanted else None,
        "wanted_percent": percent(wanted.rate) if wanted else "",
    }
    return render(request, "reviews/settings/sampling.html", context, status=status)


def _wanted(form: SamplingForm) -> Sampling:
    default = _default()
    rate, words = form.rate, form.words
    return Sampling(default.rate if rate is None else rate, default.topics if words is None else tuple(words))


def _default() -> Sampling:
    return sampling_of(0)  # of no desk


def percent(rate: float) -> str:
    return f"{rate * 100:.4g}%"


def led(user: Any) -> QuerySet[Desk]:
    """The desks whose settings the person changes."""
    if sees_everything(user):
        return Desk.objects.all()
    return Desk.objects.filter(pk__in=[pk for pk, role in roles_by_desk(user).items() if role == Role.LEAD])


def _lines(request: HttpRequest, *, size: int, before: int | None = None) -> list[Line]:
    desks = None if sees_everything(request.user) else list(led(request.user).values_list("slug", flat=True))
    return [line_of(step) for step in trail(desks, before=before, size=size)]
