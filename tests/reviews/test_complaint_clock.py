"""Complaints that nobody answers, those that look like spam, and who is blocked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from claimtracker.accounts.models import Role, User
from claimtracker.intake.blocking import set_block
from claimtracker.intake.senders import email_digest
from claimtracker.kernel.errors import ActionRefused, NotPermitted
from claimtracker.ledger.models import AuditEntry
from reviews.actions.complaint_clock import watch_complaints
from reviews.actions.complaints import (
    Came,
    decide_complaint,
    let_complaint_in,
    refuse_held_complaint,
)
from reviews.models import Complaint, Notification, Publication
from reviews.selectors.complaints import complaints_of
from tests import factories

pytestmark = pytest.mark.django_db

PILLS = "Buy pills now. " * 30
QUICK = Came("a" * 64, seconds=1.0, is_timed=True)


@pytest.fixture
def publication() -> Publication:
    return factories.make_publication()


@pytest.fixture
def lead(publication: Publication) -> User:
    return factories.make_user(Role.LEAD, publication.claim.desk)


@pytest.fixture
def moderator(db: None) -> User:
    return factories.make_user(Role.MODERATOR)


def told(moment: str) -> set[int]:
    rows = Notification.objects.filter(kind="complaint", key__endswith=f":{moment}", email="at_once")
    return set(rows.values_list("user", flat=True))


def let_pass(complaint: Complaint, *, half: timedelta, due: timedelta) -> None:
    now = timezone.now()
    facts = {"half_time_at": now + half, "due_at": now + due}
    Complaint.objects.filter(pk=complaint.pk).update(**facts)


def test_leads_hear_at_half_time_and_moderators_too_when_it_is_late(
    publication: Publication, lead: User, moderator: User
) -> None:
    complaint = factories.make_complaint(publication)
    assert complaint.half_time_at and complaint.received_at < complaint.half_time_at < complaint.due_at
    assert watch_complaints() == 0
    let_pass(complaint, half=timedelta(minutes=-1), due=timedelta(days=3))
    assert watch_complaints() == 1
    assert told("half") == {lead.pk} and not told("late")
    let_pass(complaint, half=timedelta(days=-3), due=timedelta(minutes=-1))
    assert watch_complaints() == 2
    assert told("late") == {lead.pk, moderator.pk}
    Notification.objects.all().delete()
    assert watch_complaints() == 0, "each once, whatever became of the notice"
    assert AuditEntry.objects.filter(verb="complaint.escalated").count() == 2


def test_one_that_nobody_saw_before_its_end_is_told_of_once(
    publication: Publication, lead: User, moderator: User
) -> None:
    complaint = factories.make_complaint(publication)
    let_pass(complaint, half=timedelta(days=-3), due=timedelta(minutes=-1))
    assert watch_complaints() == 2 and not told("half")


def test_an_answered_one_reminds_nobody_and_an_old_row_gets_its_half_time(
    publication: Publication, lead: User
) -> None:
    complaint = factories.make_complaint(publication)
    Complaint.objects.filter(pk=complaint.pk).update(half_time_at=None)
    assert watch_complaints() == 0
    complaint.refresh_from_db()
    assert complaint.half_time_at is not None
    decide_complaint(complaint, by=lead, outcome="not_upheld", answer="It says 1.7.")
    let_pass(complaint, half=timedelta(days=-3), due=timedelta(minutes=-1))
    assert watch_complaints() == 0


def test_without_leads_moderators_hear_at_half_time(publication: Publication, moderator: User) -> None:
    complaint = factories.make_complaint(publication)
    let_pass(complaint, half=timedelta(minutes=-1), due=timedelta(days=3))
    watch_complaints()
    assert told("half") == {moderator.pk}


def test_what_looks_like_spam_is_held_and_tells_nobody(
    publication: Publication, lead: User, moderator: User
) -> None:
    complaint = factories.make_complaint(publication, text=PILLS, came=QUICK)
    assert (complaint.state, complaint.spam_points) == ("held", 70)
    let_pass(complaint, half=timedelta(days=-3), due=timedelta(minutes=-1))
    assert watch_complaints() == 0
    assert not Notification.objects.filter(kind="complaint").exists()
    assert complaints_of(publication.claim) == []
    with pytest.raises(NotPermitted, match="looks like spam"):
        decide_complaint(complaint, by=lead, outcome="not_upheld", answer="No.")
    for act in (
        lambda: let_complaint_in(complaint, by=lead),
        lambda: refuse_held_complaint(complaint, by=lead, answer="No."),
    ):
        with pytest.raises(NotPermitted):
            act()
    let_complaint_in(complaint, by=moderator)
    assert lead.pk in set(Notification.objects.filter(kind="complaint").values_list("user", flat=True))
    assert [row.pk for row in complaints_of(publication.claim)] == [complaint.pk]
    with pytest.raises(ActionRefused):
        let_complaint_in(complaint, by=moderator)
    decide_complaint(complaint, by=lead, outcome="not_upheld", answer="This is an advertisement.")


def test_a_moderator_closes_spam_with_words(publication: Publication, moderator: User) -> None:
    complaint = factories.make_complaint(publication, text=PILLS, came=QUICK)
    with pytest.raises(ActionRefused) as refused:
        refuse_held_complaint(complaint, by=moderator, answer=" ")
    assert refused.value.field == "answer"
    closed = refuse_held_complaint(complaint, by=moderator, answer="We see an advertisement.")
    assert (closed.state, closed.decided_by) == ("not_upheld", moderator)
    with pytest.raises(IntegrityError), transaction.atomic():
        Complaint.objects.filter(pk=factories.make_complaint(publication).pk).update(answer="Sneaked in.")


def test_nobody_closes_a_complaint_about_their_own_finding(publication: Publication) -> None:
    finder = publication.proposed_by
    User.objects.filter(pk=finder.pk).update(is_superuser=True)
    complaint = factories.make_complaint(publication, text=PILLS, came=QUICK)
    fresh = User.objects.get(pk=finder.pk)
    for act in (
        lambda: let_complaint_in(complaint, by=fresh),
        lambda: refuse_held_complaint(complaint, by=fresh, answer="No."),
    ):
        with pytest.raises(NotPermitted):
            act()


def test_the_same_words_about_many_checks_and_much_from_one_place_count(publication: Publication) -> None:
    came: dict[str, Any] = {"came": Came("b" * 64)}
    for number in range(5):
        factories.make_complaint(publication, text=f"Table {number} says something else.", **came)
    again = factories.make_complaint(factories.make_publication(), text="table 4 says SOMETHING else", **came)
    assert {one["code"] for one in again.spam_reasons} == {"often", "same_again"}
    assert again.state == "held"


def test_a_blocked_sender_is_refused(publication: Publication, moderator: User) -> None:
    set_block("address", "c" * 64, by=moderator, reason="Floods us", label="Sender")
    set_block("email", email_digest("zora@x.example"), by=moderator, reason="Threats", label="An address")
    for facts in ({"came": Came("c" * 64)}, {"email": "Zora@x.example"}):
        with pytest.raises(NotPermitted) as blocked:
            factories.make_complaint(publication, **facts)
        assert blocked.value.code == "sender_blocked"
    assert not Complaint.objects.exists()
