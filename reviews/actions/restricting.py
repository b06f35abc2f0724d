"""What follows when a check is kept from readers, or shown again: in the same transaction, everywhere."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from claims.actions.known_claims import retract_own_known_claim
from claims.models import Claim, RestrictedClaim
from claimtracker import jobs
from claimtracker.kernel.moments import rfc3339
from claimtracker.ledger import outbox

from .. import states
from ..models import Publication, PublicCheck, Restriction, RestrictionKind
from .dumps import ask_for_dump, withdraw_dumps
from .known_claims import record_as_known

EVENTS = {
    "": "claim.verdict_restored",
    RestrictedClaim.Kind.HIDDEN.value: "claim.verdict_hidden",
    RestrictedClaim.Kind.TAKEN_DOWN.value: "claim.verdict_taken_down",
}


def follow_restrictions(claim: Claim, *, by: Any) -> RestrictedClaim:
    """Bring what readers and partners get of ``claim`` in line with its restrictions. The caller holds the
    claim's lock, and has audited what it did. Emits claim.verdict_hidden, claim.verdict_taken_down or
    claim.verdict_restored where that changed. Safe to repeat."""
    now = timezone.now()
    row = RestrictedClaim.objects.filter(claim=claim).first() or RestrictedClaim(claim=claim, changed_at=now)
    before = (row.kind, row.public_reason, row.held_at is not None)
    _work_out(row, list(Restriction.objects.open().filter(claim=claim).order_by("id")), now)
    if before == (row.kind, row.public_reason, row.held_at is not None):
        return row
    row.changed_at = now
    row.save()
    newest = Publication.objects.filter(claim=claim).order_by("-number").first()
    if newest is not None and before[:2] != (row.kind, row.public_reason):
        _tell_outside(newest, row, was_withheld=bool(before[0]), by=by)
    return row


def _work_out(row: RestrictedClaim, found: list[Restriction], now: datetime) -> None:
    kept = [one for one in found if one.keeps_from_readers]
    agreed = [one for one in kept if one.kind == RestrictionKind.TAKEDOWN and one.state != states.ORDERED]
    row.kind, row.public_reason = "", ""
    if agreed:
        row.kind, row.public_reason = RestrictedClaim.Kind.TAKEN_DOWN, agreed[0].public_reason
    elif kept:
        row.kind = RestrictedClaim.Kind.HIDDEN
    row.withheld_at = (row.withheld_at or now) if kept else None
    held = any(one.kind == RestrictionKind.LEGAL_HOLD for one in found)
    row.held_at = (row.held_at or now) if held else None


def _tell_outside(newest: Publication, row: RestrictedClaim, *, was_withheld: bool, by: Any) -> None:
    # its trigger works out the rest
    PublicCheck.everything.filter(claim=row.claim_id).update(restricted_at=row.changed_at)
    if row.withheld_at is None:
        record_as_known(newest, by=by)
        ask_for_dump()
    elif not was_withheld:
        retract_own_known_claim(newest.claim, by=by, reason=str(row.get_kind_display()))
        withdraw_dumps(because="a check may not be read at present")
    outbox.emit(EVENTS[row.kind], subject=newest, payload=_payload(newest, row))
    if was_withheld != (row.withheld_at is not None):
        jobs.enqueue("reviews.follow_retraction", newest.pk)


def _payload(newest: Publication, row: RestrictedClaim) -> dict[str, Any]:
    """Ids, and nothing that the check says."""
    return {
        "publication": str(newest.public_id),
        "version": newest.number,
        "claim": str(newest.claim.public_id),
        "restriction": row.kind,
        "reason": row.public_reason,
        "since": rfc3339(row.changed_at),
    }
