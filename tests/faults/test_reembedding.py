"""kill -9 of the worker in the middle of giving every entry a vector by a newer encoder."""

from __future__ import annotations

import pytest

from claims.actions.known_claim_imports import import_known_claims
from claims.actions.match_index import index_everything
from claims.models import EmbeddingSlot, MatchEmbedding, MatchEntry
from claimtracker.jobs.models import Job
from tests import factories
from tests.support import embedders
from tests.support.drills import drill_size
from tests.support.match_index import statistics_are_exact
from tests.support.vector_search import Searcher
from tests.support.worker import Worker, wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]

ENTRIES = drill_size(800, long=3_000)
VERSIONS = ["stand-in 1", "newer"]
SLOW = {"STAND_IN_EMBEDDERS": ",".join(VERSIONS), "STAND_IN_SECONDS": "0.002"}
RESUMED_WITHIN = 15.0


@pytest.fixture
def known(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Indexed known claims, from before there was a newer encoder; their words."""
    texts = [f"The city of number {n} spent {n * 7} million on roads" for n in range(ENTRIES)]
    reviews = [factories.make_reviewed_claim(text=text) for text in texts]
    import_known_claims(factories.make_read_reviews(*reviews), source="data.json", by="system")
    index_everything()
    Job.objects.all().delete()
    monkeypatch.setattr(embedders, "VERSIONS", VERSIONS)
    return texts


def filled() -> int:
    return MatchEmbedding.objects.filter(slot=1).count()


def test_the_worker_is_killed_amid_reembedding(known: list[str]) -> None:
    with Searcher(known[::100]) as searcher, Worker(["match", "default"], beat=True, env=SLOW) as worker:
        wait_until(lambda: filled() > ENTRIES // 6, seconds=60, what="beat and worker to begin")
        worker.kill_group()
        before = filled()
        assert before < ENTRIES, "it was killed at work"
        worker.start()
        wait_until(lambda: filled() > before, seconds=RESUMED_WITHIN, what="it to be taken up again")
        current = EmbeddingSlot.objects.filter(state="current", model_version="newer")
        wait_until(current.exists, seconds=90, what="the switch")
        assert not MatchEntry.objects.exclude(embeddings__slot=1).exists(), "none is left without"
        wait_until(EmbeddingSlot.objects.filter(state="spare").exists, seconds=60, what="the former emptied")
    assert searcher.failures == []
    assert searcher.answered > 100
    assert searcher.slots == {0, 1}, "both were searched, one after the other"
    assert MatchEmbedding.objects.count() == MatchEntry.objects.count() == ENTRIES
    assert not Job.objects.dead().exists()


def test_the_worker_is_killed_amid_indexing(known: list[str]) -> None:
    entries = MatchEntry.objects.all()
    entries.update(is_stale=True, revision=2)
    with Worker(["match", "default"], beat=True, env={**SLOW, "STAND_IN_EMBEDDERS": VERSIONS[0]}) as worker:
        done = entries.filter(is_stale=False)
        wait_until(lambda: done.count() > 0, seconds=60, what="beat and worker to begin")
        worker.kill_group()
        before = done.count()
        assert before < ENTRIES, "it was killed at work"
        statistics_are_exact()
        worker.start()
        wait_until(lambda: done.count() > before, seconds=RESUMED_WITHIN, what="it to be taken up again")
        wait_until(lambda: done.count() == ENTRIES, seconds=90, what="all to be indexed")
    statistics_are_exact()
    assert not Job.objects.dead().exists()
