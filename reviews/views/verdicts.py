"""Writing a verdict and deciding on one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from claims.actions.curation import restore_claim
from claims.models import Claim
from claims.states import SET_ASIDE
from claimtracker.kernel.errors import ActionRefused

from .. import policies
from ..actions import publishing
from ..actions.recheck import open_recheck
from ..actions.triage import dismiss_from_review, reword_claim
from ..actions.verdicts import approve_verdict, request_changes, save_draft, submit_verdict
from ..forms import ApproveAndPublishForm, ProposalForm, PublishForm, ReasonForm, RevisionForm, WordingForm
from ..models import ReviewTask, Verdict
from ..selectors.workspace import Workspace, workspace_of
from ..standards import RULES
from .access import by_form, person, signed_in
from .workspace import attempt, counts_of, draft_key, findings_of, typed


@signed_in
@by_form
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    space, form = workspace_of(pk, request.user), ProposalForm(request.POST)
    task = _task_of(space)
    if policies.can_submit_verdict(person(request), task) and space.claim.state not in SET_ASIDE:
        # the action names the first thing that is missing; a form can name them all
        form.ask_for(
            found
            for found in findings_of(space, *typed(form))
            if found.is_open and RULES[found.code].stops_proposals
        )
    return attempt(
        request,
        pk,
        _unless_overtaken(form, pk, lambda: submit_verdict(task, by=person(request), **form.cleaned_data)),
        done=_("Proposed. A second person decides now."),
        form=form,
        slot="verdict",
        draft=draft_key("verdict", pk),
    )


@signed_in
@by_form
def keep_draft(request: HttpRequest, pk: int) -> HttpResponse:
    task, form = _research(request, pk), ProposalForm(request.POST)
    return attempt(
        request,
        pk,
        _unless_overtaken(form, pk, lambda: save_draft(task, by=person(request), **form.cleaned_data)),
        done=_("The draft is saved."),
        form=form,
        slot="verdict",
        draft=draft_key("verdict", pk),
        anchor="verdict",
    )


@signed_in
@by_form
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """What the standards say of the words as typed. Saves nothing."""
    space = workspace_of(pk, request.user)
    findings = findings_of(space, *typed(ProposalForm(request.POST)))
    context = {"findings": findings, "counts": counts_of(findings), "is_live": True}
    return render(request, "reviews/_findings.html", context)


@signed_in
@by_form
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    verdict, form = _verdict(request, pk), RevisionForm(request.POST)
    return attempt(
        request,
        pk,
        lambda: approve_verdict(verdict, by=person(request), revision=form.cleaned_data["revision"]),
        done=_("Approved. It is not public yet."),
        form=form,
    )


@signed_in
@by_form
def approve_and_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Both or neither: a verdict that cannot go out is not approved by this button either."""
    verdict, form = _verdict(request, pk), ApproveAndPublishForm(request.POST)
    return attempt(
        request,
        pk,
        lambda: publishing.approve_and_publish(verdict, by=person(request), **form.cleaned_data),
        done=_("Approved and published."),
        form=form,
        slot="publishing",
    )


@signed_in
@by_form
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    verdict, form = _verdict(request, pk), PublishForm(request.POST)
    return attempt(
        request,
        pk,
        lambda: publishing.publish_verdict(verdict, by=person(request), **form.cleaned_data),
        done=_("Published."),
        form=form,
        slot="publishing",
    )


@signed_in
@by_form
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    verdict, form = _verdict(request, pk), ReasonForm(request.POST, prefix="changes")
    return attempt(
        request,
        pk,
        lambda: request_changes(verdict, by=person(request), reason=form.cleaned_data["reason"]),
        done=_("Returned to %(name)s with your reason.") % {"name": verdict.author},
        form=form,
        slot="changes",
        draft=draft_key("changes", pk),
    )


@signed_in
@by_form
def dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    claim, form = _claim(request, pk), ReasonForm(request.POST, prefix="dismissal")
    return attempt(
        request,
        pk,
        lambda: dismiss_from_review(claim, by=person(request), reason=form.cleaned_data["reason"]),
        done=_("Dismissed. The reason stays in the history."),
        form=form,
        slot="dismissal",
        draft=draft_key("dismissal", pk),
    )


@signed_in
@by_form
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    claim = _claim(request, pk)
    by = person(request)
    return attempt(
        request,
        pk,
        lambda: restore_claim(claim, by=by),
        done=_("Restored. Its new task appears in a moment."),
    )


@signed_in
@by_form
def reword(request: HttpRequest, pk: int) -> HttpResponse:
    """The claim's wording and speaker; what the article says stays as it is."""
    claim, form = _claim(request, pk), WordingForm(request.POST, prefix="wording")
    return attempt(
        request,
        pk,
        lambda: reword_claim(claim, by=person(request), **form.cleaned_data),
        done=_("The wording is saved."),
        form=form,
        slot="wording",
        draft=draft_key("wording", pk),
    )


@signed_in
@by_form
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a published check to be looked at again."""
    claim, form = _claim(request, pk), ReasonForm(request.POST, prefix="recheck")
    return attempt(
        request,
        pk,
        lambda: open_recheck(claim, by=person(request), reason=form.cleaned_data["reason"]),
        done=_("A task to correct it is in the queue. The published version stays until the next one is."),
        form=form,
        slot="recheck",
        draft=draft_key("recheck", pk),
    )


def _unless_overtaken(form: ProposalForm, pk: int, act: Callable[[], Any]) -> Callable[[], Any]:
    """``act``, whose refusal because of another window's words shows them beside the typed ones."""

    def acting() -> Any:
        try:
            return act()
        except ActionRefused as refusal:
            newest = Verdict.objects.filter(claim=pk).order_by("-id").first()
            if refusal.code == "overtaken" and newest is not None:
                form.say_overtaken(newest)
            raise

    return acting


def _claim(request: HttpRequest, pk: int) -> Claim:
    return get_object_or_404(Claim.objects.visible_to(request.user), pk=pk)


def _research(request: HttpRequest, pk: int) -> ReviewTask:
    return _task_of(workspace_of(pk, request.user))


def _task_of(space: Workspace) -> ReviewTask:
    task = space.research
    if task is None:
        raise Http404
    return task


def _verdict(request: HttpRequest, pk: int) -> Verdict:
    """The newest verdict on the claim; which revision of it was read stands in the form."""
    verdict = workspace_of(pk, request.user).verdict
    if verdict is None:
        raise Http404
    return verdict
