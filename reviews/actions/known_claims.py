"""What we published, as known claims: from the publications alone, so that it can be made anew."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction

from claims.actions.curation import lock_claim
from claims.actions.known_claims import record_own_known_claim, retract_own_known_claim
from claims.models import KnownClaim, RestrictedClaim
from claims.sources.claim_reviews import ReviewedClaim, host_of

from ..models import Publication


def record_as_known(publication: Publication, *, by: Any) -> KnownClaim | None:
    """Keep ``publication``, the newest of its claim, as known, or no longer when it is a retraction; of what
    is hidden or taken down nothing is known. The caller is publishing it, or shows it again, and holds the
    lock on the claim. Audits as the two actions on known claims do."""
    if RestrictedClaim.objects.withheld().filter(claim=publication.claim_id).exists():
        return None
    if publication.is_retraction:
        return retract_own_known_claim(publication.claim, by=by, reason=publication.change_note)
    return record_own_known_claim(publication.claim, review=review_of(publication), by=by)


def rebuild_known_claims(*, by: Any) -> int:
    """Record the newest publication of every claim as known, one transaction each; returns how many.

    Locks each claim in turn, so that somebody who publishes meanwhile is not overwritten. Safe to repeat.
    """
    claims = Publication.objects.order_by("claim_id").values_list("claim_id", flat=True).distinct()
    count = 0
    for claim_id in list(claims):
        with transaction.atomic():
            claim = lock_claim(claim_id)
            newest = Publication.objects.filter(claim=claim).order_by("-number").first()
            if newest is not None:
                record_as_known(newest, by=by)
                count += 1
    return count


def review_of(publication: Publication) -> ReviewedClaim:
    """What the public saw, from the snapshot and its ClaimReview; nothing of today's claim."""
    snapshot, document = publication.snapshot, publication.claim_review
    rating, publisher, item = snapshot["rating"], document["author"], document["itemReviewed"]
    has_place = rating.get("value") is not None
    return ReviewedClaim(
        text=snapshot["claim"]["text"],
        claimant=(snapshot.get("claimant") or {}).get("name", ""),
        claimed_on=date.fromisoformat(item["datePublished"]) if item.get("datePublished") else None,
        publisher_name=publisher["name"],
        publisher_site=host_of(publisher["url"]),
        url=snapshot["url"],
        rating=rating["label"],
        rating_value=float(rating["value"]) if has_place else None,
        rating_best=float(rating["best"]) if has_place else None,
        rating_worst=float(rating["worst"]) if has_place else None,
        reviewed_on=date.fromisoformat(snapshot["published_at"][:10]),
        language=settings.LANGUAGE_CODE,
        appearances=tuple(work["url"] for work in item.get("appearance", ())),
        external_id=snapshot["claim"]["id"],
    )
