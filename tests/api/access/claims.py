"""Claims in a partner's articles."""

from __future__ import annotations

from claimtracker.partners.models import Scope
from tests.api.conftest import Asker
from tests.factories import make_claim, make_submission

from . import Endpoint, Stranger, Thing


def own_claim(owner: Asker) -> Thing:
    claim = make_claim(article=make_submission(owner.partner))
    return Thing({"id": claim.public_id}, (str(claim.public_id),))


def among_claims(owner: Asker) -> Thing:
    return Thing(marks=own_claim(owner).marks)


def own_places(owner: Asker) -> Thing:
    article = make_submission(owner.partner)
    claim = make_claim(article=article)
    return Thing({"id": claim.public_id}, (str(article.public_id),))


ENDPOINTS = [
    Endpoint("api-v1:claims", "GET", Scope.READ, among_claims, Stranger.SEES_NONE),
    Endpoint("api-v1:claim", "GET", Scope.READ, own_claim, Stranger.NOT_FOUND),
    Endpoint("api-v1:appearances", "GET", Scope.READ, own_places, Stranger.NOT_FOUND),
]
