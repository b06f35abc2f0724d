"""What is publicly known of a text: reviews that were published, by us or by others, and nothing else."""

from __future__ import annotations

from typing import Any

from claims.matching.agreement import sentence
from claims.matching.finding import Finding, Found, find_known
from claims.matching.wording import statement_of
from claims.models import KnownClaim
from reviews.models import Publication

USUAL = 5
LOOKED_AT = 60  # some may have been withdrawn since they were indexed


def matches_of(text: str, *, claimant: str = "", language: str = "", limit: int = USUAL) -> dict[str, Any]:
    """The likeliest ``limit``, best first. As many queries for any number of them."""
    finding = find_known(
        statement_of(text, claimant=claimant), language=language, limit=LOOKED_AT, published_only=True
    )
    rows = _standing(finding)
    found = [one for one in finding.found if one.candidate.known_claim_id in rows][:limit]
    ours = _publications(rows[one.candidate.known_claim_id or 0] for one in found)
    return {
        "method": finding.method,
        "results": [_result(one, rows[one.candidate.known_claim_id or 0], ours) for one in found],
    }


def _standing(finding: Finding) -> dict[int, KnownClaim]:
    ids = [one.candidate.known_claim_id for one in finding.found]
    return KnownClaim.objects.standing().in_bulk([pk for pk in ids if pk is not None])


def _publications(rows: Any) -> dict[int, Any]:
    """The newest version of each of our own, by its claim."""
    claims = [row.claim_id for row in rows if row.claim_id is not None]
    current = Publication.objects.current().readable().filter(claim__in=claims)
    return dict(current.values_list("claim_id", "public_id"))


def _result(one: Found, row: KnownClaim, ours: dict[int, Any]) -> dict[str, Any]:
    return {
        "score": one.probability,
        "grade": one.grade,
        "reasons": [sentence(reason) for reason in one.agreement.reasons],
        "known_claim": {
            "text": row.text,
            "claimant": row.claimant,
            "claimed_on": row.claimed_on,
            "title": row.title,
            "rating": row.rating,
            "publisher": row.publisher,
            "publisher_site": row.publisher_site,
            "url": row.url,
            "reviewed_on": row.reviewed_on,
            "language": row.language,
            "publication": ours.get(row.claim_id or 0),
        },
    }
