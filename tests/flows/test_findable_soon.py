"""A new claim can be found within ten seconds of its commit, whatever the workers are busy with."""

from __future__ import annotations

import pytest

from claims.actions.known_claim_imports import import_known_claims
from claims.models import MatchEntry
from claimtracker.jobs import enqueue
from tests import factories
from tests.support.worker import Worker, wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(180)]


def is_found(known_claim: int) -> bool:
    return MatchEntry.objects.filter(known_claim=known_claim, is_stale=False, embeddings__slot=0).exists()


def test_while_every_reader_is_busy_and_a_large_import_waits_to_be_indexed() -> None:
    with (
        Worker(["nlp"]) as readers,
        Worker(["match"], concurrency=1, forget=False, env={"STAND_IN_SECONDS": "0.005"}),
    ):
        for number in range(4):
            enqueue("tests.slow", f"{number}:30")
        reviews = [factories.make_reviewed_claim() for _ in range(2_500)]
        import_known_claims(factories.make_read_reviews(*reviews), source="a", by="system")
        new = factories.make_known_claim()
        wait_until(lambda: is_found(new.pk), seconds=10, what="the new claim to be found")
        assert MatchEntry.objects.filter(is_stale=True).exists(), "it did not wait for the others"
        readers.kill_group()  # a polite stop would wait for the slow jobs
