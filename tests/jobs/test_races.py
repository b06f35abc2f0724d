"""Two sessions over one job row, interleaved by force: one wins, fifty times of fifty."""

from __future__ import annotations

import functools

import pytest
from django.db import transaction

from claims.actions.curation import lock_claim
from claims.models import Claim
from claimtracker.jobs import enqueue, states
from claimtracker.jobs.actions import run_again
from claimtracker.jobs.models import Job
from claimtracker.jobs.runner import Run, lease
from claimtracker.kernel.errors import ActionRefused
from tests import factories
from tests.support.races import forced_interleaving

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 50


def dead_letter(number: int) -> Job:
    job = Job.objects.create(kind="tests.mark_default", object_id=str(number))
    Job.objects.filter(pk=job.pk).update(state=states.DEAD, attempt=5, cause="fault")
    return job


def test_one_of_two_people_runs_a_dead_letter_again() -> None:
    for number in range(ROUNDS):
        job = dead_letter(number)
        again = functools.partial(run_again, job, by="system")
        outcomes = forced_interleaving(again, again, over=job)
        assert sorted(outcome.won for outcome in outcomes) == [False, True]
        loser = next(outcome.error for outcome in outcomes if not outcome.won)
        assert isinstance(loser, ActionRefused)
        assert loser.code == "not_dead"


def test_one_of_two_workers_leases_a_row() -> None:
    for number in range(ROUNDS):
        job = Job.objects.create(kind="tests.mark_default", object_id=str(number))
        outcomes = forced_interleaving(lambda: lease(job.pk), lambda: lease(job.pk), over=job)  # noqa: B023 - called here
        assert all(outcome.won for outcome in outcomes)
        assert sorted(outcome.value is None for outcome in outcomes) == [False, True]


def test_who_holds_what_a_job_is_about_may_ask_for_that_job() -> None:
    """A person changes a claim and asks for its job, which commits its results about the claim just then."""
    for _ in range(10):
        claim = factories.make_claim()
        job = Job.objects.create(kind="tests.mark_default", object_id=str(claim.pk))
        held = lease(job.pk)
        assert held is not None

        @transaction.atomic
        def change_and_ask(claim: Claim = claim) -> None:
            lock_claim(claim.pk)
            enqueue("tests.mark_default", claim.pk)

        def end(claim: Claim = claim, held: Run = held) -> None:
            with held.commit():
                lock_claim(claim.pk)

        outcomes = forced_interleaving(change_and_ask, end, over=claim)
        assert [outcome.error for outcome in outcomes] == [None, None]
        assert Job.objects.open().get(kind=job.kind, object_id=str(claim.pk)).state == states.QUEUED, (
            "it runs once more"
        )


@transaction.atomic
def look_then_write(job_id: int) -> None:
    """The mistake: the check reads a row that it has not locked."""
    job = Job.objects.get(pk=job_id)
    if job.state != states.DEAD:
        raise ActionRefused("Somebody was faster.", code="not_dead")
    Job.objects.filter(pk=job_id).update(state=states.QUEUED)


def test_an_action_that_looks_before_it_locks_is_found_out() -> None:
    for number in range(5):
        job = dead_letter(number)
        outcomes = forced_interleaving(
            lambda: look_then_write(job.pk),  # noqa: B023 - called here
            lambda: look_then_write(job.pk),  # noqa: B023 - called here
            over=job,
        )
        assert [outcome.won for outcome in outcomes] == [True, True]


def test_a_call_that_never_touches_the_row_is_an_error_of_the_test() -> None:
    job = dead_letter(1)
    with pytest.raises(AssertionError, match="never waited for the row"):
        forced_interleaving(lambda: run_again(job, by="system"), lambda: None, over=job)
