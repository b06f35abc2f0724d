"""Deciding on a proposal in other ways than as it is: in better words, with another rating, blind, and by a
lead where two people differ."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from ..actions.adjudication import decide_otherwise, return_disputed, uphold_verdict
from ..actions.blind_review import submit_blind_review, waive_blind_review
from ..actions.second_review import dissent_from_verdict, edit_and_approve
from ..actions.verdicts import take_back_verdict
from ..forms import ReasonForm, RefusableForm
from ..forms.reviewing import BlindReviewForm, DissentForm, EditForm, OtherwiseForm, ReviewedReasonForm
from ..models import ReviewTask, Verdict
from ..selectors.workspace import workspace_of
from .access import by_form, person, signed_in
from .reviewing_parts import differing_ratings, open_blind_task
from .workspace import attempt, draft_key


@signed_in
@by_form
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve the proposal in better words."""
    return _decide(
        request,
        pk,
        edit_and_approve,
        EditForm(request.POST, prefix="edit"),
        "edit",
        _("Edited and approved. It is not public yet."),
    )


@signed_in
@by_form
def dissent(request: HttpRequest, pk: int) -> HttpResponse:
    form = DissentForm(request.POST, prefix="dissent")
    return _decide(
        request, pk, dissent_from_verdict, form, "dissent", _("Kept. A lead of the desk decides now.")
    )


@signed_in
@by_form
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    verdict = _verdict(request, pk)
    return attempt(
        request,
        pk,
        lambda: take_back_verdict(verdict, by=person(request)),
        done=_("It is your draft again. Send it for approval when it is ready."),
    )


@signed_in
@by_form
def uphold(request: HttpRequest, pk: int) -> HttpResponse:
    form = ReviewedReasonForm(request.POST, prefix="uphold")
    return _decide(request, pk, uphold_verdict, form, "uphold", _("Upheld and approved."))


@signed_in
@by_form
def otherwise(request: HttpRequest, pk: int) -> HttpResponse:
    form = OtherwiseForm(request.POST, prefix="otherwise")
    form.offer(differing_ratings(_verdict(request, pk)))
    return _decide(
        request, pk, decide_otherwise, form, "otherwise", _("Decided. It is approved with the other rating.")
    )


@signed_in
@by_form
def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    form = ReviewedReasonForm(request.POST, prefix="back")
    return _decide(
        request, pk, return_disputed, form, "giving_back", _("Returned to its author with your reason.")
    )


@signed_in
@by_form
def blind(request: HttpRequest, pk: int) -> HttpResponse:
    """Send one's own rating, without having seen the proposal."""
    task = _blind_task(request, pk)
    form = BlindReviewForm(request.POST, prefix="blind")
    return attempt(
        request,
        pk,
        lambda: submit_blind_review(task, by=person(request), **form.cleaned_data),
        done=_("Your rating is kept. Now you see what was proposed."),
        form=form,
        slot="blind",
        draft=draft_key("blind", pk),
        anchor="verdict",
    )


@signed_in
@by_form
def waive(request: HttpRequest, pk: int) -> HttpResponse:
    task, form = _blind_task(request, pk), ReasonForm(request.POST, prefix="waiver")
    return attempt(
        request,
        pk,
        lambda: waive_blind_review(task, by=person(request), reason=form.cleaned_data["reason"]),
        done=_("It goes on without a blind review. The reason stays in the history."),
        form=form,
        slot="waiver",
    )


def _decide(
    request: HttpRequest, pk: int, act: Callable[..., Any], form: RefusableForm, slot: str, done: str
) -> HttpResponse:
    verdict = _verdict(request, pk)
    return attempt(
        request,
        pk,
        lambda: act(verdict, by=person(request), **form.cleaned_data),
        done=done,
        form=form,
        slot=slot,
        draft=draft_key(slot, pk),
        anchor="verdict",
    )


def _verdict(request: HttpRequest, pk: int) -> Verdict:
    verdict = workspace_of(pk, request.user).verdict
    if verdict is None:
        raise Http404
    return verdict


def _blind_task(request: HttpRequest, pk: int) -> ReviewTask:
    task = open_blind_task(workspace_of(pk, request.user), person(request))
    if task is None:
        raise Http404
    return task
