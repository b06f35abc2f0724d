"""A reader's complaint: heard once, answered by somebody else than who found it, and forgotten on request."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.utils import timezone

from claimtracker.accounts.models import Role
from claimtracker.kernel.errors import ActionRefused, NotPermitted
from claimtracker.ledger.models import AuditEntry, AuditNote
from reviews.actions.complaints import (
    decide_complaint,
    erase_complaint_words,
    new_token,
    receive_complaint,
)
from reviews.models import Complaint, ComplaintWords, Notification, ReviewTask
from reviews.selectors.complaints import complaints_of
from tests import factories

pytestmark = pytest.mark.django_db

WORDS = {
    "kind": "wrong",
    "text": "Table 4 says 1.8 million.",
    "name": "Zora Quill",
    "email": "zora@reader.example",
}


@pytest.fixture
def publication():
    return factories.make_publication()


def test_it_is_kept_apart_from_who_wrote_it_and_the_audit_has_none_of_it(publication):
    complaint = receive_complaint(publication, token=new_token(), **WORDS)
    assert (complaint.claim, complaint.publication, complaint.state) == (
        publication.claim,
        publication,
        "received",
    )
    assert complaint.words.email == "zora@reader.example"
    days = (complaint.due_at - timezone.now()) / timedelta(days=1)
    assert 9 <= days <= 12, "seven working days"
    entry = AuditEntry.objects.get(verb="complaint.received")
    said = f"{vars(entry)} {list(AuditNote.objects.values())} {list(Notification.objects.values('text'))}"
    for word in ("zora", "quill", "table 4"):
        assert word not in said.lower()
    told = Notification.objects.get(kind="complaint")
    assert told.user == publication.approved_by
    assert complaint.reference in told.text


def test_sent_twice_it_is_one(publication):
    token = new_token()
    first = receive_complaint(publication, token=token, **WORDS)
    assert receive_complaint(publication, token=token, **{**WORDS, "text": "Something else."}) == first
    assert first.words.text == WORDS["text"]
    assert Notification.objects.filter(kind="complaint").count() == 1


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"kind": "nonsense"}, "kind"),
        ({"text": "  no  "}, "text"),
        ({"text": "x" * 5001}, "text"),
        ({"name": "x" * 201}, "name"),
        ({"email": "zora@"}, "email"),
        ({"token": "short"}, None),
    ],
)
def test_what_is_missing_is_named(publication, said, field):
    with pytest.raises(ActionRefused) as refused:
        receive_complaint(publication, **{"token": new_token(), **WORDS, **said})
    assert refused.value.field == field
    assert not Complaint.objects.exists()


def test_upheld_it_has_the_check_looked_at_again_and_what_is_public_stays(publication):
    complaint = factories.make_complaint(publication)
    editor = factories.make_user(Role.EDITOR)
    decided = decide_complaint(complaint, by=editor, outcome="upheld", answer="You are right about table 4.")
    task = ReviewTask.objects.get(claim=publication.claim, kind="recheck")
    assert (decided.recheck, task.cause, decided.state) == (task, "complaint", "upheld")
    assert complaint.reference in task.why
    assert publication.claim.publications.count() == 1
    with pytest.raises(NotPermitted, match="decided already"):
        decide_complaint(complaint, by=editor, outcome="not_upheld", answer="No.")


def test_not_upheld_it_is_answered_and_nothing_else(publication):
    complaint = factories.make_complaint(publication)
    decide_complaint(
        complaint, by=factories.make_user(Role.LEAD), outcome="not_upheld", answer="It says 1.7."
    )
    assert not ReviewTask.objects.filter(kind="recheck").exists()
    assert AuditEntry.objects.get(verb="complaint.decided").details["outcome"] == "not_upheld"


def test_who_decides(publication):
    complaint = factories.make_complaint(publication)
    words = {"outcome": "not_upheld", "answer": "It stands."}
    for person in (
        factories.make_user(Role.CHECKER),
        factories.make_user(Role.EDITOR, factories.make_desk("sport")),
        factories.make_user(Role.MODERATOR),
    ):
        with pytest.raises(NotPermitted, match="Only editors and leads"):
            decide_complaint(complaint, by=person, **words)
    for missing, field in (({"answer": " "}, "answer"), ({"outcome": "maybe"}, "outcome")):
        with pytest.raises(ActionRefused) as refused:
            decide_complaint(complaint, by=publication.approved_by, **{**words, **missing})
        assert refused.value.field == field


def test_nobody_decides_on_their_own_finding_not_even_past_the_code(publication):
    complaint = factories.make_complaint(publication)
    author = publication.proposed_by
    author.memberships.update(role=Role.LEAD)
    with pytest.raises(NotPermitted, match="your own finding"):
        decide_complaint(complaint, by=author, outcome="not_upheld", answer="It stands.")
    with pytest.raises(IntegrityError, match="own finding"), transaction.atomic():
        Complaint.objects.filter(pk=complaint.pk).update(
            state="not_upheld", decided_by=author, decided_at=timezone.now(), answer="It stands."
        )


def test_the_database_keeps_what_was_received(publication):
    complaint = factories.make_complaint(publication)
    changes = [
        lambda: Complaint.objects.filter(pk=complaint.pk).update(kind="other"),
        lambda: Complaint.objects.filter(pk=complaint.pk).update(state="upheld"),
        lambda: ComplaintWords.objects.update(text="They thank us."),
        lambda: Complaint.objects.filter(pk=complaint.pk).delete(),
    ]
    for change in changes:
        with pytest.raises((IntegrityError, ProgrammingError)), transaction.atomic():
            change()


def test_who_wrote_it_is_forgotten_and_the_rest_stays(publication):
    complaint = receive_complaint(publication, token=new_token(), **WORDS)
    editor = factories.make_user(Role.EDITOR)
    with pytest.raises(NotPermitted):
        erase_complaint_words(complaint, by=factories.make_user(Role.CHECKER))
    assert erase_complaint_words(complaint, by=editor)
    assert not erase_complaint_words(complaint, by=editor), "safe to repeat"
    assert not ComplaintWords.objects.exists()
    (line,) = complaints_of(publication.claim)
    assert line.reference == complaint.reference
    assert AuditEntry.objects.filter(verb="complaint.erased").count() == 1


def test_what_waits_stands_first(publication, django_assert_num_queries):
    first, second, third = (factories.make_complaint(publication) for _ in range(3))
    decide_complaint(first, by=publication.approved_by, outcome="not_upheld", answer="It stands.")
    with django_assert_num_queries(1):
        rows = complaints_of(publication.claim)
        assert [row.words.text for row in rows]
    assert rows[-1] == first
    assert {rows[0], rows[1]} == {second, third}
