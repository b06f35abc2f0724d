"""One thing done to several tasks, and taken back within ten seconds."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from claimtracker.accounts.models import Role, User
from claimtracker.kernel.errors import ActionRefused, NotPermitted
from claimtracker.ledger.models import AuditEntry
from reviews.actions import bulk
from reviews.actions.assignment import release_task, take_task
from reviews.actions.bulk import Wanted, change_many, snapshot
from reviews.actions.deadline_moves import move_deadline
from reviews.actions.forgetting import forget_passing
from reviews.actions.handover import accept_handover
from reviews.actions.undoing import undo_many
from reviews.models import BulkChange, Handover, Notification, ReviewTask, TaskHolder
from reviews.policies.kinds import had_the_verdict
from tests import factories

pytestmark = pytest.mark.django_db

DISMISS = Wanted(reason="Nobody can check this.")


def change(
    tasks: list[ReviewTask], by: User, verb: str, wanted: Wanted | None = None, **options: Any
) -> BulkChange:
    key = options.pop("key", uuid.uuid4())
    return change_many([task.pk for task in tasks], by=by, verb=verb, key=key, wanted=wanted)


def outcome(done: BulkChange) -> list[str]:
    return [item.refusal for item in done.items.all()]


def now(task: ReviewTask) -> dict[str, Any]:
    return snapshot(ReviewTask.objects.get(pk=task.pk))


def test_each_is_done_or_refused_with_its_own_sentence() -> None:
    checker, other = factories.make_user(), factories.make_user(name="Ada Brandt")
    free, theirs = factories.make_task(), factories.make_taken_task(other)
    foreign = factories.make_task(
        factories.make_claim(article=factories.make_article(desk=factories.make_desk("world")))
    )
    done = change([free, theirs, foreign], checker, "take")
    assert outcome(done) == ["", "Ada has this task already."], (
        "what one does not see is as if it were not there"
    )
    assert ReviewTask.objects.get(pk=free.pk).assignee == checker
    assert ReviewTask.objects.get(pk=foreign.pk).state == "queued"


def test_the_same_form_sent_twice_does_it_once() -> None:
    checker, key = factories.make_user(), uuid.uuid4()
    task = factories.make_task()
    first = change([task], checker, "take", key=key)
    release_task(task, by=checker)
    assert change([task], checker, "take", key=key) == first
    assert ReviewTask.objects.get(pk=task.pk).state == "queued", "the second did nothing"


def test_a_page_that_the_browser_kept_does_what_is_ticked_now() -> None:
    checker, key = factories.make_user(), uuid.uuid4()
    first, second = factories.make_task(), factories.make_task()
    change([first], checker, "take", key=key)
    assert outcome(change([second], checker, "take", key=key)) == [""]
    assert outcome(change([first], checker, "give_back", key=key)) == [""]


def test_what_was_done_is_remembered_for_a_month() -> None:
    checker, task = factories.make_user(), factories.make_task()
    change([task], checker, "take")
    BulkChange.objects.update(created_at=timezone.now() - timedelta(days=31))
    change([task], checker, "give_back")
    forget_passing()
    assert BulkChange.objects.get().verb == "give_back"


@pytest.mark.parametrize(
    ("verb", "wanted", "field"),
    [
        ("give", Wanted(), "to"),
        ("deadline", Wanted(reason="So."), "due_at"),
        ("deadline", Wanted(due_at=timezone.now() - timedelta(1), reason="So."), "due_at"),
        ("dismiss", Wanted(reason=" "), "reason"),
    ],
)
def test_what_is_missing_is_named_before_anything_happens(verb: str, wanted: Wanted, field: str) -> None:
    lead = factories.make_user(Role.LEAD)
    with pytest.raises(ActionRefused) as refused:
        change([factories.make_task()], lead, verb, wanted)
    assert refused.value.field == field
    assert not BulkChange.objects.exists()
    with pytest.raises(ActionRefused, match="Choose at least one task"):
        change([], lead, "take")
    with pytest.raises(ActionRefused, match="100 tasks at most"):
        change_many(range(1, 102), by=lead, verb="take", key=uuid.uuid4())


def test_each_verb_is_for_whom_its_single_action_is_for() -> None:
    task = factories.make_task()
    later = Wanted(due_at=timezone.now() + timedelta(days=9), reason="The office is closed.")
    reporter, checker, lead = (factories.make_user(role) for role in (Role.REPORTER, Role.CHECKER, Role.LEAD))
    give = Wanted(to=checker)
    assert all(outcome(change([task], reporter, verb, asked))[0] for verb, asked in (
        ("take", None), ("give_back", None), ("give", give), ("deadline", later), ("dismiss", DISMISS),
    ))  # fmt: skip
    assert all(
        outcome(change([task], checker, verb, asked))[0]
        for verb, asked in (("give", give), ("deadline", later))
    )
    assert outcome(change([task], lead, "deadline", later)) == [""]
    assert outcome(change([task], lead, "give", give)) == [""]
    assert outcome(change([task], checker, "give_back")) == [""]
    assert outcome(change([task], checker, "dismiss", DISMISS)) == [""]


def test_taking_is_undone_exactly() -> None:
    checker, task = factories.make_user(), factories.make_task()
    before = now(task)
    done = undo_many(change([task], checker, "take"), by=checker)
    assert now(task) == before
    assert done.items.get().undone_at
    assert AuditEntry.objects.about(task).first().verb == "review_task.undone"


def test_giving_back_is_undone_with_the_time_that_was_left() -> None:
    checker = factories.make_user()
    task = factories.make_taken_task(checker)
    ReviewTask.objects.filter(pk=task.pk).update(
        taken_at=timezone.now() - timedelta(hours=3), lease_until=timezone.now() + timedelta(hours=1)
    )
    before = now(task)
    undo_many(change([task], checker, "give_back"), by=checker)
    assert now(task) == before


def test_giving_is_undone_out_of_the_queue_and_out_of_hands() -> None:
    lead, ada, ben = factories.make_user(Role.LEAD), factories.make_user(), factories.make_user()
    free, theirs = factories.make_task(), factories.make_taken_task(ada)
    before = [now(free), now(theirs)]
    done = change([free, theirs], lead, "give", Wanted(to=ben, reason="You know the council."))
    assert outcome(done) == ["", ""]
    undo_many(done, by=lead)
    assert [now(free), now(theirs)] == before
    assert not Handover.objects.exists()
    told = [one.text for one in Notification.objects.filter(user=ben)]
    assert sum("given by mistake" in text for text in told) == 2


def test_what_was_accepted_meanwhile_stays() -> None:
    lead, ada = factories.make_user(Role.LEAD), factories.make_user(name="Ada Brandt")
    task = factories.make_task()
    done = change([task], lead, "give", Wanted(to=ada))
    accept_handover(task, by=ada)
    undo_many(done, by=lead)
    assert done.items.get().kept_because == "Ada Brandt has accepted it already."
    assert ReviewTask.objects.get(pk=task.pk).assignee == ada


def test_a_moved_deadline_comes_back_with_what_was_announced() -> None:
    lead = factories.make_user(Role.LEAD)
    task = factories.make_taken_task(factories.make_user())
    told = timezone.now() - timedelta(hours=1)
    ReviewTask.objects.filter(pk=task.pk).update(due_at=told)
    ReviewTask.objects.filter(pk=task.pk).update(due_told_at=told, half_time_at=told, half_time_told_at=told)
    before = now(task)
    later = Wanted(due_at=timezone.now() + timedelta(days=9), reason="The office is closed.")
    undo_many(change([task], lead, "deadline", later), by=lead)
    assert now(task) == before


def test_a_dismissed_claim_comes_back_with_its_task() -> None:
    checker = factories.make_user()
    free, mine = factories.make_task(), factories.make_taken_task(checker)
    before = [now(free), now(mine)]
    done = change([free, mine], checker, "dismiss", DISMISS)
    assert {free.claim.__class__.objects.get(pk=task.claim_id).state for task in (free, mine)} == {
        "dismissed"
    }
    undo_many(done, by=checker)
    back = [ReviewTask.objects.open().get(claim=task.claim_id) for task in (free, mine)]
    assert [now(task) for task in back] == before
    assert [(task.kind, task.priority, task.why) for task in back] == [
        (task.kind, task.priority, task.why) for task in (free, mine)
    ]


def test_only_what_is_still_as_it_was_left_is_undone() -> None:
    lead, tasks = factories.make_user(Role.LEAD), [factories.make_task() for _ in range(3)]
    done = change(tasks, lead, "take")
    release_task(tasks[1], by=lead)
    take_task(tasks[1], by=factories.make_user())
    move_deadline(tasks[2], by=lead, due_at=timezone.now() + timedelta(days=3), reason="Later.")
    undo_many(done, by=lead)
    kept = [item.kept_because for item in done.items.all()]
    changed = "It was changed again meanwhile, so it stays as it is."
    assert kept == ["", changed, changed]
    assert [now(task)["state"] for task in tasks] == ["queued", "taken", "taken"]


def test_after_ten_seconds_and_by_others_nothing_is_undone() -> None:
    checker, task = factories.make_user(), factories.make_task()
    done = change([task], checker, "take")
    with pytest.raises(NotPermitted):
        undo_many(done, by=factories.make_user(Role.LEAD))
    BulkChange.objects.update(finished_at=timezone.now() - timedelta(seconds=14))
    with pytest.raises(ActionRefused, match="ten seconds"):
        undo_many(done, by=checker)
    assert ReviewTask.objects.get(pk=task.pk).state == "taken"


def test_undoing_twice_undoes_once() -> None:
    checker, task = factories.make_user(), factories.make_task()
    done = change([task], checker, "take")
    undo_many(done, by=checker)
    take_task(task, by=checker)
    undo_many(done, by=checker)
    assert ReviewTask.objects.get(pk=task.pk).assignee == checker


def test_who_took_a_task_for_seconds_may_still_review_the_claim_blind() -> None:
    checker, lead = factories.make_user(), factories.make_user(Role.LEAD)
    task, other = factories.make_task(), factories.make_task()
    undo_many(change([task], checker, "take"), by=checker)
    undo_many(change([other], lead, "give", Wanted(to=checker)), by=lead)
    assert not TaskHolder.objects.filter(user=checker).exists()
    assert not had_the_verdict(checker, task)


def test_who_could_read_a_verdict_or_had_the_task_before_stays_noted() -> None:
    editor, checker = factories.make_user(Role.EDITOR), factories.make_user()
    verdict = factories.make_submitted_verdict(factories.make_user())
    second = ReviewTask.objects.get(claim=verdict.claim, kind="second_review")
    undo_many(change([second], editor, "take"), by=editor)
    assert TaskHolder.objects.filter(task=second, user=editor).exists()
    before = factories.make_taken_task(checker)
    release_task(before, by=checker)
    undo_many(change([before], checker, "take"), by=checker)
    assert TaskHolder.objects.filter(task=before, user=checker).exists()


def break_off(tasks: list[ReviewTask], by: User, after: int, monkeypatch: pytest.MonkeyPatch) -> BulkChange:
    """As if the process had been killed after some of the tasks."""
    go_on, done = bulk._change, []

    def until_killed(*args: Any) -> None:
        if len(done) == after:
            raise KeyboardInterrupt
        done.append(args)
        go_on(*args)

    monkeypatch.setattr(bulk, "_change", until_killed)
    with pytest.raises(KeyboardInterrupt):
        change(tasks, by, "take")
    monkeypatch.undo()
    return BulkChange.objects.get()


def test_what_was_done_before_the_process_was_killed_is_undone(monkeypatch: pytest.MonkeyPatch) -> None:
    checker, tasks = factories.make_user(), [factories.make_task() for _ in range(3)]
    before = [now(task) for task in tasks]
    done = break_off(tasks, checker, 2, monkeypatch)
    assert [now(task)["state"] for task in tasks] == ["taken", "taken", "queued"]
    assert not done.can_still_be_undone(), "whoever does it may still be there"
    assert not BulkChange.objects.broken_off().exists()
    BulkChange.objects.update(reached_at=timezone.now() - timedelta(seconds=20))
    assert BulkChange.objects.broken_off().get() == done
    undo_many(done, by=checker)
    assert [now(task) for task in tasks] == before
    assert not BulkChange.objects.broken_off().exists()


def test_a_change_that_was_only_held_up_does_not_go_on_after_its_undo() -> None:
    checker, tasks = factories.make_user(), [factories.make_task() for _ in range(2)]
    held_up = BulkChange.objects.create(by=checker, verb="take", asked=2)
    bulk._change(held_up, tasks[0].pk, tasks[0].claim_id, Wanted(), checker)
    BulkChange.objects.update(reached_at=timezone.now() - timedelta(seconds=20))
    undo_many(BulkChange.objects.get(), by=checker)
    with pytest.raises(bulk._Closed):
        bulk._change(held_up, tasks[1].pk, tasks[1].claim_id, Wanted(), checker)
    assert [now(task)["state"] for task in tasks] == ["queued", "queued"]


def test_after_ten_minutes_a_broken_change_stays() -> None:
    checker, task = factories.make_user(), factories.make_task()
    done = change([task], checker, "take")
    BulkChange.objects.update(finished_at=None, reached_at=timezone.now() - timedelta(minutes=11))
    with pytest.raises(ActionRefused, match="over"):
        undo_many(done, by=checker)
