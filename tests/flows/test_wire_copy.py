"""A story and its copy come in at the same moment and are read by a real worker's two processes."""

from __future__ import annotations

import pytest

from claims.models import ArticleFingerprint, Claim, ExtractionRun
from claimtracker.jobs.models import Job
from claimtracker.ledger.models import OutboxEvent
from reviews.models import ReviewTask
from tests import factories
from tests.support.wire import COPY, STORY
from tests.support.worker import Worker, wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]


def test_both_are_read_and_what_both_say_is_one_claim_with_one_task() -> None:
    health = factories.make_desk("health")
    factories.make_article(STORY, origin="partner:agency")
    factories.make_article(COPY, desk=health)
    with Worker(["nlp", "review", "default"]):
        wait_until(lambda: ExtractionRun.objects.count() == 2, seconds=120, what="both to be read")
        routing = Job.objects.filter(kind="reviews.route_claim")
        wait_until(lambda: not routing.open().exists(), seconds=60, what="the claims to be routed")
    assert ArticleFingerprint.objects.count() == 2
    shared = [
        claim for claim in Claim.objects.all() if claim.appearances.values("version").distinct().count() == 2
    ]
    assert len(shared) >= 3
    assert OutboxEvent.objects.filter(type="claim.appeared").count() >= len(shared)
    tasks = ReviewTask.objects.values_list("claim_id", flat=True)
    assert sorted(tasks) == sorted(Claim.objects.values_list("pk", flat=True))
