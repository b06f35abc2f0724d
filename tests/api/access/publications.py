"""Fact checks: the same for every partner."""

from __future__ import annotations

from claimtracker.partners.models import Scope
from reviews.reader_facts import claimant_slug
from tests.api.conftest import Asker
from tests.factories import make_claim, make_correction, make_publication, make_scale, make_submission

from . import Endpoint, Stranger, Thing


def a_publication(owner: Asker) -> Thing:
    publication = make_publication(claim=make_claim(article=make_submission(owner.partner)))
    return Thing({"id": publication.public_id}, (str(publication.public_id),))


def among_publications(owner: Asker) -> Thing:
    return Thing(marks=a_publication(owner).marks)


def a_claim_review(owner: Asker) -> Thing:
    return Thing(a_publication(owner).address)  # it names the public page, not the row


def a_correction(owner: Asker) -> Thing:
    claim = make_claim(article=make_submission(owner.partner))
    return Thing(marks=(str(make_correction(make_publication(claim=claim)).public_id),))


def among_claimants(_owner: Asker) -> Thing:
    make_publication(claim=make_claim(claimant="Ann Lee"))
    return Thing(marks=(claimant_slug("Ann Lee"),))


def a_claimant(owner: Asker) -> Thing:
    marks = among_claimants(owner).marks
    return Thing({"id": marks[0]}, marks)


def among_scales(_owner: Asker) -> Thing:
    return Thing(marks=(make_scale().slug,))


def a_scale(owner: Asker) -> Thing:
    marks = among_scales(owner).marks
    return Thing({"id": marks[0]}, marks)


ENDPOINTS = [
    Endpoint("api-v1:corrections", "GET", Scope.READ, a_correction, Stranger.SEES_THE_SAME),
    Endpoint("api-v1:claimants", "GET", Scope.READ, among_claimants, Stranger.SEES_THE_SAME),
    Endpoint("api-v1:claimant", "GET", Scope.READ, a_claimant, Stranger.SEES_THE_SAME),
    Endpoint("api-v1:rating-scales", "GET", Scope.READ, among_scales, Stranger.SEES_THE_SAME),
    Endpoint("api-v1:rating-scale", "GET", Scope.READ, a_scale, Stranger.SEES_THE_SAME),
    Endpoint("api-v1:publications", "GET", Scope.READ, among_publications, Stranger.SEES_THE_SAME),
    Endpoint("api-v1:publication", "GET", Scope.READ, a_publication, Stranger.SEES_THE_SAME),
    Endpoint("api-v1:claim-review", "GET", Scope.READ, a_claim_review, Stranger.SEES_THE_SAME),
]
