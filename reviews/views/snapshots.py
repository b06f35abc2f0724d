"""Copies of pages: read as text, or downloaded. Nothing of a foreign page is ever shown as a page of ours."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from claims.models import Claim
from claimtracker.kernel.content_store import ContentDamaged, ContentMissing

from ..actions.snapshots import text_of
from ..actions.source_checks import settle_change
from ..actions.source_reads import note_reads
from ..models import Evidence, EvidenceChange, QuotationCheck, SourceSnapshot
from ..selectors.cited import shown_to
from ..selectors.sources import open_changes, quotations_on, snapshot_for
from ..snapshot_store import snapshot_store
from .access import by_form, person, signed_in
from .quotation_words import quotation_line
from .source_words import page_line
from .workspace import attempt

WINDOW = 60_000  # code points of a long text that are shown around the quotation
SUFFIXES = {"text/html": "html", "application/pdf": "pdf", "text/csv": "csv"}


@signed_in
@require_safe
def snapshot(request: HttpRequest, pk: int) -> HttpResponse:
    """The words of the page, with a quotation marked when ``?evidence=`` names one."""
    found = snapshot_for(pk, request.user)
    note_reads([found.source], by=person(request))
    check = _asked_check(request, found)
    context: dict[str, Any] = {
        "snapshot": found,
        "source": found.source,
        "check": check,
        "text": None,
        "quotations": [quotation_line(each) for each in quotations_on(found, request.user)],
    }
    status = 200
    try:
        text = text_of(found)
        context |= _shown(text, check) if text is not None else {"is_text": False}
    except (ContentMissing, ContentDamaged):
        context["lost"] = True
        status = 410
    return render(request, "reviews/snapshot.html", context, status=status)


@signed_in
@require_safe
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """The bytes as they came, only ever as a download: no browser runs them under our name."""
    found = snapshot_for(pk, request.user)
    note_reads([found.source], by=person(request))
    try:
        content = snapshot_store().get(found.page_id)
    except (ContentMissing, ContentDamaged):
        raise Http404 from None
    response = HttpResponse(content, content_type="application/octet-stream")
    name = f"copy-{found.pk}-{found.page_id[:8]}.{SUFFIXES.get(found.media_type, 'txt')}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@signed_in
@require_safe
def quotation(request: HttpRequest, pk: int, evidence_pk: int) -> HttpResponse:
    """The line about one quotation, for a board that waits for it."""
    claim = get_object_or_404(Claim.objects.visible_to(request.user), pk=pk)
    rows = Evidence.objects.filter(claim=claim, pk=evidence_pk)
    rows = rows.select_related("source__last_snapshot", "last_quote__since", "claim")
    items = shown_to(rows, request.user)
    if not items:
        return HttpResponse("")  # it is off the board
    line = page_line(items[0], open_changes(items).get(evidence_pk))
    if line is None:
        return HttpResponse("")
    return render(request, "reviews/_page_line.html", {"item": items[0], "line": line})


@signed_in
@by_form
def seen(request: HttpRequest, pk: int, evidence_pk: int) -> HttpResponse:
    """Somebody has looked at what changed under a piece of evidence."""
    claim = get_object_or_404(Claim.objects.visible_to(request.user), pk=pk)
    change = _newest_change(claim, evidence_pk)
    return attempt(
        request,
        pk,
        lambda: settle_change(change, by=person(request)),
        done=_("Noted: what the page says now is what counts from here on."),
        anchor=f"evidence-{evidence_pk}",
    )


def _newest_change(claim: Claim, evidence_pk: int) -> EvidenceChange:
    change = (
        EvidenceChange.objects.filter(evidence__claim=claim, evidence=evidence_pk).order_by("-id").first()
    )
    if change is None:
        raise Http404
    return change


def _asked_check(request: HttpRequest, found: SourceSnapshot) -> QuotationCheck | None:
    wanted = request.GET.get("evidence", "")
    if not (wanted.isdecimal() and len(wanted) < 18):
        return None
    claims = Claim.objects.visible_to(request.user)
    checks = QuotationCheck.objects.filter(snapshot=found, evidence=int(wanted), evidence__claim__in=claims)
    return checks.filter(end__gt=0).select_related("evidence__claim").first()


def _shown(text: str, check: QuotationCheck | None) -> dict[str, Any]:
    """The text around the quotation, or its beginning, in three parts."""
    start, end = (check.start, check.end) if check else (0, 0)
    first = max(0, start - WINDOW // 2)
    last = min(len(text), max(first + WINDOW, end))
    return {
        "is_text": True,
        "before": text[first:start],
        "marked": text[start:end],
        "after": text[end:last],
        "is_part": first > 0 or last < len(text),
    }
