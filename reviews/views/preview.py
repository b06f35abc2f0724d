"""The page of a verdict before it is public: as readers will see it, with what only we see above it."""

from __future__ import annotations

import json

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from .. import policies, states
from ..actions.previewing import preview_of
from ..selectors.workspace import workspace_of
from .access import person, signed_in
from .public import check_context

SHOWN = (*states.WAITING, states.APPROVED)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """``change`` and ``change_note`` are those of a later version, sent by the form of publishing, so that
    what was typed stands in no address. Saves nothing."""
    sent = request.POST
    space = workspace_of(pk, request.user)
    verdict = space.verdict if policies.may_see_verdict(person(request), pk) else None
    if verdict is None or verdict.state not in SHOWN or hasattr(verdict, "publication"):
        messages.info(request, _("There is no verdict here that waits to be published."))
        return redirect("reviews:claim_detail", pk)
    shown = preview_of(
        verdict,
        change=sent.get("change", ""),
        change_note=sent.get("change_note", "")[:2000],
    )
    context = check_context(shown.publication, shown.publication.number)
    context["preview"] = shown
    context["findings"] = shown.findings
    context["claim_pk"] = pk
    context["claim_review_text"] = json.dumps(shown.publication.claim_review, ensure_ascii=False, indent=2)
    response = render(request, "public/claim.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response
