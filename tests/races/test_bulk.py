"""Many tasks at once, while somebody else, or the same form again, is at one of them."""

from __future__ import annotations

import threading
import uuid

import pytest
from django.db import connection

from claimtracker.accounts.models import Role
from reviews.actions.assignment import release_task
from reviews.actions.bulk import Wanted, change_many
from reviews.actions.handover import accept_handover
from reviews.actions.undoing import undo_many
from reviews.models import BulkChange, BulkItem, ReviewTask, TaskHolder
from tests import factories
from tests.support.races import forced_interleaving

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


def test_a_form_that_comes_twice_at_once_is_done_once():
    checker, key = factories.make_user(), uuid.uuid4()
    tasks = [factories.make_task().pk for _ in range(4)]
    both, found = threading.Barrier(2), []

    def send():
        try:
            both.wait(10)
            found.append(change_many(tasks, by=checker, verb="take", key=key).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(set(found)) == 1
    assert len(found) == 2
    assert BulkItem.objects.filter(refusal="").count() == 4
    assert TaskHolder.objects.count() == 4


def test_an_undo_that_comes_twice_at_once_undoes_once():
    checker, task = factories.make_user(), factories.make_task()
    done = change_many([task.pk], by=checker, verb="take", key=uuid.uuid4())
    outcomes = forced_interleaving(
        lambda: undo_many(done, by=checker), lambda: undo_many(done, by=checker), over=done
    )
    assert [one.won for one in outcomes] == [True, True]
    item = BulkItem.objects.get()
    assert (bool(item.undone_at), item.kept_because) == (True, "")
    assert ReviewTask.objects.get().state == "queued"


def test_who_accepts_while_it_is_taken_back_either_has_it_or_not():
    lead, ada = factories.make_user(Role.LEAD), factories.make_user()
    for _ in range(4):
        task = factories.make_task()
        done = change_many([task.pk], by=lead, verb="give", key=uuid.uuid4(), wanted=Wanted(to=ada))
        _undone, accepted = forced_interleaving(
            lambda done=done: undo_many(done, by=lead),
            lambda task=task: accept_handover(task, by=ada),
            over=task,
        )
        task.refresh_from_db()
        is_kept = bool(BulkChange.objects.get(pk=done.pk).items.get().kept_because)
        assert accepted.won == is_kept
        assert task.state == ("taken" if accepted.won else "queued")


def test_a_task_that_is_released_while_it_is_undone_ends_in_the_queue_once():
    checker, task = factories.make_user(), factories.make_task()
    done = change_many([task.pk], by=checker, verb="take", key=uuid.uuid4())
    _undone, released = forced_interleaving(
        lambda: undo_many(done, by=checker), lambda: release_task(task, by=checker), over=task
    )
    item = BulkItem.objects.get()
    assert released.won == bool(item.kept_because)
    assert ReviewTask.objects.get().state == "queued"
