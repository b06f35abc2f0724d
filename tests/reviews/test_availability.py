"""Leave, capacity and language decide who takes; declarations return what they touch; leads keep the desk."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from claims.models import Article
from claimtracker.accounts.models import DayOff, Leave, Membership, Role, WorkingHours
from claimtracker.kernel.errors import ActionRefused, NotPermitted
from claimtracker.ledger.models import AuditEntry
from reviews.actions.assignment import release_task, take_next, take_task
from reviews.actions.conflicts import declare_conflict, end_conflict
from reviews.actions.people import (
    add_day_off,
    choose_languages,
    record_leave,
    remove_day_off,
    remove_leave,
    set_capacity,
    set_working_hours,
)
from reviews.models import ConflictOfInterest, ReviewTask
from tests import factories

pytestmark = pytest.mark.django_db


def refused_taking(task, user):
    with pytest.raises(NotPermitted) as refused:
        take_task(task, by=user)
    return refused.value


def test_nobody_takes_beyond_their_capacity():
    checker, lead = factories.make_user(), factories.make_user(Role.LEAD)
    set_capacity(checker.memberships.get(), by=lead, capacity=1)
    first = factories.make_taken_task(checker)
    second = factories.make_task()
    refusal = refused_taking(second, checker)
    assert refusal.code == "at_capacity"
    assert refusal.reason == (
        "You have 1 task of the Politics desk in hand, and your limit is 1. "
        "Finish one or give one back first."
    )
    release_task(first, by=checker)
    assert take_task(second, by=checker).assignee == checker


def test_capacity_counts_the_desks_own_tasks():
    checker, lead = factories.make_user(), factories.make_user(Role.LEAD)
    world = factories.make_desk("world")
    Membership.objects.create(user=checker, desk=world, role=Role.CHECKER)
    set_capacity(checker.memberships.get(desk=factories.make_desk()), by=lead, capacity=1)
    take_task(
        factories.make_task(factories.make_claim(article=factories.make_article(desk=world))), by=checker
    )
    assert factories.make_taken_task(checker).state == "taken"


def test_nobody_takes_while_on_leave():
    checker = factories.make_user()
    task = factories.make_task()
    today = timezone.now().date()
    record_leave(by=checker, first_day=today + timedelta(days=2), last_day=today + timedelta(days=9))
    release_task(take_task(task, by=checker), by=checker)
    leave = record_leave(by=checker, first_day=today, last_day=today + timedelta(days=1))
    assert refused_taking(task, checker).code == "on_leave"
    remove_leave(leave, by=checker)
    assert take_task(task, by=checker).assignee == checker


def test_leave_is_ones_own_and_does_not_overlap():
    checker = factories.make_user()
    leave = record_leave(by=checker, first_day=date(2027, 7, 1), last_day=date(2027, 7, 9))
    with pytest.raises(ActionRefused, match="from 1 July to 9 July already"):
        record_leave(by=checker, first_day=date(2027, 7, 9), last_day=date(2027, 7, 12))
    with pytest.raises(ActionRefused) as refused:
        record_leave(by=checker, first_day=date(2027, 8, 2), last_day=date(2027, 8, 1))
    assert refused.value.field == "last_day"
    with pytest.raises(NotPermitted):
        remove_leave(leave, by=factories.make_user(Role.LEAD))
    assert Leave.objects.count() == 1


def test_a_person_with_languages_takes_claims_in_them_or_in_none():
    checker = choose_languages(by=factories.make_user(), languages=["DE", "fr"])
    task = factories.make_task()
    Article.objects.update(language="")
    release_task(take_task(task, by=checker), by=checker)
    Article.objects.update(language="en-GB")
    refusal = refused_taking(ReviewTask.objects.get(pk=task.pk), checker)
    assert refusal.reason == "This claim is in English, which is not among your languages."
    Article.objects.update(language="de")
    assert take_task(ReviewTask.objects.get(pk=task.pk), by=checker).assignee == checker


# --- the next one


def test_the_next_task_is_the_most_urgent_that_one_may_take():
    checker = factories.make_user()
    mild, urgent, blocked = factories.make_task(), factories.make_task(), factories.make_task()
    for task, priority in ((mild, 10), (urgent, 60), (blocked, 90)):
        ReviewTask.objects.filter(pk=task.pk).update(priority=priority)
    declare_conflict(by=checker, kind="claim", claim=blocked.claim, reason="I wrote it")
    assert [take_next(by=checker), take_next(by=checker)] == [urgent, mild]
    with pytest.raises(ActionRefused, match="No task waits that you may take"):
        take_next(by=checker)


def test_whoever_has_no_room_is_told_why_there_is_no_next_one():
    checker = factories.make_user()
    factories.make_task()
    Membership.objects.update(capacity=0)
    with pytest.raises(NotPermitted, match="your limit is 0"):
        take_next(by=checker)


# --- declaring


def test_a_declaration_returns_what_one_has_in_hand_of_it():
    checker = factories.make_user()
    touched = factories.make_taken_task(checker)
    other = factories.make_taken_task(checker, factories.make_claim(claimant="Bo Hart"))
    declare_conflict(by=checker, kind="party", subject="  Ann   Lee ", reason="My aunt")
    touched.refresh_from_db()
    other.refresh_from_db()
    assert (touched.state, touched.assignee) == ("queued", None)
    assert (other.state, other.assignee) == ("taken", checker)
    assert ConflictOfInterest.objects.get().subject == "Ann Lee"
    entry = AuditEntry.objects.get(verb="conflict.declared")
    assert "My aunt" not in str(entry.details)
    assert not hasattr(entry, "note")


def test_what_a_declaration_does_not_touch_stays():
    checker = factories.make_user()
    task = factories.make_taken_task(checker)
    declare_conflict(by=checker, kind="topic", subject="fishing quotas", reason="I own a boat")
    task.refresh_from_db()
    assert task.assignee == checker


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"kind": "x", "subject": "Acme", "reason": "r"}, "kind"),
        ({"kind": "party", "subject": " ,- ", "reason": "r"}, "subject"),
        ({"kind": "party", "subject": "a" * 201, "reason": "r"}, "subject"),
        ({"kind": "party", "subject": "Acme", "reason": " "}, "reason"),
        ({"kind": "party", "subject": "Acme", "reason": "r" * 501}, "reason"),
        ({"kind": "claim", "reason": "r"}, "kind"),
    ],
)
def test_a_declaration_that_lacks_something_names_the_field(fields, field):
    with pytest.raises(ActionRefused) as refused:
        declare_conflict(by=factories.make_user(), **fields)
    assert refused.value.field == field


def test_a_declaration_is_made_once_and_ended_by_its_person():
    checker = factories.make_user()
    conflict = declare_conflict(by=checker, kind="party", subject="Acme", reason="Shares")
    with pytest.raises(ActionRefused, match="You declared this already"):
        declare_conflict(by=checker, kind="party", subject="ACME", reason="Shares")
    with pytest.raises(NotPermitted):
        end_conflict(conflict, by=factories.make_user(Role.LEAD))
    end_conflict(conflict, by=checker)
    with pytest.raises(ActionRefused, match="ended already"):
        end_conflict(conflict, by=checker)
    declare_conflict(by=checker, kind="party", subject="acme", reason="Shares again")
    assert ConflictOfInterest.objects.in_force().count() == 1


# --- the desk


def test_leads_keep_their_desks_hours_and_nobody_elses():
    lead, desk = factories.make_user(Role.LEAD), factories.make_desk()
    week = {0: [(540, 720), (780, 1020)], 4: [(540, 900)]}
    set_working_hours(desk, by=lead, time_zone="Europe/Berlin", week=week)
    set_working_hours(desk, by=lead, time_zone="Europe/Paris", week=week)
    desk.refresh_from_db()
    assert desk.time_zone == "Europe/Paris"
    assert WorkingHours.objects.count() == 3
    for other in (
        factories.make_user(Role.EDITOR),
        factories.make_user(Role.LEAD, factories.make_desk("world")),
    ):
        with pytest.raises(NotPermitted, match="Only leads of the Politics desk"):
            set_working_hours(desk, by=other, time_zone="UTC", week={})
        with pytest.raises(NotPermitted, match="Only leads of the Politics desk"):
            set_capacity(lead.memberships.get(), by=other, capacity=1)
        with pytest.raises(NotPermitted, match="Only leads of the Politics desk"):
            add_day_off(desk, by=other, day=date(2026, 12, 25), name="Christmas Day")


@pytest.mark.parametrize(
    ("zone", "week", "field"),
    [
        ("Mars/Base", {}, "time_zone"),
        ("UTC", {2: [(600, 600)]}, "day_2"),
        ("UTC", {2: [(600, 700), (650, 800)]}, "day_2"),
        ("UTC", {6: [(600, 1500)]}, "day_6"),
    ],
)
def test_hours_that_cannot_be_are_refused_at_their_day(zone, week, field):
    with pytest.raises(ActionRefused) as refused:
        set_working_hours(factories.make_desk(), by=factories.make_user(Role.LEAD), time_zone=zone, week=week)
    assert refused.value.field == field


def test_a_day_off_is_added_once_and_removed():
    lead, desk = factories.make_user(Role.LEAD), factories.make_desk()
    row = add_day_off(desk, by=lead, day=date(2026, 12, 25), name="Christmas Day")
    with pytest.raises(ActionRefused, match="off already"):
        add_day_off(desk, by=lead, day=date(2026, 12, 25), name="Christmas")
    with pytest.raises(ActionRefused) as refused:
        add_day_off(desk, by=lead, day=date(2026, 12, 26), name=" ")
    assert refused.value.field == "name"
    remove_day_off(row, by=lead)
    assert not DayOff.objects.exists()


@pytest.mark.parametrize("capacity", [-1, 501])
def test_a_capacity_is_a_sensible_number(capacity):
    lead = factories.make_user(Role.LEAD)
    with pytest.raises(ActionRefused) as refused:
        set_capacity(lead.memberships.get(), by=lead, capacity=capacity)
    assert refused.value.field == "capacity"
