"""The evidence board: adding a source and taking one off."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_htmx.http import trigger_client_event

from claims.models import Claim
from claimtracker.kernel.errors import ActionRefused

from ..actions.evidence import add_evidence, remove_evidence
from ..forms import EvidenceForm
from ..models import Evidence
from ..selectors.workspace import workspace_of
from .access import by_form, person, signed_in, status_of
from .page_looks import look_context, words_stand
from .problems import wants_problem
from .workspace import Sent, attempt, draft_key, show

BOARD = "reviews/_evidence.html"


@signed_in
@by_form
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """A whole page, or for htmx the board alone, so that a verdict being typed beside it stays untouched."""
    claim = _claim(request, pk)
    form = EvidenceForm(request.POST)
    if request.headers.get("HX-Request") == "true":
        return _add_to_board(request, claim, form)
    if form.is_valid() and not words_stand(form, claim, request.user) and not wants_problem(request):
        return _refused(request, claim, form, 422, "")
    return attempt(
        request,
        pk,
        lambda: add_evidence(claim, by=person(request), **form.facts()),
        done=_("The source is on the board."),
        form=form,
        slot="evidence",
        draft=draft_key("evidence", pk),
        anchor="evidence",
    )


@signed_in
@require_safe
def board(request: HttpRequest, pk: int) -> HttpResponse:
    """The board as it is now, for a page on which it is older; words in its form are kept by the browser."""
    if request.headers.get("HX-Request") != "true":
        return redirect("reviews:claim_detail", pk=pk)
    response = show(request, workspace_of(pk, request.user), template=BOARD, extra={"goes_on": True})
    return trigger_client_event(response, "evidence:changed", after="settle")


@signed_in
@by_form
def remove(request: HttpRequest, pk: int, evidence_pk: int) -> HttpResponse:
    claim = _claim(request, pk)
    evidence = Evidence.objects.filter(claim=claim, pk=evidence_pk).first()

    def act() -> None:
        if evidence is None:
            raise ActionRefused(_("Somebody has taken this source off the board already."), code="gone")
        remove_evidence(evidence, by=person(request))

    return attempt(request, pk, act, done=_("The source is off the board."), anchor="evidence")


def _add_to_board(request: HttpRequest, claim: Claim, form: EvidenceForm) -> HttpResponse:
    status = 422
    if form.is_valid() and words_stand(form, claim, request.user):
        try:
            add_evidence(claim, by=person(request), **form.facts())
        except ActionRefused as refusal:
            form.refuse(refusal)
            # htmx swaps 409 and 422 only
            status = 409 if status_of(refusal) == 403 else status_of(refusal)
        else:
            space = workspace_of(claim.pk, request.user)
            messages.success(
                request,
                _("The source is on the board."),
                extra_tags=f"draft:{draft_key('evidence', claim.pk)}",
            )
            response = show(request, space, template=BOARD, extra={"goes_on": True})
            return trigger_client_event(response, "evidence:changed", after="settle")
    form.mark_invalid()
    return _refused(request, claim, form, status, BOARD)


def _refused(
    request: HttpRequest, claim: Claim, form: EvidenceForm, status: int, template: str
) -> HttpResponse:
    """The form as it was typed, with what is known of its address, which the page showed before."""
    space = workspace_of(claim.pk, request.user)
    look = {} if form["is_confidential"].value() else {"page_look": look_context(claim, request.user, form)}
    return show(request, space, sent=Sent(evidence=form), status=status, template=template, extra=look)


def _claim(request: HttpRequest, pk: int) -> Claim:
    return get_object_or_404(Claim.objects.visible_to(request.user), pk=pk)
