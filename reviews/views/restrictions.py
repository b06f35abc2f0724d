"""A claim's restrictions: what holds now, who decides, the record, and the forms for moderators."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from claims.models import Claim
from claimtracker.kernel.decisions import Decision
from claimtracker.kernel.errors import ActionRefused

from ..actions import restrictions as actions
from ..forms.base import RefusableForm
from ..forms.restrictions import DecisionForm, EscalationForm, HideForm, HoldForm, TakedownForm
from ..models import Restriction
from ..policies import restrictions as policies
from ..selectors.restrictions import record_of
from .access import by_form, person, signed_in, status_of
from .restriction_words import offered_decisions

ORDERS: dict[str, tuple[type[RefusableForm], Callable[..., Any]]] = {
    "hide": (HideForm, actions.hide_check),
    "takedown": (TakedownForm, actions.order_takedown),
    "hold": (HoldForm, actions.place_hold),
}
DECISIONS: dict[str, Callable[..., Any]] = {
    "confirm": actions.confirm_takedown,
    "refuse": actions.refuse_takedown,
    "lift": actions.lift_restriction,
    "agree": actions.confirm_lifting,
    "keep": actions.keep_restriction,
    "escalate": actions.escalate_restriction,
}


@dataclass(frozen=True, slots=True)
class Card:
    """A restriction with what this person may decide about it: each with its name, its label, the form and
    the refusal that stands in its place."""

    row: Restriction
    decisions: list[Any]


@signed_in
@require_safe
def page(request: HttpRequest, pk: int) -> HttpResponse:
    return _shown(request, _claim(request, pk))


@signed_in
@by_form
def order(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    if what not in ORDERS:
        raise Http404
    claim = _claim(request, pk)
    form_class, act = ORDERS[what]
    form = form_class(request.POST, prefix=what)
    done = {
        "hide": _("It is hidden. Readers get none of it any more."),
        "takedown": _("It is kept from readers already. A second person has to confirm the takedown."),
        "hold": _("The claim is under legal hold."),
    }[what]
    return _attempt(request, claim, form, lambda facts: act(claim, by=person(request), **facts), done=done)


@signed_in
@by_form
def decide(request: HttpRequest, pk: int, restriction_pk: int, what: str) -> HttpResponse:
    if what not in DECISIONS:
        raise Http404
    claim = _claim(request, pk)
    row = get_object_or_404(Restriction, claim=claim, pk=restriction_pk)
    form = form_for(what, row, claim, person(request), request.POST)
    act = DECISIONS[what]
    done = _("Done. It is in the record, and colleagues are told.")
    return _attempt(request, claim, form, lambda facts: act(row, by=person(request), **facts), done=done)


def form_for(what: str, row: Restriction, claim: Claim, user: Any, sent: Any = None) -> RefusableForm:
    prefix = f"{what}-{row.pk}"
    if what == "escalate":
        return EscalationForm(sent, prefix=prefix, claim=claim, by=user)
    return DecisionForm(sent, prefix=prefix)


def _claim(request: HttpRequest, pk: int) -> Claim:
    claim = get_object_or_404(Claim.objects.visible_to(request.user).select_related("desk"), pk=pk)
    policies.can_see_restrictions(request.user, claim).enforce()
    return claim


def _attempt(
    request: HttpRequest,
    claim: Claim,
    form: RefusableForm,
    act: Callable[[dict[str, Any]], Any],
    *,
    done: str,
) -> HttpResponse:
    if not form.is_valid():
        form.mark_invalid()
        return _shown(request, claim, sent=form, status=422)
    try:
        act(form.cleaned_data)
    except ActionRefused as refusal:
        form.refuse(refusal)
        return _shown(request, claim, sent=form, status=status_of(refusal))
    messages.success(request, done)
    return redirect("reviews:restrictions", pk=claim.pk)


def _shown(
    request: HttpRequest, claim: Claim, *, sent: RefusableForm | None = None, status: int = 200
) -> HttpResponse:
    user = person(request)
    record = record_of(claim)
    cards = [Card(row, _decisions(row, claim, user, sent)) for row in record if row.is_open]
    can_restrict: Decision = policies.can_restrict(user)
    open_kinds = {card.row.kind for card in cards}
    context = {
        "claim": claim,
        "cards": cards,
        "over": [row for row in record if not row.is_open],
        "can_restrict": can_restrict,
        "is_published": claim.publications.exists(),
        "orders": [] if not can_restrict else _orders(open_kinds, sent),
    }
    return render(request, "reviews/restrictions.html", context, status=status)


def _orders(open_kinds: set[str], sent: RefusableForm | None) -> list[tuple[str, RefusableForm]]:
    """The forms for what is not in force yet; what was sent and refused stays."""
    is_open = {
        "hide": bool(open_kinds & {"hidden", "takedown"}),
        "takedown": "takedown" in open_kinds,
        "hold": "legal_hold" in open_kinds,
    }
    found = []
    for what, (form_class, _act) in ORDERS.items():
        was_sent = sent is not None and sent.prefix == what
        if was_sent or not is_open[what]:
            found.append((what, sent if was_sent and sent else form_class(prefix=what)))
    return found


def _decisions(row: Restriction, claim: Claim, user: Any, sent: RefusableForm | None) -> list[Any]:
    found = []
    for offered in offered_decisions(row, claim, user):
        form = form_for(offered.what, row, claim, user) if offered.decision else None
        if sent is not None and sent.prefix == f"{offered.what}-{row.pk}":
            form = sent
        found.append((offered, form))
    return found
