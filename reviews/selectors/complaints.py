"""Complaints as the desk answers them, and as their writers follow them."""

from __future__ import annotations

from claims.models import Claim

from .. import states
from ..models import Complaint


def complaints_of(claim: Claim) -> list[Complaint]:
    """A claim's complaints with their words, those that wait first; what seems to be spam is for moderators.
    One query."""
    rows = (
        Complaint.objects.filter(claim=claim)
        .exclude(state=states.HELD_COMPLAINT)
        .select_related("words", "publication", "decided_by")
    )
    return sorted(rows.order_by("-id"), key=lambda row: (row.decided_at is not None, row.due_at))


def complaint_at(digest: str) -> Complaint | None:
    """The complaint whose page has the token of this digest."""
    return Complaint.objects.filter(token_sha256=digest).select_related("publication").first()
