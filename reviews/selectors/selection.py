"""Why a claim was chosen, as readers are told."""

from __future__ import annotations

from claims.models import Claim

from ..models import ClaimRoute


def selection_reason_of(claim: Claim) -> str | None:
    """The rule's words or a person's, empty when nobody said any; None for a claim that was never routed."""
    return ClaimRoute.objects.filter(claim=claim.pk).values_list("selection_reason", flat=True).first()
