"""Facts of a publication beside the verdict itself: its corrections, departures from the standards, and the
newsroom behind it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from ..models import Change, Publication
from ..standards import Finding


def correction_facts(version: int, kind: str, text: str, at: datetime) -> dict[str, Any]:
    """One line of the corrections log: what version ``version`` changed."""
    return {"version": version, "kind": kind, "text": text, "at": at.isoformat()}


def corrections_until(publication: Publication | None) -> list[dict[str, Any]]:
    """The log as the version ``publication`` has it, oldest first."""
    return list(publication.snapshot.get("corrections", [])) if publication else []


def log_after(
    last: Publication | None, number: int, kind: str, text: str, now: datetime
) -> dict[str, list[dict[str, Any]]]:
    """``corrections`` and ``rechecks`` of the version ``number`` after ``last``, each oldest first."""
    log = {"corrections": corrections_until(last), "rechecks": rechecks_until(last)}
    if last is None:
        return log
    line = correction_facts(number, kind, text, now)
    log["rechecks" if kind == Change.RECHECKED else "corrections"].append(line)
    return log


def rechecks_until(publication: Publication | None) -> list[dict[str, Any]]:
    """When it was looked at again and found the same, as the version ``publication`` has it, oldest first."""
    return list(publication.snapshot.get("rechecks", [])) if publication else []


def first_published_at(last: Publication | None, now: datetime) -> str:
    """When the first version went out; older snapshots do not say it."""
    if last is None:
        return now.isoformat()
    if first := last.snapshot.get("first_published_at"):
        return str(first)
    first_version = Publication.objects.filter(claim=last.claim_id).order_by("number").first()
    return (first_version or last).published_at.isoformat()


def finding_facts(finding: Finding) -> dict[str, str]:
    """As it is kept with the publication, and sent to whoever asks by machine."""
    return {
        "code": finding.code,
        "severity": finding.severity,
        "criterion": finding.criterion,
        "message": finding.message,
        "field": finding.field,
        "explanation": finding.explanation,
        "override": finding.override,
    }


def departures(found: list[Finding]) -> list[dict[str, str]]:
    """What readers are told of the standards: where a reason stands, in whose words."""
    return [
        {
            "criterion": finding.criterion,
            "finding": finding.for_readers or finding.message,
            "reason": finding.override or finding.explanation,
            "by": "lead" if finding.override else "desk",
        }
        for finding in found
        if finding.override or finding.explanation
    ]


def newsroom_facts() -> dict[str, str]:
    """Who publishes, with the pages that readers are owed, under schema.org's names."""
    methodology = settings.SITE_URL + reverse("reviews:methodology")
    policy = settings.SITE_URL + reverse("reviews:corrections_policy")
    facts = {
        "name": settings.PUBLISHER_NAME,
        "url": settings.SITE_URL + "/",
        "publishingPrinciples": settings.PUBLISHING_PRINCIPLES_URL or methodology,
        "correctionsPolicy": settings.CORRECTIONS_POLICY_URL or policy,
        "ownershipFundingInfo": settings.OWNERSHIP_FUNDING_URL,
        "ethicsPolicy": settings.ETHICS_POLICY_URL,
    }
    return {name: value for name, value in facts.items() if value}
