"""A job that comes back soon comes back on time."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest
import redis
from django.utils import timezone

from claimtracker.jobs import enqueue, registry
from claimtracker.jobs.models import Job
from claimtracker.jobs.runner import Run, run

pytestmark = pytest.mark.django_db(transaction=True)
KIND = "tests.mark_default"


@pytest.mark.parametrize(("seconds", "sent"), [(3, 1), (60, 0)])
def test_a_worker_counts_a_short_wait_off_and_the_sweep_does_the_rest(
    broker: redis.Redis, monkeypatch: pytest.MonkeyPatch, seconds: int, sent: int
) -> None:
    enqueue(KIND, 1)
    job = Job.objects.get()
    broker.delete("claimtracker-test:default")
    due_at = timezone.now() + timedelta(seconds=seconds)

    def come_back(run: Run) -> None:
        with run.commit(again_at=due_at):
            pass

    monkeypatch.setitem(registry.WORK, KIND, come_back)
    run(job.pk)
    messages = broker.lrange("claimtracker-test:default", 0, -1)
    assert len(messages) == sent
    for message in messages:
        eta = datetime.fromisoformat(json.loads(message)["headers"]["eta"])
        assert due_at < eta < due_at + timedelta(seconds=1)
    job.refresh_from_db()
    assert (job.sent_at is not None) == bool(sent)
