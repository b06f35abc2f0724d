"""Two hands on one person or one task: nobody gets past their capacity, a conflict or another's decision."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from claimtracker.accounts.models import Membership, Role
from claimtracker.kernel.errors import ActionRefused, NotPermitted
from reviews.actions.assignment import release_task, take_next, take_task
from reviews.actions.conflicts import declare_conflict
from reviews.actions.handover import accept_handover, decline_handover, give_task
from reviews.models import ConflictOfInterest, Handover, ReviewTask
from tests import factories
from tests.support.drills import drill_size
from tests.support.races import forced_interleaving

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

ROUNDS = drill_size(3, long=6)


def winners(outcomes):
    for outcome in outcomes:
        assert outcome.won or isinstance(outcome.error, ActionRefused), outcome.error
    return [outcome.won for outcome in outcomes]


def test_two_clicks_at_once_do_not_get_past_the_capacity():
    checker = factories.make_user()
    Membership.objects.update(capacity=1)
    for _ in range(ROUNDS):
        first, second = factories.make_task(), factories.make_task()
        outcomes = forced_interleaving(
            lambda task=first: take_task(task, by=checker),
            lambda task=second: take_task(task, by=checker),
            over=checker,
        )
        assert sorted(winners(outcomes)) == [False, True]
        assert next(one.error.code for one in outcomes if not one.won) == "at_capacity"
        release_task(ReviewTask.objects.get(state="taken"), by=checker)


def test_a_lead_and_the_person_together_do_not_get_past_the_capacity():
    checker, lead = factories.make_user(), factories.make_user(Role.LEAD)
    Membership.objects.update(capacity=1)
    first, second = factories.make_task(), factories.make_task()
    outcomes = forced_interleaving(
        lambda: give_task(first, by=lead, to=checker), lambda: take_task(second, by=checker), over=checker
    )
    assert sorted(winners(outcomes)) == [False, True]
    assert ReviewTask.objects.filter(assignee=checker).count() == 1


def test_nobody_keeps_a_task_that_they_take_while_they_declare_a_conflict_with_it():
    for _ in range(ROUNDS):
        checker = factories.make_user()
        task = factories.make_task()
        outcomes = forced_interleaving(
            lambda task=task, by=checker: take_task(task, by=by),
            lambda task=task, by=checker: declare_conflict(
                by=by, kind="claim", claim=task.claim, reason="I wrote it"
            ),
            over=checker,
        )
        winners(outcomes)
        assert outcomes[1].won
        task.refresh_from_db()
        assert (task.state, task.assignee) == ("queued", None)
    assert ConflictOfInterest.objects.count() == ROUNDS


def test_handing_over_and_giving_back_at_once_end_in_one_place():
    ana, ben = factories.make_user(), factories.make_user()
    for _ in range(ROUNDS):
        task = factories.make_taken_task(ana)
        outcomes = forced_interleaving(
            lambda task=task: give_task(task, by=ana, to=ben, note="Your field."),
            lambda task=task: release_task(task, by=ana),
            over=task,
        )
        assert sorted(winners(outcomes)) == [False, True]
        task.refresh_from_db()
        assert task.assignee == (ben if outcomes[0].won else None)


def test_a_handover_is_answered_once():
    lead, ana = factories.make_user(Role.LEAD), factories.make_user()
    for _ in range(ROUNDS):
        task = give_task(factories.make_task(), by=lead, to=ana)
        outcomes = forced_interleaving(
            lambda task=task: accept_handover(task, by=ana),
            lambda task=task: decline_handover(task, by=ana, reason="No."),
            over=task,
        )
        assert sorted(winners(outcomes)) == [False, True]
        task.refresh_from_db()
        assert task.state == ("taken" if outcomes[0].won else "queued")
    assert Handover.objects.filter(accepted_at=None, declined_at=None).count() == 0


def test_people_who_pull_at_once_get_different_tasks():
    people = [factories.make_user() for _ in range(4)]
    for _ in range(12):
        factories.make_task()
    got, start = [], threading.Barrier(len(people))

    def pull(person):
        start.wait(timeout=20)
        try:
            got.extend([take_next(by=person).pk for _ in range(3)])
        except NotPermitted as error:
            got.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=pull, args=[person], daemon=True) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(got) == sorted(ReviewTask.objects.values_list("pk", flat=True))
    assert ReviewTask.objects.filter(state="taken").count() == 12
