"""What partners asked us to check is answered once its claim has a publication."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from claims import states
from claims.actions.check_requests import answer_request
from claims.models import CheckRequest, Claim
from claimtracker.ledger.models import OutboxEvent

from ..models import Publication


@transaction.atomic
def answer_requests(event: OutboxEvent) -> int:
    """Answer the accepted requests that an event (request.accepted, claim.verdict_published) concerns: those
    about the claim, and those about another of its family that has no publication of its own. Returns how
    many were answered; safe to run twice. Locks them in the order of ids."""
    family = Claim.objects.family_of(_claim_of(event)).values_list("pk", flat=True)
    waiting = (
        CheckRequest.objects.filter(claim__in=list(family), state=states.ACCEPTED_REQUEST)
        .select_related("claim")
        .order_by("pk")
    )
    answered = 0
    for request in waiting:
        publication = _publication_for(request.claim)
        if publication is not None:
            facts = {
                "claim": publication.snapshot["claim"]["id"],
                "rating": publication.snapshot["rating"]["label"],
                "url": publication.snapshot["url"],
            }
            answered += answer_request(request.pk, publication=UUID(str(publication.public_id)), facts=facts)
    return answered


def _claim_of(event: OutboxEvent) -> Claim:
    if event.type == "request.accepted":
        return Claim.objects.get(pk=event.payload["claim"])
    return Publication.objects.select_related("claim").get(pk=event.subject_id).claim


def _publication_for(claim: Claim | None) -> Publication | None:
    """The claim's own newest version, else that of the claim that its family goes by; none that was taken
    back."""
    if claim is None:
        return None
    wanted = [pk for pk in (claim.pk, claim.canonical_id) if pk is not None]
    found = {row.claim_id: row for row in Publication.objects.current().filter(claim__in=wanted)}
    for pk in wanted:
        if pk in found and not found[pk].is_retraction:
            return found[pk]
    return None
