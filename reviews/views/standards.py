"""Answers to the standards gate, taking a check back, and the same findings for machines."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from claims.models import Claim

from .. import policies
from ..actions.corrections import retract_publication
from ..actions.gate import explain_finding, override_standards
from ..actions.publication_facts import finding_facts
from ..forms import ExplainForm, OverrideForm, RetractForm
from ..selectors.workspace import workspace_of
from .access import by_form, person, signed_in
from .workspace import attempt, draft_key, findings_of


@signed_in
@require_safe
def as_json(request: HttpRequest, pk: int) -> HttpResponse:
    """What the gate says of the claim's newest verdict, as the page shows it."""
    space = workspace_of(pk, request.user)
    verdict = space.verdict if policies.may_see_verdict(person(request), space.claim.pk) else None
    rating, summary, rationale = (
        (verdict.rating, verdict.summary, verdict.rationale) if verdict else (None, "", "")
    )
    found = findings_of(space, rating, summary, rationale)
    response = JsonResponse(
        {
            "may_be_published": not any(finding.is_open for finding in found),
            "findings": [finding_facts(finding) for finding in found],
        },
        json_dumps_params={"ensure_ascii": False},
    )
    response["Cache-Control"] = "private, no-store"
    return response


@signed_in
@by_form
def explain(request: HttpRequest, pk: int) -> HttpResponse:
    claim, form = _claim(request, pk), ExplainForm(request.POST, prefix="explain")
    return attempt(
        request,
        pk,
        lambda: explain_finding(claim, by=person(request), **form.cleaned_data),
        done=_("The reason is kept, and published with the check."),
        form=form,
        slot="explanation",
        anchor="standards",
    )


@signed_in
@by_form
def override(request: HttpRequest, pk: int) -> HttpResponse:
    claim, form = _claim(request, pk), OverrideForm(request.POST, prefix="override")
    return attempt(
        request,
        pk,
        lambda: override_standards(claim, by=person(request), **form.cleaned_data),
        done=_("The next version may go out with this. Your reason is published with it."),
        form=form,
        slot="override",
        anchor="standards",
    )


@signed_in
@by_form
def retract(request: HttpRequest, pk: int) -> HttpResponse:
    claim, form = _claim(request, pk), RetractForm(request.POST, prefix="retraction")
    return attempt(
        request,
        pk,
        lambda: retract_publication(claim, by=person(request), **form.cleaned_data),
        done=_("Retracted. Readers see your reason in place of the finding."),
        form=form,
        slot="retraction",
        draft=draft_key("retraction", pk),
    )


def _claim(request: HttpRequest, pk: int) -> Claim:
    return get_object_or_404(Claim.objects.visible_to(request.user).select_related("desk"), pk=pk)
