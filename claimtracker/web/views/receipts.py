"""Which partners have a check, and how far a correction of it has come."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from claims.models import Claim
from claimtracker.partners.receipts import OPEN, corrections, holders_of, progress_of, receipts_of
from reviews import policies
from reviews.models import Publication


@login_required
@require_safe
def receipts(request: HttpRequest, pk: int) -> HttpResponse:
    """Of the newest correction; of a check that was never corrected, who has it. Editors and leads of its
    desk, and moderators."""
    claim = get_object_or_404(Claim.objects.visible_to(request.user).select_related("desk"), pk=pk)
    policies.can_see_receipts(request.user, claim).enforce()
    publication = Publication.objects.current().filter(claim=claim).first()
    if publication is None:
        raise Http404
    correction = corrections().filter(claim=claim.public_id).first()
    rows = receipts_of([correction]) if correction else []
    rows.sort(key=lambda row: row.state != OPEN)  # who has not dealt with it first, each by name
    named = {row.partner.pk for row in rows}
    context = {
        "claim": claim,
        "publication": publication,
        "correction": correction,
        "rows": rows,
        "progress": progress_of(rows),
        "holders": [(who, got) for who, got in holders_of(claim.public_id) if who.pk not in named],
    }
    return render(request, "web/receipts.html", context)
