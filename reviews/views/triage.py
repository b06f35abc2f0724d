"""Deciding whether a claim is checked, from its page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from claims.models import Claim
from claimtracker.kernel.errors import ActionRefused

from ..actions.triage import check_triaged, dismiss_triaged, explain_selection, merge_triaged
from ..forms import MergeForm, ReasonForm
from ..forms.routing import TriageForm
from ..models import ReviewTask
from ..models.review_task import TaskKind
from .access import by_form, person, signed_in
from .workspace import attempt, draft_key


@signed_in
@by_form
def check(request: HttpRequest, pk: int) -> HttpResponse:
    task, form = _task(request, pk), TriageForm(request.POST, prefix="check")
    takes = form.is_valid() and form.cleaned_data["take"]
    return attempt(
        request,
        pk,
        lambda: check_triaged(task, by=person(request), **form.cleaned_data),
        done=_("It is checked, and the task is yours.") if takes else _("It will be checked: a task opened."),
        form=form,
        slot="triage_check",
        draft=draft_key("triage-check", pk),
    )


@signed_in
@by_form
def dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    task, form = _task(request, pk), ReasonForm(request.POST, prefix="triage-dismissal")
    return attempt(
        request,
        pk,
        lambda: dismiss_triaged(task, by=person(request), reason=form.cleaned_data["reason"]),
        done=_("Dismissed. The reason stays in the history."),
        form=form,
        slot="triage_dismissal",
        draft=draft_key("triage-dismissal", pk),
    )


@signed_in
@by_form
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    task, form = _task(request, pk), MergeForm(request.POST, prefix="triage-merge")

    def act() -> None:
        number = form.cleaned_data["other"]
        into = Claim.objects.visible_to(request.user).filter(pk=number).first()
        if into is None:
            raise ActionRefused(
                _("There is no claim %(number)s that you may see.") % {"number": number},
                code="no_such_claim",
                field="other",
            )
        merge_triaged(task, by=person(request), into=into, note=form.cleaned_data["note"])

    return attempt(
        request,
        pk,
        act,
        done=_("Merged. The family is checked once."),
        form=form,
        slot="triage_merge",
        draft=draft_key("triage-merge", pk),
    )


@signed_in
@by_form
def explain(request: HttpRequest, pk: int) -> HttpResponse:
    """Why the claim was chosen, for readers."""
    claim = get_object_or_404(Claim.objects.visible_to(request.user), pk=pk)
    form = TriageForm(request.POST, prefix="selection")
    return attempt(
        request,
        pk,
        lambda: explain_selection(claim, by=person(request), reason=form.cleaned_data["reason"]),
        done=_("Saved. Readers see it with the check."),
        form=form,
        slot="selection",
        draft=draft_key("selection", pk),
        anchor="why-here",
    )


def _task(request: HttpRequest, pk: int) -> ReviewTask:
    """The claim's newest triage task, open or not: a decision that came too late is refused by its reason."""
    get_object_or_404(Claim.objects.visible_to(request.user), pk=pk)
    tasks = ReviewTask.objects.filter(claim=pk, kind=TaskKind.TRIAGE).order_by("-id")
    return get_object_or_404(tasks[:1])
