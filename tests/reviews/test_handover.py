"""Giving tasks to people: who may, who may get them, what is said, and the answer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from claims.models import Article
from claimtracker.accounts.models import Leave, Membership, Role
from claimtracker.kernel.errors import ActionRefused, NotPermitted
from claimtracker.ledger.models import AuditEntry
from reviews.actions.assignment import expire_leases, release_task
from reviews.actions.conflicts import declare_conflict
from reviews.actions.handover import accept_handover, decline_handover, give_task
from reviews.actions.verdicts import save_draft
from reviews.models import Handover, Notification, ReviewTask
from tests import factories

pytestmark = pytest.mark.django_db

NOTE = "The accounts are read; the figure on page 4 is open."


@pytest.fixture
def lead():
    return factories.make_user(Role.LEAD, name="Lena Kovač")


@pytest.fixture
def ana():
    return factories.make_user(name="Ana Ruiz")


@pytest.fixture
def ben():
    return factories.make_user(name="Ben Ode")


def handover_of(task):
    return Handover.objects.select_related("task").filter(task=task).first()


def test_a_lead_assigns_a_task_from_the_queue(lead, ana):
    task = give_task(factories.make_task(), by=lead, to=ana)
    assert (task.state, task.assignee) == ("taken", ana)
    assert task.lease_until > timezone.now()
    notice = Notification.objects.get()
    assert (notice.user, notice.kind, notice.by) == (ana, "assigned", lead)
    assert AuditEntry.objects.filter(verb="review_task.assigned").count() == 1
    assert handover_of(task).is_waiting


def test_a_holder_hands_over_with_a_note_and_the_draft_stays(ana, ben):
    task = factories.make_taken_task(ana)
    save_draft(task, by=ana, rating=None, summary="A third of that.", rationale="")
    with pytest.raises(ActionRefused) as refused:
        give_task(task, by=ana, to=ben, note=" ")
    assert (refused.value.field, refused.value.code) == ("note", "note_missing")
    task = give_task(task, by=ana, to=ben, note=NOTE)
    assert task.assignee == ben
    assert task.claim.verdicts.get().summary == "A third of that."
    assert NOTE in Notification.objects.get(user=ben).text
    save_draft(task, by=ben, rating=None, summary="A third of that, by the accounts.", rationale="")
    with pytest.raises(NotPermitted):
        save_draft(task, by=ana, rating=None, summary="Mine.", rationale="")


def test_a_lead_takes_it_from_one_and_gives_it_to_another_who_are_both_told(lead, ana, ben):
    task = factories.make_taken_task(ana)
    give_task(task, by=lead, to=ben, note="Ana is on the election.")
    told = dict(Notification.objects.values_list("user__name", "kind"))
    assert told == {"Ben Ode": "assigned", "Ana Ruiz": "handed_over"}
    assert AuditEntry.objects.get(verb="review_task.handed_over").note.text == "Ana is on the election."


def test_only_the_holder_and_leads_of_the_desk_give(ana, ben):
    queued, taken = factories.make_task(), factories.make_taken_task(ana)
    for by in (
        ben,
        factories.make_user(Role.EDITOR),
        factories.make_user(Role.LEAD, factories.make_desk("world")),
    ):
        for task in (queued, taken):
            with pytest.raises(NotPermitted, match="Only leads of the Politics desk give tasks to people"):
                give_task(task, by=by, to=ben, note=NOTE)


@pytest.mark.parametrize("why", ["role", "desk", "closed", "same"])
def test_it_is_given_to_nobody_who_may_not_do_it(lead, ana, why):
    task = factories.make_taken_task(ana)
    to, sentence = {
        "role": lambda: (factories.make_user(Role.REPORTER), "Only checkers, editors and leads"),
        "desk": lambda: (factories.make_user(Role.LEAD, factories.make_desk("world")), "Only checkers"),
        "closed": lambda: (
            factories.make_user(name="Gone", is_active=False),
            "The account of Gone is closed.",
        ),
        "same": lambda: (ana, "Ana Ruiz has this task already."),
    }[why]()
    with pytest.raises(NotPermitted, match=sentence) as refused:
        give_task(task, by=lead, to=to, note=NOTE)
    assert refused.value.field == "to"


def test_a_second_review_is_not_given_to_its_author(lead):
    author = factories.make_user(Role.EDITOR, name="Ellen Marsh")
    factories.make_submitted_verdict(author)
    review = ReviewTask.objects.get(kind="second_review")
    with pytest.raises(NotPermitted, match="Ellen Marsh may not have it: “You proposed this verdict"):
        give_task(review, by=lead, to=author)


def test_a_declared_conflict_blocks_with_the_reason_and_nothing_overrides_it(lead, ana):
    task = factories.make_task()
    declare_conflict(by=ana, kind="party", subject="Ann Lee", reason="She is my aunt")
    with pytest.raises(NotPermitted) as refused:
        give_task(task, by=lead, to=ana, note=NOTE, despite=True)
    assert refused.value.reason == (
        "Ana Ruiz declared a conflict of interest with “Ann Lee”: She is my aunt."
    )


def test_leave_capacity_and_language_refuse_unless_the_lead_says_why(lead, ana):
    today = timezone.now().date()
    Leave.objects.create(user=ana, first_day=today, last_day=today + timedelta(days=3))
    Membership.objects.filter(user=ana).update(capacity=0)
    ana.languages = ["de"]
    ana.save()
    task = factories.make_task()
    Article.objects.update(language="en")
    with pytest.raises(ActionRefused) as refused:
        give_task(task, by=lead, to=ana)
    assert refused.value.code == "no_room"
    for part in ("is on leave until", "has 0 of 0 tasks in hand", "does not check claims in English"):
        assert part in refused.value.reason
    with pytest.raises(ActionRefused, match="Say in the note why all the same") as refused:
        give_task(task, by=lead, to=ana, despite=True)
    assert refused.value.field == "note"
    assert give_task(task, by=lead, to=ana, despite=True, note="Only she knows the file.").assignee == ana


def test_the_receiver_accepts(lead, ana):
    task = give_task(factories.make_task(), by=lead, to=ana)
    with pytest.raises(NotPermitted, match="Only Ana Ruiz answers this"):
        accept_handover(task, by=lead)
    ReviewTask.objects.update(lease_until=timezone.now() + timedelta(minutes=1))
    accept_handover(task, by=ana)
    task.refresh_from_db()
    assert task.lease_until > timezone.now() + timedelta(hours=1)
    assert Notification.objects.get(user=lead).kind == "handed_over"
    with pytest.raises(NotPermitted, match="Nobody waits for an answer"):
        accept_handover(task, by=ana)


def test_work_accepts_too(lead, ana):
    task = give_task(factories.make_task(), by=lead, to=ana)
    factories.make_evidence(task.claim, ana)
    assert handover_of(task).accepted_at is not None
    with pytest.raises(NotPermitted):
        decline_handover(task, by=ana, reason="No time.")


def test_the_receiver_declines_with_a_reason_and_the_task_goes_back(lead, ana):
    task = give_task(factories.make_task(), by=lead, to=ana)
    with pytest.raises(ActionRefused) as refused:
        decline_handover(task, by=ana, reason="  ")
    assert refused.value.field == "reason"
    task = decline_handover(task, by=ana, reason="I wrote the article.")
    assert (task.state, task.assignee) == ("queued", None)
    assert "I wrote the article." in Notification.objects.get(user=lead).text


@pytest.mark.parametrize("how", ["given back", "expired"])
def test_what_left_the_receivers_hands_waits_for_no_answer(lead, ana, how):
    task = give_task(factories.make_task(), by=lead, to=ana)
    if how == "expired":
        ReviewTask.objects.update(lease_until=timezone.now() - timedelta(minutes=1))
        assert expire_leases() == 1
    else:
        release_task(task, by=ana)
    with pytest.raises(NotPermitted, match="Nobody waits"):
        accept_handover(task, by=ana)


def test_the_database_wants_a_note_from_hand_to_hand_and_a_reason_for_a_no(ana, ben):
    task = factories.make_task()
    with pytest.raises(IntegrityError, match="a_handover_from_somebody_says_why"), transaction.atomic():
        Handover.objects.create(task=task, giver=ana, holder=ana, receiver=ben)
    with pytest.raises(IntegrityError, match="a_declined_handover_says_why"), transaction.atomic():
        Handover.objects.create(task=task, giver=ana, receiver=ben, declined_at=timezone.now())
    with pytest.raises(IntegrityError, match="nobody_hands_over_to_themselves"), transaction.atomic():
        Handover.objects.create(task=task, giver=ana, holder=ben, receiver=ben, note="x")
