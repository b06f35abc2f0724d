"""Refusals for whoever drives the desk's addresses by machine: the page's sentences as problem+json."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from claimtracker.kernel.errors import ActionRefused
from claimtracker.kernel.problems import CONTENT_TYPE, problem

from ..actions.gate import StandardsNotMet
from ..forms import RefusableForm
from .access import status_of


def wants_problem(request: HttpRequest) -> bool:
    return CONTENT_TYPE in request.headers.get("Accept", "")


def problem_of(refusal: ActionRefused) -> HttpResponse:
    """422 with every finding and its criterion when the gate stays shut, otherwise the page's status."""
    if isinstance(refusal, StandardsNotMet):
        errors = [
            {
                "detail": finding.message,
                "code": finding.code,
                "criterion": _("IFCN %(criterion)s") % {"criterion": finding.criterion},
                "severity": finding.severity,
                "pointer": f"#/{finding.field}" if finding.field else "#",
            }
            for finding in refusal.findings
            if not finding.override
        ]
        return problem(422, refusal.reason, code="standards", errors=errors)
    errors = (
        [{"detail": refusal.reason, "code": refusal.code, "pointer": f"#/{refusal.field}"}]
        if refusal.field
        else []
    )
    return problem(status_of(refusal), refusal.reason, code=refusal.code, errors=errors)


def problem_of_form(form: RefusableForm) -> HttpResponse:
    errors = [
        {"detail": str(sentence), "code": "invalid", "pointer": f"#/{name}"}
        for name, sentences in form.errors.items()
        for sentence in sentences
    ]
    return problem(422, errors[0]["detail"], code="invalid", errors=errors)
