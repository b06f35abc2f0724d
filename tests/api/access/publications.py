"""Fact checks: the same for every partner."""

from __future__ import annotations

from claimtracker.partners.models import Scope
from tests.api.conftest import Asker
from tests.factories import make_claim, make_publication, make_submission

from . import Endpoint, Stranger, Thing


def a_publication(owner: Asker) -> Thing:
    publication = make_publication(claim=make_claim(article=make_submission(owner.partner)))
    return Thing({"id": publication.public_id}, (str(publication.public_id),))


def among_publications(owner: Asker) -> Thing:
    return Thing(marks=a_publication(owner).marks)


def a_claim_review(owner: Asker) -> Thing:
    return Thing(a_publication(owner).address)  # it names the public page, not the row


ENDPOINTS = [
    Endpoint("api-v1:publications", "GET", Scope.READ, among_publications, Stranger.SEES_THE_SAME),
    Endpoint("api-v1:publication", "GET", Scope.READ, a_publication, Stranger.SEES_THE_SAME),
    Endpoint("api-v1:claim-review", "GET", Scope.READ, a_claim_review, Stranger.SEES_THE_SAME),
]
