"""The table of a job's states and the database's trigger agree on every pair."""

from __future__ import annotations

import itertools

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from claimtracker.jobs import states
from claimtracker.jobs.models import Job
from claimtracker.kernel.errors import ActionRefused

STATES = states.JOB.states


def job_in(state: str) -> Job:
    """A job that went to ``state`` by legal steps."""
    paths: dict[str, list[str]] = {born: [] for born in states.JOB.initial}
    while state not in paths:
        paths |= {
            target: [*paths[source], target]
            for source, target in states.JOB.pairs()
            if source in paths and target not in paths
        }
    job = Job.objects.create(
        kind="tests.mark_default", object_id="1", lease_until=timezone.now(), cause="fault"
    )
    for step in paths[state]:
        Job.objects.filter(pk=job.pk).update(state=step)
    return job


@pytest.mark.django_db
@pytest.mark.parametrize(("source", "target"), list(itertools.product(STATES, STATES)))
def test_the_trigger_allows_what_the_table_allows(source: str, target: str) -> None:
    job = job_in(source)
    if source == target or states.JOB.allows(source, target):
        assert Job.objects.filter(pk=job.pk).update(state=target) == 1
        return
    with (
        pytest.raises(IntegrityError, match=f"illegal transition of job: {source} to {target}"),
        transaction.atomic(),
    ):
        Job.objects.filter(pk=job.pk).update(state=target)
    with pytest.raises(ActionRefused, match=f"A job that is {source} cannot become {target}"):
        states.JOB.check(source, target)


@pytest.mark.django_db
@pytest.mark.parametrize("state", STATES)
def test_a_job_is_born_queued(state: str) -> None:
    new = {"kind": "tests.mark_default", "object_id": "1", "state": state}
    if state in states.JOB.initial:
        Job.objects.create(**new)
        return
    with pytest.raises(IntegrityError, match=f"a job cannot begin as {state}"), transaction.atomic():
        Job.objects.create(**new)


@pytest.mark.django_db
def test_the_same_work_is_open_once_only() -> None:
    Job.objects.create(kind="tests.mark_default", object_id="1")
    with pytest.raises(IntegrityError, match="one_open_job_per_kind_and_object"), transaction.atomic():
        Job.objects.create(kind="tests.mark_default", object_id="1")


@pytest.mark.django_db
def test_a_running_job_has_a_lease() -> None:
    job = Job.objects.create(kind="tests.mark_default", object_id="1")
    with pytest.raises(IntegrityError, match="a_running_job_has_a_lease"), transaction.atomic():
        Job.objects.filter(pk=job.pk).update(state=states.RUNNING)


def test_the_diagram_draws_every_pair() -> None:
    lines = states.JOB.mermaid().splitlines()
    assert len(lines) == 1 + len(states.JOB.initial) + len(states.JOB.pairs())
    assert "    running --> done" in lines
