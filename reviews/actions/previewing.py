"""What readers would see if a verdict went out now. Nothing is saved, locked or told."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from .. import standards
from ..models import Change, Publication, Verdict
from .gate import findings_on
from .publishing import said_of_change, version_after


@dataclass(frozen=True, slots=True)
class Preview:
    """``publication`` is not saved; ``findings`` are what the standards gate says of it."""

    publication: Publication
    findings: list[standards.Finding]

    @property
    def may_go_out(self) -> bool:
        return not any(finding.is_open for finding in self.findings)


def preview_of(verdict: Verdict, *, change: str = "", change_note: str = "") -> Preview:
    """The next version of a verdict that has a rating. For a later version without ``change`` the gate says
    that it is missing, as it would. Reads only."""
    verdicts = Verdict.objects.select_related(
        "claim", "rating__scale", "author", "approver", "article_version"
    )
    verdict = verdicts.get(pk=verdict.pk)
    claim = verdict.claim
    last = Publication.objects.filter(claim=claim).order_by("-number").first()
    said = said_of_change(change, change_note) if last else ("", "")
    found = findings_on(claim, verdict, change=said if last else None)
    shown = (said[0] or Change.CORRECTION.value, said[1]) if last else said
    publication = version_after(last, claim, verdict, said=shown, found=found, now=timezone.now())
    return Preview(publication, found)
