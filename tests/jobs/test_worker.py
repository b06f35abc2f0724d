"""Jobs in a real worker process."""

from __future__ import annotations

import pytest

from claimtracker.celery import QUEUES
from claimtracker.jobs import states
from claimtracker.jobs.models import Job
from claimtracker.jobs.queueing import enqueue
from tests.support.models import Mark
from tests.support.worker import Worker, wait_until

pytestmark = pytest.mark.django_db(transaction=True)


def all_done() -> bool:
    return not Job.objects.open().exists()


def test_every_queue_has_its_jobs_done(worker: Worker) -> None:
    for queue in QUEUES:
        enqueue(f"tests.mark_{queue}", 7)
    wait_until(all_done)
    assert set(Mark.objects.values_list("kind", "object_id")) == {(f"tests.mark_{q}", "7") for q in QUEUES}
    assert set(Job.objects.values_list("state", "attempt")) == {(states.DONE, 1)}
