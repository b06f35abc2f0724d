"""The dossier of a claim, to print or to keep as a file."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from claims.models import Claim

from ..actions.dossiers import FILE, PAGE, make_dossier
from .access import person, signed_in
from .dossier_words import with_sentences


@signed_in
@require_safe
@never_cache
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """Editors and leads of the claim's desk, and moderators."""
    claim = _claim(request, pk)
    made = make_dossier(claim, by=person(request), form=PAGE)
    context = {
        "claim": claim,
        "dossier": made.facts,
        "timeline": with_sentences(made.facts["timeline"]),
        "sha256": made.sha256,
    }
    return render(request, "reviews/dossier.html", context)


@signed_in
@require_safe
@never_cache
def as_json(request: HttpRequest, pk: int) -> HttpResponse:
    """The same as JSON: docs/dossier.md describes it."""
    made = make_dossier(_claim(request, pk), by=person(request), form=FILE)
    response = HttpResponse(made.text, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="dossier-claim-{pk}.json"'
    return response


def _claim(request: HttpRequest, pk: int) -> Claim:
    rows = Claim.objects.visible_to(request.user).select_related("desk", "claimant")
    return get_object_or_404(rows, pk=pk)
