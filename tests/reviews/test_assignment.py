"""Taking, giving back, leases, reminders and escalation."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from claimtracker.accounts.models import Role, WorkingHours
from claimtracker.kernel.errors import NotPermitted
from reviews.actions.assignment import expire_leases, release_task, renew_lease, take_task
from reviews.actions.verdicts import save_draft
from reviews.models import Notification, ReviewTask
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_taken_task_has_its_person_and_a_lease():
    checker = factories.make_user()
    task = factories.make_taken_task(checker)
    assert (task.state, task.assignee) == ("taken", checker)
    assert task.lease_until > timezone.now()


def test_a_second_checker_cannot_take_a_taken_task():
    task = factories.make_taken_task(factories.make_user(name="Imran Qureshi"))
    with pytest.raises(NotPermitted, match="Imran has this task already") as refused:
        take_task(task, by=factories.make_user())
    assert refused.value.code == "already_taken"


def test_a_reporter_and_another_desk_cannot_take():
    task = factories.make_task()
    for user in (
        factories.make_user(Role.REPORTER),
        factories.make_user(Role.LEAD, factories.make_desk("health")),
    ):
        with pytest.raises(NotPermitted, match="Only checkers, editors and leads of the Politics desk"):
            take_task(task, by=user)


def test_the_assignee_or_a_lead_gives_a_task_back():
    checker = factories.make_user()
    task = factories.make_taken_task(checker)
    with pytest.raises(NotPermitted, match="Only the person who has the task"):
        release_task(task, by=factories.make_user())
    assert release_task(task, by=checker).state == "queued"
    task = take_task(task, by=checker)
    assert release_task(task, by=factories.make_user(Role.LEAD)).assignee is None


def test_an_expired_lease_returns_the_task_and_tells_the_person_once():
    checker = factories.make_user()
    task = factories.make_taken_task(checker)
    assert expire_leases() == 0
    ReviewTask.objects.update(lease_until=timezone.now() - timedelta(minutes=1))
    assert (expire_leases(), expire_leases()) == (1, 0)
    task.refresh_from_db()
    assert (task.state, task.assignee) == ("queued", None)
    assert Notification.objects.get().kind == "lease_expired"


def test_work_renews_the_lease_of_its_person_only():
    checker = factories.make_user()
    task = factories.make_taken_task(checker)
    soon = timezone.now() + timedelta(minutes=5)
    ReviewTask.objects.update(lease_until=soon)
    renew_lease(task, by=factories.make_user())
    task.refresh_from_db()
    assert task.lease_until == soon
    renew_lease(task, by=checker)
    task.refresh_from_db()
    assert task.lease_until > timezone.now() + timedelta(hours=7)


def test_evidence_and_a_draft_renew_the_lease():
    checker = factories.make_user()
    task = factories.make_taken_task(checker)
    soon = timezone.now() + timedelta(minutes=5)
    for work in (
        lambda: factories.make_evidence(task.claim, checker),
        lambda: save_draft(task, by=checker, rating=None, summary="A third.", rationale=""),
    ):
        ReviewTask.objects.update(lease_until=soon)
        work()
        task.refresh_from_db()
        assert task.lease_until > soon


def test_a_lease_runs_by_the_desks_hours():
    """Taken at any hour, it ends within working hours."""
    desk = factories.make_desk()
    WorkingHours.objects.bulk_create(
        WorkingHours(desk=desk, weekday=day, opens=9 * 60, closes=12 * 60) for day in range(7)
    )
    task = factories.make_taken_task(factories.make_user())
    assert task.lease_until - timezone.now() > timedelta(days=2)
    assert 9 <= task.lease_until.hour <= 12


def test_the_draft_of_an_expired_task_waits_for_whoever_takes_it_next():
    ana, ben = factories.make_user(), factories.make_user()
    task = factories.make_taken_task(ana)
    evidence = factories.make_evidence(task.claim, ana)
    save_draft(task, by=ana, rating=None, summary="A third of that.", rationale="By the accounts.")
    ReviewTask.objects.update(lease_until=timezone.now() - timedelta(minutes=1))
    assert expire_leases() == 1
    task = take_task(task, by=ben)
    draft = task.claim.verdicts.get()
    assert (draft.state, draft.summary, draft.author) == ("draft", "A third of that.", ana)
    assert task.claim.evidence.get() == evidence
    save_draft(task, by=ben, rating=None, summary="A third of that, in 2025.", rationale="By the accounts.")
    draft.refresh_from_db()
    assert (draft.summary, draft.author) == ("A third of that, in 2025.", ben)
