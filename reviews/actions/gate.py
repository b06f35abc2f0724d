"""The standards gate on the words of a verdict and the claim's evidence."""

from __future__ import annotations

from claims.models import Claim
from claimtracker.kernel.errors import ActionRefused

from .. import standards
from ..models import Rating


def proposal_of(claim: Claim, *, rating: Rating | None, summary: str, rationale: str) -> standards.Proposal:
    """What the standards gate looks at, from the claim's evidence and the words of a verdict."""
    return standards.Proposal(
        rating=rating.label if rating else "",
        has_value=bool(rating and rating.value is not None),
        summary=summary,
        rationale=rationale,
        evidence=[
            standards.CitedEvidence(
                stance=item.stance,
                publisher=item.source.publisher,
                source_kind=item.source.kind,
                can_be_found=bool(item.source.url or item.source.citation),
            )
            for item in claim.evidence.select_related("source")
        ],
    )


def check_standards(claim: Claim, *, rating: Rating | None, summary: str, rationale: str) -> None:
    """Raise ActionRefused with the gate's first error, unless there is none."""
    proposal = proposal_of(claim, rating=rating, summary=summary, rationale=rationale)
    if found := standards.errors(proposal):
        first = found[0]
        raise ActionRefused(f"{first.message} (IFCN {first.criterion})", code=first.code, field=first.field)
