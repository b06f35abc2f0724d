"""One row's way through a run: leased, worked on, ended, failed, refused or taken over."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import IntegrityError, OperationalError, connection
from django.utils import timezone

from claimtracker.accounts.models import Desk, Role
from claimtracker.jobs import enqueue, registry, runner, states
from claimtracker.jobs.actions import run_again
from claimtracker.jobs.causes import Cause
from claimtracker.jobs.leases import keeper
from claimtracker.jobs.models import Job
from claimtracker.jobs.runner import Run, lease, run
from claimtracker.jobs.sweep import free_lost_leases
from claimtracker.kernel.errors import ActionRefused, LeaseLost
from claimtracker.kernel.outbound_errors import OutboundRefused
from claimtracker.ledger.models import AuditEntry
from tests import factories
from tests.support.models import Mark
from tests.support.owner import owner_connection
from tests.support.tasks import mark
from tests.support.worker import wait_until

pytestmark = pytest.mark.django_db(transaction=True)
KIND = "tests.mark_default"


@pytest.fixture
def job(broker: object) -> Job:
    enqueue(KIND, 1)
    return Job.objects.get()


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Run], None]], None]:
    """Put a function in the place of the job's own."""
    return lambda function: monkeypatch.setitem(registry.WORK, KIND, function)


def make_due() -> None:
    Job.objects.update(due_at=timezone.now())


def test_the_results_and_the_end_are_one_transaction(job: Job, work: Callable) -> None:
    def half(run: Run) -> None:
        with run.commit():
            mark(run)
            raise ValueError("in the middle of writing")

    work(half)
    run(job.pk)
    job.refresh_from_db()
    assert not Mark.objects.exists()
    assert (job.state, job.attempt) == (states.DEAD, 1)
    assert job.last_error == "ValueError: in the middle of writing"


def test_long_work_can_ask_whether_it_still_holds_the_job(job: Job, work: Callable) -> None:
    answers = []

    def long(run: Run) -> None:
        answers.append(run.is_held())
        Job.objects.filter(pk=run.job_id).update(fence=run.fence + 1)
        answers.append(run.is_held())

    work(long)
    run(job.pk)
    assert answers == [True, False]


def test_a_job_that_commits_nothing_is_done_all_the_same(job: Job, work: Callable) -> None:
    work(lambda run: None)
    run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.lease_until) == (states.DONE, None)
    assert job.finished_at is not None


def test_a_second_message_finds_nothing_to_do(job: Job) -> None:
    run(job.pk)
    run(job.pk)
    run(job.pk + 1000)
    assert Mark.objects.count() == 1


def test_a_row_is_leased_to_one_only(job: Job) -> None:
    assert lease(job.pk) is not None
    assert lease(job.pk) is None


def test_whoever_lost_the_lease_writes_nothing(job: Job, work: Callable) -> None:
    """A worker freezes, its lease runs out, another one does the work; then the first one wakes up."""

    def freeze(run: Run) -> None:
        keeper().release()
        Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        assert free_lost_leases() == 1
        other = lease(job.pk)
        assert other is not None
        assert other.fence > run.fence
        with other.commit():
            mark(other, "the other's")
        with run.commit():
            mark(run, "the frozen one's")

    work(freeze)
    run(job.pk)
    assert [each.note for each in Mark.objects.all()] == ["the other's"]
    job.refresh_from_db()
    assert job.state == states.DONE


def test_a_lost_lease_is_told_to_the_work(job: Job) -> None:
    held = lease(job.pk)
    assert held is not None
    Job.objects.update(fence=held.fence + 1)
    with pytest.raises(LeaseLost), held.commit():
        mark(held)
    assert not Mark.objects.exists()


def test_a_failure_after_the_lease_was_lost_changes_nothing(job: Job, work: Callable) -> None:
    def fail_late(run: Run) -> None:
        Job.objects.update(fence=run.fence + 1)
        raise ValueError("too late to matter")

    work(fail_late)
    run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.last_error) == (states.RUNNING, "")


