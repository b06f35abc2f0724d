"""How far a claim's right of reply has come: for the gate, for the desk, and for the published page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format

from claims.models import Claim

from .. import states
from ..models.reply import Contact, Reply, ReplyRequest
from ..standards import ClaimantContact, ReplyStatus

BY_OUTCOME = {
    Contact.Outcome.REPLIED.value: ReplyStatus.REPLIED,
    Contact.Outcome.NO_REPLY.value: ReplyStatus.NO_REPLY,
    Contact.Outcome.NOT_CONTACTED.value: ReplyStatus.NOT_CONTACTED,
}


@dataclass(frozen=True, slots=True)
class ReplyStanding:
    """``log`` is the contact log, newest first; ``request`` the newest; ``contact`` what the gate sees."""

    log: list[Contact]
    request: ReplyRequest | None
    replies: list[Reply]
    contact: ClaimantContact


def reply_standing(claim: Claim) -> ReplyStanding:
    """Three queries."""
    log = list(Contact.objects.of(claim))
    request = ReplyRequest.objects.filter(claim=claim).select_related("asked_by").order_by("-id").first()
    replies = list(Reply.objects.filter(claim=claim).select_related("entered_by", "decided_by"))
    return ReplyStanding(log, request, replies, _contact(log, request, replies))


def reply_facts(claim: Claim) -> dict[str, Any] | None:
    """What readers are told; None where there is nobody to ask."""
    if claim.claimant is None:
        return None
    standing = reply_standing(claim)
    asked = next((line.at for line in standing.log if line.outcome == Contact.Outcome.ASKED), None)
    passed_over = next((line for line in standing.log if line.outcome == Contact.Outcome.NOT_CONTACTED), None)
    return {
        "status": standing.contact.status.value,
        "who": claim.claimant.name,
        "asked_at": asked.isoformat() if asked else None,
        "reason": passed_over.note if passed_over else "",
        "replies": [
            {
                "name": reply.name,
                "role": reply.role,
                "text": reply.text,
                "received_at": reply.received_at.isoformat(),
            }
            for reply in standing.replies
            if reply.state == states.SHOWN
        ],
    }


def _contact(log: list[Contact], request: ReplyRequest | None, replies: list[Reply]) -> ClaimantContact:
    if any(reply.state == states.RECEIVED for reply in replies):
        return ClaimantContact(ReplyStatus.WAITS_FOR_US)
    if request is not None and request.state == states.ASKED:
        if request.deadline > timezone.now():
            until = timezone.localtime(request.deadline)
            return ClaimantContact(ReplyStatus.AWAITED, date_format(until, "j F, H:i"))
        return ClaimantContact(ReplyStatus.NO_REPLY)
    if replies:
        return ClaimantContact(ReplyStatus.REPLIED)
    newest = next((line for line in log if line.outcome in BY_OUTCOME), None)
    return ClaimantContact(BY_OUTCOME[newest.outcome] if newest else ReplyStatus.NOT_ASKED)
