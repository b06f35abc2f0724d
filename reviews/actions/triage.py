"""Deciding that a claim will not be checked, together with its tasks."""

from __future__ import annotations

from django.db import transaction

from claims.actions.curation import dismiss_claim, edit_claim, lock_claim
from claims.models import Claim
from claimtracker.accounts.models import User
from claimtracker.kernel.errors import ActionRefused

from .. import policies, states
from ..models import Verdict
from .routing import route_claim


@transaction.atomic
def dismiss_from_review(claim: Claim, *, by: User, reason: str) -> Claim:
    """Dismiss a claim and cancel its open tasks at once. Locks the claim. Refused while a verdict waits or
    stands."""
    claim = lock_claim(claim.pk)
    if Verdict.objects.filter(claim=claim, state__in=(*states.WAITING, states.APPROVED)).exists():
        raise ActionRefused(
            "A verdict on this claim waits for approval or stands already. Return it first.",
            code="has_verdict",
        )
    claim = dismiss_claim(claim, by=by, reason=reason)
    route_claim(claim.pk)
    return claim


@transaction.atomic
def reword_claim(claim: Claim, *, by: User, text: str, claimant: str) -> Claim:
    """Edit a claim's wording and speaker, unless a verdict waits on it or stands. Locks the claim."""
    claim = lock_claim(claim.pk)
    verdict = Verdict.objects.filter(claim=claim).order_by("-id").first()
    policies.can_reword_claim(by, claim, verdict=verdict).enforce()
    return edit_claim(claim, by=by, text=text, claimant=claimant)