def test_failures_wait_longer_each_time_and_end_as_a_dead_letter(job: Job) -> None:
    registry.WORK[KIND], before = registry.WORK["tests.fail"], registry.WORK[KIND]
    try:
        waits = []
        for attempt in range(1, 6):
            make_due()
            run(job.pk)
            job.refresh_from_db()
            assert job.attempt == attempt
            if attempt < 5:
                assert job.state == states.QUEUED
                assert lease(job.pk) is None, "it waits"
                waits.append((job.due_at - timezone.now()).total_seconds())
    finally:
        registry.WORK[KIND] = before
    for number, wait in enumerate(waits, start=1):
        assert 2**number / 2 - 0.5 < wait <= 2**number
    assert (job.state, job.last_error) == (states.DEAD, "ConnectionError: this never works")
    assert job.cause == Cause.NETWORK
    assert job.finished_at is not None
    make_due()
    assert lease(job.pk) is None


@pytest.mark.parametrize(
    "fault",
    [ValueError("no"), KeyError("x"), IntegrityError("a check"), OutboundRefused("No.", "bad_scheme")],
)
def test_what_no_further_try_would_mend_is_a_dead_letter_at_once(
    job: Job, work: Callable, fault: Exception
) -> None:
    def fail(run: Run) -> None:
        raise fault

    work(fail)
    run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempt, job.cause) == (states.DEAD, 1, Cause.FAULT)
    assert job.last_error.startswith(type(fault).__name__)


def write_twice(_run: Run) -> None:
    Desk.objects.create(slug="one", name="One")
    Desk.objects.create(slug="one", name="One more")


def raising(error: Exception) -> Callable[[Run], None]:
    def fail(run: Run) -> None:
        raise error

    return fail


@pytest.mark.parametrize(
    ("function", "cause"),
    [
        (write_twice, Cause.CONFLICT),
        (raising(OperationalError("the server closed")), Cause.DATABASE_AWAY),
        (raising(ConnectionResetError("by peer")), Cause.NETWORK),
        (raising(OutboundRefused("It did not answer.", "timeout")), Cause.NETWORK),
        (raising(SoftTimeLimitExceeded()), Cause.TIME_LIMIT),
    ],
    ids=lambda value: getattr(value, "value", ""),
)
def test_a_cause_with_a_name_is_tried_again(
    job: Job, work: Callable, function: Callable[[Run], None], cause: Cause
) -> None:
    work(function)
    run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempt, job.cause) == (states.QUEUED, 1, cause)
    assert lease(job.pk) is None, "it waits"


def test_a_kind_names_passing_causes_of_its_own(
    job: Job, work: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    work(raising(LookupError("not yet")))
    monkeypatch.setitem(registry.PASSING, KIND, (LookupError,))
    run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.cause) == (states.QUEUED, Cause.PASSING)


def test_a_dead_letter_without_a_cause_cannot_be_stored(job: Job) -> None:
    with pytest.raises(IntegrityError, match="a_dead_letter_names_its_cause"):
        Job.objects.update(state=states.DEAD)


def test_running_again_is_audited_with_what_was_given_up(job: Job) -> None:
    moderator = factories.make_user(Role.MODERATOR)
    Job.objects.update(state=states.DEAD, attempt=5, cause=Cause.NETWORK)
    run_again(job, by=moderator)
    entry = AuditEntry.objects.about(job).get(verb="job.requeued")
    assert entry.details == {"kind": KIND, "object": "1", "cause": "network", "attempts": 5}


def test_a_job_that_hangs_in_a_process_that_nobody_ends_is_given_up(
    job: Job, work: Callable, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.JOB_LIMITS = {KIND: (1, 1)}
    settings.JOB_LEASE_SECONDS = 1
    monkeypatch.setattr(runner, "HANGS_AFTER", 0)

    def hang(run: Run) -> None:
        wait_until(lambda: free_lost_leases() == 1, seconds=10, what="its lease to end")
        with run.commit():
            mark(run)

    work(hang)
    run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.cause, Mark.objects.count()) == (states.QUEUED, Cause.TIME_LIMIT, 0)


def test_a_dead_letter_that_is_run_again_has_all_its_attempts(job: Job, work: Callable) -> None:
    Job.objects.update(state="running", lease_until=timezone.now())
    Job.objects.update(state="dead", cause="fault", attempt=5, lease_until=None, last_error="ValueError: no")
    run_again(job, by="system")
    job.refresh_from_db()
    assert (job.state, job.attempt) == (states.QUEUED, 0)
    assert job.sent_at is not None
    run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempt) == (states.DONE, 1)


