"""What moderators change about people: nothing stays in hands that may not hold it, and no desk is left
without a lead."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from claimtracker.accounts.models import Membership, Role, User
from claimtracker.ledger.models import AuditEntry
from reviews import states
from reviews.actions.verdicts import save_draft
from reviews.models import ReviewTask, Verdict
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead() -> User:
    return factories.make_user(Role.LEAD)


@pytest.fixture
def task() -> ReviewTask:
    """In the hands of a checker, with a draft."""
    task = factories.make_taken_task(factories.make_user(Role.CHECKER))
    save_draft(task, by=task.assignee, rating=factories.make_rating(), summary="So far.", rationale="")
    return task


def address(label: str, what: str, pk: int) -> str:
    return reverse(f"admin:{label.lower().replace('.', '_')}_{what}", args=[pk])


def form(person: User, **facts: Any) -> dict[str, Any]:
    """The page of a person as the browser sends it; ``role`` and ``desk`` of the one membership."""
    row = person.memberships.get()
    sent = {"name": person.name, "is_active": "on" if facts.get("is_active", True) else None}
    return {name: value for name, value in sent.items() if value} | {
        "memberships-TOTAL_FORMS": "1",
        "memberships-INITIAL_FORMS": "1",
        "memberships-0-id": row.pk,
        "memberships-0-user": person.pk,
        "memberships-0-desk": facts.get("desk", row.desk_id),
        "memberships-0-role": facts.get("role", row.role),
    }


def change(client: Client, person: User, **facts: Any) -> Any:
    return client.post(address("accounts.User", "change", person.pk), form(person, **facts))


def test_who_is_switched_off_hands_over_with_the_draft_kept(desk_of: Client, task: ReviewTask) -> None:
    assert change(desk_of, task.assignee, is_active=False).status_code == 302
    task.refresh_from_db()
    assert (task.state, task.assignee) == (states.QUEUED, None)
    assert Verdict.objects.get(claim=task.claim).summary == "So far."
    assert AuditEntry.objects.about(task).filter(verb="review_task.released").exists()


@pytest.mark.parametrize("way", ["role", "desk"])
def test_who_may_not_hold_it_any_more_hands_over(desk_of: Client, task: ReviewTask, way: str) -> None:
    facts = {"role": {"role": Role.REPORTER}, "desk": {"desk": factories.make_desk("sport").pk}}[way]
    assert change(desk_of, task.assignee, **facts).status_code == 302
    task.refresh_from_db()
    assert task.state == states.QUEUED


def test_who_still_may_keeps_it(desk_of: Client, task: ReviewTask, lead: User) -> None:
    assert change(desk_of, task.assignee, role=Role.EDITOR).status_code == 302
    task.refresh_from_db()
    assert task.state == states.TAKEN


def test_a_role_that_is_taken_away_takes_the_tasks_along(desk_of: Client, task: ReviewTask) -> None:
    row = task.assignee.memberships.get()
    gone = desk_of.post(address("accounts.Membership", "delete", row.pk), {"post": "yes"})
    assert gone.status_code == 302
    task.refresh_from_db()
    assert task.state == states.QUEUED
    assert not Membership.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("facts", [{"is_active": False}, {"role": Role.EDITOR}])
def test_no_desk_is_left_without_a_lead(desk_of: Client, lead: User, facts: dict[str, Any]) -> None:
    refused = change(desk_of, lead, **facts)
    assert refused.status_code == 409
    assert "is the only lead of the" in refused.content.decode()
    lead.refresh_from_db()
    assert lead.is_active
    assert lead.memberships.get().role == Role.LEAD
    factories.make_user(Role.LEAD)
    assert change(desk_of, lead, **facts).status_code == 302


def test_nor_by_deleting_the_role(desk_of: Client, lead: User) -> None:
    row = lead.memberships.get()
    refused = desk_of.post(address("accounts.Membership", "delete", row.pk), {"post": "yes"})
    assert refused.status_code == 409
    assert Membership.objects.filter(pk=row.pk).exists()
