"""Jobs that take in many articles."""

from __future__ import annotations

from claims.actions.batches import Sent, bring_batch
from claimtracker.api.v1.submissions import sender_of
from claimtracker.partners.auth import PartnerPrincipal
from claimtracker.partners.models import Scope
from tests.api.conftest import Asker

from . import Endpoint, Stranger, Thing


def own_job(owner: Asker) -> Thing:
    sender = sender_of(PartnerPrincipal(owner.key))
    batch = bring_batch([Sent({"body": "The city has 9 schools."})], sender=sender)
    return Thing({"id": batch.public_id}, (str(batch.public_id),))


def among_jobs(owner: Asker) -> Thing:
    return Thing(marks=own_job(owner).marks)


ENDPOINTS = [
    Endpoint("api-v1:jobs", "GET", Scope.SUBMIT, among_jobs, Stranger.SEES_NONE),
    Endpoint("api-v1:job", "GET", Scope.SUBMIT, own_job, Stranger.NOT_FOUND),
]
