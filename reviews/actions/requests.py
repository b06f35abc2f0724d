"""What partners asked us to check is answered once its claim has a publication."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from claims import states
from claims.actions.check_requests import answer_request, answer_unread
from claims.models import CheckRequest, Claim
from claimtracker.ledger.models import OutboxEvent

from ..models import Publication
from ..selectors.families import publication_to_carry
from ..selectors.same_words import standing_check_of
from .families import concerned_by


@transaction.atomic
def answer_requests(event: OutboxEvent) -> int:
    """Answer the accepted requests that an event (request.accepted, family.changed, one of a publication)
    concerns: those about its claims and the others of their families. Returns how many were answered; safe
    to run twice. Locks them in the order of ids."""
    waiting = (
        CheckRequest.objects.filter(claim__in=_concerned_by(event), state=states.ACCEPTED_REQUEST)
        .select_related("claim")
        .order_by("pk")
    )
    answered = 0
    for request in waiting:
        publication = _publication_for(request.claim)
        if publication is not None:
            said = _said(publication)
            answered += answer_request(request.pk, publication=publication.public_id, facts=said)
    return answered


def answer_from_published(request: CheckRequest) -> bool:
    """Answer a request on which nobody decided at once, where one check of ours stands that says just that
    (selectors.same_words). Locks the request. Emits request.answered."""
    if request.state != states.RECEIVED_REQUEST or request.is_sandbox:
        return False
    publication = standing_check_of(request.text, language=request.language)
    if publication is None:
        return False
    said = _said(publication)
    return answer_unread(request.pk, claim=publication.claim, publication=publication.public_id, facts=said)


def _said(publication: Publication) -> dict[str, Any]:
    snapshot = publication.snapshot
    return {
        "claim": snapshot["claim"]["id"],
        "rating": snapshot["rating"]["label"],
        "url": snapshot["url"],
    }


def _concerned_by(event: OutboxEvent) -> list[int]:
    if event.type == "family.changed":
        return concerned_by(event)  # whole families
    if event.type == "request.accepted":
        claim = Claim.objects.get(pk=event.payload["claim"])
    else:
        claim = Publication.objects.select_related("claim").get(pk=event.subject_id).claim
    return list(Claim.objects.family_of(claim).values_list("pk", flat=True))


def _publication_for(claim: Claim | None) -> Publication | None:
    """What stands of the claim itself, else what the others of its family share with it."""
    if claim is None:
        return None
    own = Publication.objects.standing().readable().filter(claim=claim).first()
    return own or publication_to_carry(claim)
