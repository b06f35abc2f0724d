"""A lead sets priorities by hand: what a task comes to, with who and why among its parts."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from claims.models import Claim
from claimtracker.accounts.models import Role
from claimtracker.kernel.errors import ActionRefused, NotPermitted
from claimtracker.ledger.models import AuditEntry
from reviews.actions.bulk import Wanted, change_many
from reviews.actions.priority import weigh_tasks
from reviews.actions.priority_by_hand import set_priority
from reviews.actions.undoing import undo_many
from reviews.models import ReviewTask
from reviews.views.rule_words import part_lines, parts_in_a_line
from tests import factories

pytestmark = pytest.mark.django_db


def parts(task: ReviewTask) -> dict[str, Any]:
    task.refresh_from_db()
    return {part["part"]: part for part in task.priority_parts}


def test_what_is_set_is_what_it_comes_to_with_who_and_why() -> None:
    lead = factories.make_user(Role.LEAD, name="Lena Voss")
    task = factories.make_task()
    weighed = task.priority
    set_priority(task, by=lead, level="urgent", reason="It is on air  at six.")
    found = parts(task)
    assert task.priority == 90
    assert round(sum(part["points"] for part in found.values())) == 90
    assert found["hand"]["why"] == "Lena Voss: It is on air at six."
    names = [(line.name, line.why) for line in part_lines(task.priority_parts)]
    assert names[-1] == ("By hand", "Lena Voss: It is on air at six.")
    assert f"by hand {90 - weighed}" in parts_in_a_line(task.priority, task.priority_parts)
    assert AuditEntry.objects.about(task).first().verb == "review_task.priority_set"
    set_priority(task, by=lead, level="low", reason="It was moved to tomorrow.")
    assert (parts(task)["hand"]["points"] < 0, task.priority) == (True, 15)
    set_priority(task, by=lead, level="as_weighed", reason="No longer.")
    assert ("hand" in parts(task), task.priority) == (False, weighed)


def test_it_stays_when_the_rest_is_weighed_anew_and_goes_on_with_the_claim() -> None:
    lead = factories.make_user(Role.LEAD)
    task = factories.make_task()
    set_priority(task, by=lead, level="high", reason="For the weekend.")
    Claim.objects.filter(pk=task.claim_id).update(score=0.1)
    weigh_tasks([task.pk])
    assert parts(task)["hand"]["points"] > 0
    assert task.priority == 65
    verdict = factories.make_submitted_verdict(factories.make_user(), claim=task.claim)
    second = ReviewTask.objects.get(claim=verdict.claim, kind="second_review")
    assert (second.priority, "hand" in parts(second)) == (65, True)


def test_it_is_for_leads_with_a_level_of_the_list_and_a_reason() -> None:
    task, lead = factories.make_task(), factories.make_user(Role.LEAD)
    for person in (
        factories.make_user(Role.EDITOR),
        factories.make_user(Role.LEAD, factories.make_desk("w")),
    ):
        with pytest.raises(NotPermitted, match="Only leads of the Politics desk"):
            set_priority(task, by=person, level="high", reason="So.")
    for level, reason, field in (
        ("dire", "So.", "level"),
        ("as_weighed", "So.", "level"),
        ("high", " ", "reason"),
        ("high", "x" * 301, "reason"),
    ):
        with pytest.raises(ActionRefused) as refused:
            set_priority(task, by=lead, level=level, reason=reason)
        assert refused.value.field == field


def test_many_are_set_at_once_and_undone_to_what_was_set_before() -> None:
    lead = factories.make_user(Role.LEAD)
    fresh, low = factories.make_task(), factories.make_task()
    set_priority(low, by=lead, level="low", reason="Old.")
    before = [parts(fresh), parts(low)]
    done = change_many(
        [fresh.pk, low.pk],
        by=lead,
        verb="priority",
        key=uuid.uuid4(),
        wanted=Wanted(level="urgent", reason="The debate."),
    )
    assert [parts(task)["hand"]["value"] for task in (fresh, low)] == [0.9, 0.9]
    undo_many(done, by=lead)
    assert [parts(fresh), parts(low)] == before


def test_what_somebody_set_anew_meanwhile_stays() -> None:
    lead, task = factories.make_user(Role.LEAD), factories.make_task()
    wanted = Wanted(level="urgent", reason="The debate.")
    done = change_many([task.pk], by=lead, verb="priority", key=uuid.uuid4(), wanted=wanted)
    set_priority(task, by=lead, level="normal", reason="It was called off.")
    undo_many(done, by=lead)
    assert done.items.get().kept_because
    assert parts(task)["hand"]["value"] == 0.45
