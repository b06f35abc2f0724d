"""kill -9 of the worker with its children, of Valkey with its data, of PostgreSQL while articles are read."""

from __future__ import annotations

import time
from datetime import datetime

import pytest
from django.db.models import Count, F, Q
from django.utils import timezone

from claims.models import Appearance, Claim, ExtractionRun
from claimtracker import embedded
from claimtracker.jobs import enqueue, states
from claimtracker.jobs.models import Job
from claimtracker.ledger.models import OutboxEvent
from reviews.models import ReviewTask
from tests.support.worker import Worker, wait_until

from .conftest import ARTICLES, extractions_done, kill_postgres, kill_valkey_and_wipe

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(420)]

RESUMED_WITHIN = 15.0  # seconds after the part is back


def test_the_workers_process_group_is_killed(pipeline: Worker) -> None:
    pipeline.kill_group()
    assert Job.objects.filter(state=states.RUNNING).exists(), "it was killed at work"
    pipeline.start()
    work_resumes(since=timezone.now())
    everything_happened_exactly_once()


def test_valkey_is_killed_and_forgets_everything(pipeline: Worker) -> None:
    kill_valkey_and_wipe()
    wait_until(lambda: not Job.objects.filter(state=states.RUNNING).exists(), what="what was begun to end")
    assert Job.objects.filter(state=states.QUEUED).exists(), "something waits for a message that is lost"
    embedded.start()
    work_resumes(since=timezone.now())
    everything_happened_exactly_once()


def test_postgres_is_killed(pipeline: Worker) -> None:
    before = extractions_done()
    kill_postgres()
    time.sleep(2)
    embedded.start()
    back = timezone.now()
    assert extractions_done() >= before, "what was done stays done"
    work_resumes(since=back)
    everything_happened_exactly_once()


def test_all_three_are_killed_at_once(pipeline: Worker) -> None:
    kill_valkey_and_wipe()
    pipeline.kill_group()
    kill_postgres()
    embedded.start()
    pipeline.start()
    work_resumes(since=timezone.now())
    everything_happened_exactly_once()


def test_what_is_asked_for_while_valkey_is_away_is_done_when_it_is_back(transactional_db: None) -> None:
    """Away long enough for Celery's own pauses to have grown."""
    with Worker(["default"], beat=True):
        enqueue("tests.mark_default", 1)
        wait_until(lambda: not Job.objects.open().exists(), seconds=60, what="worker and beat to run")
        kill_valkey_and_wipe()
        began = time.monotonic()
        enqueue("tests.mark_default", 2)
        assert time.monotonic() - began < 5, "whoever clicks does not wait for the broker"
        assert Job.objects.get(object_id="2").sent_at is None
        time.sleep(10)
        embedded.start()
        wait_until(lambda: not Job.objects.open().exists(), seconds=RESUMED_WITHIN)


def work_resumes(*, since: datetime) -> None:
    """A job is taken or ended after ``since``, soon enough."""
    moved = Job.objects.filter(Q(leased_at__gt=since) | Q(finished_at__gt=since))
    wait_until(moved.exists, seconds=RESUMED_WITHIN, what="work to be taken up again")


def everything_happened_exactly_once() -> None:
    # each claim has a route, a lookup and perhaps alerts: in the long form a thousand jobs for two processes
    wait_until(lambda: not Job.objects.open().exists(), seconds=250, what="every job to end")
    assert not Job.objects.dead().exists()
    runs = ExtractionRun.objects.all()
    assert runs.count() == runs.values("version").distinct().count() == ARTICLES
    assert set(runs.values_list("outcome", flat=True)) == {ExtractionRun.Outcome.EXTRACTED}
    found = runs.annotate(written=Count("version__appearances__claim", distinct=True))
    assert not found.exclude(written=F("claims_found")).exists(), "all claims of an article or none"
    assert (
        Appearance.objects.values("version", "start", "end").distinct().count() == Appearance.objects.count()
    )
    claims = Claim.objects.count()
    assert claims == sum(runs.values_list("claims_new", flat=True)) > ARTICLES * 2
    assert claims < sum(runs.values_list("claims_found", flat=True)), "nothing was shared"
    appeared = OutboxEvent.objects.filter(type="claim.appeared").values("subject_id")
    assert appeared.distinct().count() == appeared.count() > 0
    for rows in (
        OutboxEvent.objects.filter(type="claim.extracted"),
        Job.objects.filter(kind="reviews.route_claim"),
    ):
        subjects = rows.values("subject_id") if rows.model is OutboxEvent else rows.values("object_id")
        assert rows.count() == subjects.distinct().count() == claims
    tasks = ReviewTask.objects.all()
    assert tasks.count() == tasks.values("claim").distinct().count() == claims
