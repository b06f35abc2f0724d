"""What is stored about a claim that the standards gate looks at."""

from __future__ import annotations

from django.db.models import Max, Q

from claims.models import Claim

from .. import standards, states
from ..models import ClaimRoute, Publication, StandardsNote, StandardsOverride, Verdict
from .replies import reply_standing


def cited_evidence(claim: Claim) -> list[standards.CitedEvidence]:
    return [
        standards.CitedEvidence(
            stance=item.stance,
            publisher=item.source.publisher,
            source_kind=item.source.kind,
            can_be_found=bool(item.source.url or item.source.citation),
            title=item.source.title,
            is_dated=item.source.accessed_at is not None,
            interest_note=item.source.interest_note,
            is_confidential=item.source.is_confidential,
            confidential_because=item.source.confidential_because,
        )
        for item in claim.evidence.select_related("source")
    ]


def answers_to(claim: Claim) -> tuple[dict[str, str], dict[str, str]]:
    """Code → what people explained, and code → why a lead overrides it for the next version."""
    explained = dict(StandardsNote.objects.filter(claim=claim).values_list("code", "text"))
    overrides = standing_overrides(claim)
    return explained, {override.code: override.reason for override in reversed(overrides)}


def standing_overrides(claim: Claim) -> list[StandardsOverride]:
    """Those that count for the next version, newest first: given since the last one, not by its author."""
    published = Publication.objects.filter(claim=claim).aggregate(at=Max("published_at"))["at"]
    since = Q(created_at__gt=published) if published else Q()
    rows = StandardsOverride.objects.filter(since, claim=claim).exclude(by=author_of_next(claim))
    return list(rows.order_by("-id"))


def author_of_next(claim: Claim) -> int | None:
    """Who proposed the verdict that would go out next."""
    rows = Verdict.objects.filter(claim=claim, publication__isnull=True).exclude(state=states.DRAFT)
    return rows.order_by("-id").values_list("author_id", flat=True).first()


def contact_of(claim: Claim) -> standards.ClaimantContact | None:
    """How far the claimant's right of reply has come; None where there is nobody to ask."""
    if claim.claimant_id is None:
        return None
    return reply_standing(claim).contact


def selection_reason_of(claim: Claim) -> str | None:
    """Why the claim was chosen; None for one that was never routed."""
    routes = ClaimRoute.objects.filter(claim=claim)
    return routes.values_list("selection_reason", flat=True).first()


def next_version_of(
    claim: Claim, kind: str, text: str, *, summary: str, rationale: str
) -> standards.NextVersion | None:
    """What the next version, with these words, is to the last one that had a rating; None for the first."""
    versions = list(Publication.objects.filter(claim=claim).order_by("-number")[:2])
    last = next((version for version in versions if not version.is_retraction), None)
    if last is None:
        return None
    differs = differences(last, claim, summary=summary, rationale=rationale)
    if versions[0].is_retraction:
        differs.append("what was retracted")
    return standards.NextVersion(
        kind, text, previous_rating=str(last.snapshot["rating"]["label"]), differs=differs
    )


def differences(last: Publication, claim: Claim, *, summary: str, rationale: str) -> list[str]:
    """What of a finding in these words is not as ``last`` says it, its rating apart."""
    snapshot = last.snapshot
    pairs = {
        "the claim's wording": (snapshot["claim"]["text"], claim.text),
        "the summary": (snapshot["summary"], summary),
        "the rationale": (snapshot["rationale"], rationale),
    }
    return [name for name, (before, now) in pairs.items() if before != now]
