"""Known claims, one by one: ours as they are published, and what a moderator withdraws or restores."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claimtracker.kernel.errors import ActionRefused
from claimtracker.ledger import audit

from .. import policies
from ..models import Claim, KnownClaim, Origin
from ..sources.claim_reviews import IdentifiedReview, ReviewedClaim, digest_of
from .curation import lock_claim
from .match_marks import mark_claims, mark_known_claims


@transaction.atomic
def record_own_known_claim(claim: Claim, *, review: ReviewedClaim, by: Any) -> KnownClaim:
    """Keep what was published of ``claim`` as known: a later publication updates the same row.

    The caller decides whether ``by`` may publish, and holds the lock on the claim. What a moderator withdrew
    stays withdrawn; what a retraction took back stands again. Audits known_claim.recorded, or
    known_claim.changed and known_claim.restored, or nothing when all is as it was.
    """
    row = IdentifiedReview(claim.public_id.hex, digest_of(review), review)
    now = timezone.now()
    known = KnownClaim.objects.select_for_update().filter(claim=claim).first()
    if known is None:
        known = new_known_claim(row, origin=Origin.OWN, now=now)
        known.claim = claim
        known.save()
        _mark(known)
        audit.record("known_claim.recorded", by=by, subject=known, details={"claim": claim.pk})
        return known
    if known.content_sha256 != row.digest:
        apply_change(known, row, by=by, now=now, details={"claim": claim.pk})
    known.last_seen_at = now
    if known.is_retracted:
        known.withdrawn_at, known.withdrawn_because, known.is_retracted = None, "", False
        audit.record("known_claim.restored", by=by, subject=known, details={"claim": claim.pk})
    known.save()
    _mark(known)
    return known


@transaction.atomic
def retract_own_known_claim(claim: Claim, *, by: Any, reason: str) -> KnownClaim | None:
    """Our check of ``claim`` was retracted: it is not offered as known any more, until the next publication.
    None when it never was known, or a moderator withdrew it before.

    The caller decides whether ``by`` may retract, and holds the lock on the claim. Audits
    known_claim.withdrawn with the reason.
    """
    known = KnownClaim.objects.select_for_update().filter(claim=claim, withdrawn_at__isnull=True).first()
    if known is None:
        return None
    known.withdrawn_at, known.withdrawn_because, known.is_retracted = timezone.now(), reason, True
    known.save(update_fields=["withdrawn_at", "withdrawn_because", "is_retracted"])
    _mark(known)
    audit.record("known_claim.withdrawn", by=by, subject=known, details={"claim": claim.pk}, note=reason)
    return known


@transaction.atomic
def withdraw_known_claim(known: KnownClaim, *, by: Any, reason: str) -> KnownClaim:
    """Take a known claim out of what is offered; importing it again does not bring it back. Moderators.

    Locks its claim, if it is ours, and the row. Raises NotPermitted or ActionRefused. Audits
    known_claim.withdrawn with the reason.
    """
    return _decide(known, by=by, reason=reason, is_withdrawn=True)


@transaction.atomic
def restore_known_claim(known: KnownClaim, *, by: Any, reason: str) -> KnownClaim:
    """Offer a withdrawn known claim again. Moderators. Locks its claim, if it is ours, and the row.

    Raises NotPermitted or ActionRefused. Audits known_claim.restored with the reason.
    """
    return _decide(known, by=by, reason=reason, is_withdrawn=False)


def _decide(known: KnownClaim, *, by: Any, reason: str, is_withdrawn: bool) -> KnownClaim:
    if known.claim_id:  # first, as whoever publishes does
        lock_claim(known.claim_id)
    known = KnownClaim.objects.select_for_update().get(pk=known.pk)
    policies.can_withdraw_known_claim(by).enforce()
    reason = reason.strip()
    if not reason:
        raise ActionRefused(
            _("Say why: the audit keeps it, and other moderators read it."),
            code="reason_missing",
            field="reason",
        )
    if (known.withdrawn_at is not None) == is_withdrawn:
        word = "withdrawn already" if is_withdrawn else "not withdrawn"
        raise ActionRefused(_("This known claim is %(word)s.") % {"word": word}, code="already_decided")
    if known.is_retracted:
        raise ActionRefused(
            _("The newsroom retracted this check. It is offered again with its next version."),
            code="retracted",
        )
    known.withdrawn_at = timezone.now() if is_withdrawn else None
    known.withdrawn_because = reason if is_withdrawn else ""
    known.save(update_fields=["withdrawn_at", "withdrawn_because"])
    _mark(known)
    state = "withdrawn" if is_withdrawn else "restored"
    audit.record(f"known_claim.{state}", by=by, subject=known, note=reason)
    return known


def _mark(known: KnownClaim) -> None:
    """Have it found, or not any more; and our claim for itself where no known claim speaks for it."""
    mark_known_claims([known.pk])
    if known.claim_id:
        mark_claims([known.claim_id])


def new_known_claim(row: IdentifiedReview, *, origin: str, now: datetime) -> KnownClaim:
    """A row, not yet saved, with everything that the review says."""
    return KnownClaim(
        origin=origin,
        identity=row.identity,
        content_sha256=row.digest,
        first_seen_at=now,
        last_seen_at=now,
        last_changed_at=now,
        **content_of(row.review),
    )


def apply_change(
    known: KnownClaim, row: IdentifiedReview, *, by: Any, now: datetime, details: dict[str, Any]
) -> None:
    """Put the new content into ``known``, which the caller has locked and saves. Audits known_claim.changed
    with the names of what changed; the words of two ratings stand in its note, which can be erased."""
    content = content_of(row.review)
    changed = sorted(name for name, value in content.items() if getattr(known, name) != value)
    note = (
        _("Rating: “%(rating)s” became “%(content)s”.")
        % {"rating": known.rating, "content": content["rating"]}
        if "rating" in changed
        else ""
    )
    for name, value in content.items():
        setattr(known, name, value)
    known.content_sha256, known.last_changed_at = row.digest, now
    audit.record(
        "known_claim.changed", by=by, subject=known, details={"fields": changed, **details}, note=note
    )


def content_of(review: ReviewedClaim) -> dict[str, Any]:
    """The values of a review under the names of the model's fields, which are the same."""
    return {**asdict(review), "appearances": list(review.appearances)}