@pytest.mark.parametrize("state", [states.QUEUED, states.RUNNING, states.DONE])
def test_only_a_dead_letter_is_run_again(job: Job, state: str) -> None:
    if state != states.QUEUED:
        held = lease(job.pk)
        assert held is not None
        if state == states.DONE:
            with held.commit():
                pass
    with pytest.raises(ActionRefused, match=f"this job is {state}") as refusal:
        run_again(job, by="system")
    assert refusal.value.code == "not_dead"


def test_a_dead_letter_stays_when_the_work_is_queued_anew(job: Job) -> None:
    Job.objects.update(state="dead", cause="fault")
    enqueue(KIND, 1)
    with pytest.raises(ActionRefused) as refusal:
        run_again(job, by="system")
    assert refusal.value.code == "already_queued"
    job.refresh_from_db()
    assert job.state == states.DEAD


def test_work_asked_for_anew_during_the_last_attempt_is_not_buried(job: Job, work: Callable) -> None:
    def fail(run: Run) -> None:
        enqueue(KIND, 1)
        raise ConnectionError("still not")

    work(fail)
    Job.objects.update(attempt=4)
    run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempt) == (states.QUEUED, 0)


def test_a_refusal_ends_the_job_quietly_and_keeps_the_reason(job: Job, work: Callable) -> None:
    def refused(run: Run) -> None:
        with run.commit():
            mark(run)
            raise ActionRefused("The article was withdrawn.", code="withdrawn")

    work(refused)
    run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.last_error, job.attempt) == (states.DONE, "The article was withdrawn.", 1)
    assert not Mark.objects.exists()


def test_a_job_may_come_again_later(job: Job, work: Callable) -> None:
    later = timezone.now() + timedelta(minutes=10)

    def try_delivery(run: Run) -> None:
        with run.commit(again_at=later):
            mark(run)

    work(try_delivery)
    run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.due_at, job.attempt, job.lease_until) == (states.QUEUED, later, 0, None)
    assert Mark.objects.count() == 1


def test_what_was_asked_for_now_does_not_wait_for_again_at(job: Job, work: Callable) -> None:
    def deliver(run: Run) -> None:
        enqueue(KIND, 1)
        with run.commit(again_at=timezone.now() + timedelta(minutes=10)):
            pass

    work(deliver)
    run(job.pk)
    assert Job.objects.due().count() == 1


def test_the_lease_is_renewed_while_the_work_lasts(job: Job, work: Callable, settings: Any) -> None:
    settings.JOB_LEASE_SECONDS = 3  # looked after once a second, so that a shorter one may end between looks

    def work_long(run: Run) -> None:
        time.sleep(4)
        assert free_lost_leases() == 0
        with run.commit():
            mark(run)

    work(work_long)
    run(job.pk)
    assert Mark.objects.count() == 1


def test_a_database_that_comes_back_during_the_work_costs_nothing(job: Job, work: Callable) -> None:
    """Every session is cut while the job is at work: its results are written all the same, once."""

    def cut(run: Run) -> None:
        cut_sessions()
        wait_until(lambda: lock_is_held(run.job_id), seconds=5, what="the keeper's lock in its new session")
        with run.commit():
            mark(run)

    work(cut)
    run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempt, Mark.objects.count()) == (states.DONE, 1, 1)


def test_a_connection_lost_while_writing_is_one_more_attempt(job: Job, work: Callable) -> None:
    def cut(run: Run) -> None:
        with run.commit():
            mark(run)
            cut_sessions()

    work(cut)
    run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempt, Mark.objects.count()) == (states.QUEUED, 1, 0)


def cut_sessions() -> None:
    parameters = connection.get_connection_params()
    with owner_connection(user=parameters["user"], password=parameters.get("password")) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() "
            "AND usename = current_user AND pid <> pg_backend_pid()"
        )


def lock_is_held(job_id: int) -> bool:
    with owner_connection() as owner:
        rows = owner.execute(
            "SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND granted", [job_id]
        )
        return bool(rows.fetchall())
