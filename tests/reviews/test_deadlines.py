"""Reminders and escalation, by the desk's hours, each once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from claimtracker.accounts.models import Leave, Role, WorkingHours
from claimtracker.ledger.models import AuditEntry
from reviews.actions.assignment import release_task, take_task
from reviews.actions.deadlines import escalate, plan_reminders, remind
from reviews.models import Notification, ReviewTask
from tests import factories

pytestmark = pytest.mark.django_db


def kinds(user):
    return sorted(user.notifications.values_list("kind", flat=True))


def set_deadline(*, ago, ahead):
    """The deadline's time began ``ago`` hours ago and ends ``ahead`` hours from now."""
    now = timezone.now()
    ReviewTask.objects.update(
        created_at=now - timedelta(hours=ago),
        taken_at=now - timedelta(hours=ago),
        due_at=now + timedelta(hours=ahead),
    )


def test_reminders_come_at_half_time_and_when_due_once_each():
    checker = factories.make_user()
    factories.make_taken_task(checker)
    assert remind() == 0
    set_deadline(ago=3, ahead=2)
    assert (remind(), remind()) == (1, 0)
    ReviewTask.objects.update(due_at=timezone.now() - timedelta(minutes=1))
    assert (remind(), remind()) == (1, 0)
    assert kinds(checker) == ["due", "half_time"]
    assert AuditEntry.objects.filter(verb="notification.sent").count() == 2


def test_one_who_sees_the_deadline_when_taking_is_not_told_of_it():
    checker = factories.make_user()
    task = factories.make_task()
    now = timezone.now()
    ReviewTask.objects.update(created_at=now - timedelta(hours=3), due_at=now + timedelta(hours=1))
    take_task(task, by=checker)
    assert remind() == 0
    ReviewTask.objects.update(due_at=now + timedelta(seconds=1), taken_at=now - timedelta(hours=1))
    ReviewTask.objects.update(due_at=now - timedelta(seconds=1))
    assert remind() == 1
    assert kinds(checker) == ["due"]


def test_a_task_that_is_late_when_somebody_takes_it_reminds_nobody():
    checker = factories.make_user()
    task = factories.make_task()
    ReviewTask.objects.update(due_at=timezone.now() - timedelta(minutes=5))
    take_task(task, by=checker)
    assert (remind(), remind()) == (0, 0)


def test_half_time_counts_working_hours():
    desk = factories.make_desk(time_zone="Europe/Berlin")
    WorkingHours.objects.bulk_create(
        WorkingHours(desk=desk, weekday=day, opens=9 * 60, closes=17 * 60) for day in range(5)
    )
    task = factories.make_task()
    friday, monday = datetime(2026, 11, 27, 12, tzinfo=UTC), datetime(2026, 11, 30, 14, tzinfo=UTC)
    ReviewTask.objects.update(created_at=friday, due_at=monday)  # 4 hours on Friday, 6 on Monday
    assert plan_reminders() == 1
    assert plan_reminders() == 0
    task.refresh_from_db()
    assert task.half_time_at == datetime(2026, 11, 30, 9, tzinfo=UTC)  # 10:00 in Berlin
    assert task.escalate_at == datetime(2026, 11, 30, 16, tzinfo=UTC)


def test_a_moved_deadline_is_announced_anew():
    checker = factories.make_user()
    factories.make_taken_task(checker)
    set_deadline(ago=3, ahead=-1)
    assert remind() == 1
    set_deadline(ago=1, ahead=3)
    assert (remind(), remind()) == (0, 0)
    set_deadline(ago=4, ahead=-0.5)
    assert (remind(), remind()) == (1, 0)
    assert kinds(checker) == ["due", "due"]


def test_late_tasks_that_nobody_has_are_escalated_to_every_lead_of_the_desk_once():
    leads = [factories.make_user(Role.LEAD), factories.make_user(Role.LEAD)]
    factories.make_user(Role.LEAD, factories.make_desk("health"))
    factories.make_task()
    assert escalate() == 0
    ReviewTask.objects.update(due_at=timezone.now() - timedelta(minutes=1))
    assert (escalate(), escalate()) == (2, 0)
    assert {notice.user for notice in Notification.objects.all()} == set(leads)
    assert "nobody has it" in Notification.objects.first().text


def test_leads_hear_of_a_task_in_hand_after_a_while(settings):
    settings.REVIEW_ESCALATE_HOURS = 2
    lead, checker = factories.make_user(Role.LEAD), factories.make_user(name="Imran Qureshi")
    factories.make_taken_task(checker)
    set_deadline(ago=5, ahead=-1)
    assert escalate() == 0
    set_deadline(ago=5, ahead=-3)
    assert (escalate(), escalate()) == (1, 0)
    assert "Imran Qureshi has it" in lead.notifications.get().text


def test_a_task_that_was_given_back_late_is_escalated_at_once():
    factories.make_user(Role.LEAD)
    checker = factories.make_user()
    task = factories.make_taken_task(checker)
    set_deadline(ago=5, ahead=-1)
    assert escalate() == 0
    release_task(task, by=checker)
    assert escalate() == 1


def test_a_lead_on_leave_is_spared_while_another_is_there():
    here, away = factories.make_user(Role.LEAD), factories.make_user(Role.LEAD)
    today = timezone.now().date()
    Leave.objects.create(user=away, first_day=today, last_day=today)
    factories.make_task()
    ReviewTask.objects.update(due_at=timezone.now() - timedelta(minutes=1))
    assert escalate() == 1
    assert Notification.objects.get().user == here


def test_with_all_leads_on_leave_they_are_told_all_the_same():
    away = factories.make_user(Role.LEAD)
    Leave.objects.create(user=away, first_day=date(2020, 1, 1), last_day=date(2090, 1, 1))
    factories.make_task()
    ReviewTask.objects.update(due_at=timezone.now() - timedelta(minutes=1))
    assert escalate() == 1


def test_at_a_desk_without_a_lead_the_moderators_are_told():
    moderator = factories.make_user(Role.MODERATOR, factories.make_desk("health"))
    factories.make_task(
        factories.make_claim(article=factories.make_article(desk=factories.make_desk("world")))
    )
    ReviewTask.objects.update(due_at=timezone.now() - timedelta(minutes=1))
    assert (escalate(), escalate()) == (1, 0)
    assert Notification.objects.get().user == moderator


def test_finished_and_cancelled_tasks_remind_nobody():
    factories.make_user(Role.LEAD)
    checker = factories.make_user()
    factories.make_submitted_verdict(checker)
    ReviewTask.objects.filter(state="queued").delete()
    ReviewTask.objects.update(due_at=timezone.now() - timedelta(hours=9))
    assert (remind(), escalate()) == (0, 0)


def test_more_tasks_than_a_batch_are_told_in_the_next_runs(monkeypatch):
    monkeypatch.setattr("reviews.actions.deadlines.BATCH", 2)
    factories.make_user(Role.LEAD)
    for _ in range(3):
        factories.make_task()
    ReviewTask.objects.update(due_at=timezone.now() - timedelta(minutes=1))
    assert (escalate(), escalate(), escalate()) == (2, 1, 0)
