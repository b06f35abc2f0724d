"""The same reminder and escalation jobs several times at the same moment: everybody is told once."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from claimtracker.accounts.models import Role
from claimtracker.ledger.models import AuditEntry
from reviews.actions.assignment import expire_leases, renew_lease
from reviews.actions.deadlines import escalate, remind
from reviews.models import Notification, ReviewTask
from tests import factories
from tests.support.races import forced_interleaving

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(120)]

TASKS, RUNS = 12, 4


def side_by_side(*calls):
    """Run all at once, each with a connection of its own; returns what they gave or raised."""
    results, start = [], threading.Barrier(len(calls))

    def run(call):
        try:
            start.wait(timeout=20)
            results.append(call())
        except Exception as error:  # noqa: BLE001 - the assertion below shows it
            results.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[call], daemon=True) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


def test_reminders_and_escalations_side_by_side_are_told_once():
    lead, checker = factories.make_user(Role.LEAD), factories.make_user()
    for _ in range(TASKS):
        factories.make_taken_task(checker)
    now = timezone.now()
    ReviewTask.objects.update(
        created_at=now - timedelta(hours=9),
        taken_at=now - timedelta(hours=9),
        due_at=now - timedelta(hours=4),
    )

    results = side_by_side(*[remind] * RUNS, *[escalate] * RUNS)

    assert sum(results) + remind() + escalate() == 2 * TASKS, results
    assert checker.notifications.filter(kind="due").count() == TASKS
    assert lead.notifications.filter(kind="escalated").count() == TASKS
    assert Notification.objects.count() == 2 * TASKS
    assert AuditEntry.objects.filter(verb="notification.sent").count() == 2 * TASKS


def test_leases_expire_once_when_jobs_run_side_by_side():
    checker = factories.make_user()
    for _ in range(TASKS):
        factories.make_taken_task(checker)
    ReviewTask.objects.update(lease_until=timezone.now() - timedelta(minutes=1))
    assert sum(side_by_side(*[expire_leases] * RUNS)) == TASKS
    assert AuditEntry.objects.filter(verb="review_task.expired").count() == TASKS


def test_work_in_the_last_moment_keeps_the_task_or_finds_it_gone():
    checker = factories.make_user()
    for _ in range(6):
        task = factories.make_taken_task(checker)
        ReviewTask.objects.filter(pk=task.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
        outcomes = forced_interleaving(
            lambda task=task: renew_lease(task, by=checker), expire_leases, over=task
        )
        assert all(outcome.won for outcome in outcomes), outcomes
        task.refresh_from_db()
        expired = outcomes[1].value == 1
        assert task.state == ("queued" if expired else "taken")
        assert (task.lease_until is None) is expired
        ReviewTask.objects.filter(pk=task.pk).delete()
