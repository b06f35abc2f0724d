"""What partners ask us to check. What is shared is seen by all; here it is not."""

from __future__ import annotations

from claims.actions.check_requests import ask_for_check
from claimtracker.api.v1.submissions import sender_of
from claimtracker.partners.auth import PartnerPrincipal
from claimtracker.partners.models import Scope
from tests.api.conftest import Asker

from . import Endpoint, Stranger, Thing

SHARED = "The harbour grew by half."
WORDS = "The city closed nine of its ten schools."


def own_request(owner: Asker) -> Thing:
    sender = sender_of(PartnerPrincipal(owner.key))
    request = ask_for_check(WORDS, sender=sender, is_shared=False).request
    return Thing({"id": request.public_id}, (str(request.public_id), WORDS))


def asked_before(owner: Asker) -> Thing:
    """So that whoever asks for it now votes for it."""
    ask_for_check(SHARED, sender=sender_of(PartnerPrincipal(owner.key)))
    return Thing()


def among_requests(owner: Asker) -> Thing:
    return Thing(marks=own_request(owner).marks)


ENDPOINTS = [
    Endpoint("api-v1:requests", "GET", Scope.REQUEST, among_requests, Stranger.SEES_NONE),
    Endpoint("api-v1:requests", "POST", Scope.REQUEST, asked_before, body={"text": SHARED}),
    Endpoint("api-v1:request", "GET", Scope.REQUEST, own_request, Stranger.NOT_FOUND),
    Endpoint("api-v1:request-votes", "POST", Scope.REQUEST, own_request, Stranger.NOT_FOUND, body={}),
]
