"""A lead moves a task's deadline: who may, what is refused, what people and the history read."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from claimtracker.accounts.models import Role
from claimtracker.kernel.errors import ActionRefused, NotPermitted
from claimtracker.ledger.models import AuditEntry
from reviews.actions.deadline_moves import move_deadline
from reviews.actions.deadlines import remind
from reviews.models import Notification, ReviewTask
from tests import factories
from tests.web.review_words import url

pytestmark = pytest.mark.django_db

WHY = "The ministry publishes its accounts on Friday."


@pytest.fixture
def lead():
    return factories.make_user(Role.LEAD, name="Lena Kovač")


@pytest.fixture
def checker():
    return factories.make_user(name="Ana Ruiz")


def in_hours(hours):
    return timezone.now() + timedelta(hours=hours)


def test_a_lead_moves_it_and_the_holder_and_the_history_hear_why(lead, checker):
    task = factories.make_taken_task(checker)
    before, due_at = task.due_at, in_hours(100)
    moved = move_deadline(task, by=lead, due_at=due_at, reason=f"  {WHY}\n")
    assert (moved.due_at, ReviewTask.objects.get().due_at) == (due_at, due_at)
    entry = AuditEntry.objects.get(verb="review_task.deadline_moved")
    assert entry.note.text == WHY
    assert (entry.details["from"], entry.details["due_at"]) == (before.isoformat(), due_at.isoformat())
    notice = Notification.objects.get()
    assert (notice.user, notice.kind) == (checker, "due")
    assert WHY in notice.text


def test_reminders_begin_anew_with_the_new_deadline(lead, checker):
    task = factories.make_taken_task(checker)
    ReviewTask.objects.update(due_at=in_hours(-1), taken_at=in_hours(-5))
    assert remind() == 1
    task = move_deadline(task, by=lead, due_at=in_hours(4), reason=WHY)
    assert ReviewTask.objects.get().due_told_at is None
    ReviewTask.objects.update(due_at=in_hours(-0.5))
    assert remind() == 1


def test_only_leads_of_the_desk_move_it(lead, checker):
    task = factories.make_taken_task(checker)
    others = [checker, factories.make_user(Role.EDITOR)]
    others.append(factories.make_user(Role.LEAD, factories.make_desk("world")))
    for user in others:
        with pytest.raises(NotPermitted, match="Only leads of the Politics desk"):
            move_deadline(task, by=user, due_at=in_hours(9), reason=WHY)
    assert not AuditEntry.objects.filter(verb="review_task.deadline_moved").exists()


@pytest.mark.parametrize(
    ("due_at", "reason", "field", "code"),
    [
        (-1, WHY, "due_at", "past"),
        (24 * 400, WHY, "due_at", "too_far"),
        (9, " \n", "reason", "reason_missing"),
        (9, "x" * 501, "reason", "too_long"),
    ],
)
def test_a_refusal_names_the_field(lead, due_at, reason, field, code):
    task = factories.make_task()
    with pytest.raises(ActionRefused) as refused:
        move_deadline(task, by=lead, due_at=in_hours(due_at), reason=reason)
    assert (refused.value.field, refused.value.code) == (field, code)
    with pytest.raises(ActionRefused) as refused:
        move_deadline(task, by=lead, due_at=task.due_at, reason=WHY)
    assert refused.value.code == "unchanged"


def test_a_closed_task_keeps_its_deadline(lead, checker):
    task = factories.make_submitted_verdict(checker).claim.review_tasks.get(kind="research")
    with pytest.raises(NotPermitted, match="done"):
        move_deadline(task, by=lead, due_at=in_hours(9), reason=WHY)


def test_the_page_moves_it_and_says_what_is_wrong_at_its_field(client, lead, checker):
    task = factories.make_taken_task(checker)
    path = f"/review-tasks/{task.pk}/deadline/"
    client.force_login(checker)
    assert client.get(path).status_code == 403
    assert "Move the deadline" not in client.get(url(task.claim)).text
    client.force_login(lead)
    assert path in client.get(url(task.claim)).text
    assert client.get(path).status_code == 200
    refused = client.post(path, {"due_at": "2020-01-01T10:00", "reason": WHY})
    assert refused.status_code == 422
    assert "Give a time that is still to come." in refused.context["form"].errors["due_at"]
    assert WHY in refused.text
    assert client.post(path, {"due_at": "tomorrow", "reason": ""}).status_code == 422
    due_at = timezone.localtime(in_hours(50)).replace(second=0, microsecond=0)
    sent = client.post(path, {"due_at": f"{due_at:%Y-%m-%dT%H:%M}", "reason": WHY}, follow=True)
    assert "The deadline is moved:" in sent.text
    assert ReviewTask.objects.get().due_at == due_at
    assert [line.note for line in sent.context["history"] if "moved the deadline to" in line.what] == [WHY]
