"""What the second person may say: as it is, in better words, back with a reason, or another rating, which a
lead decides."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from claimtracker.accounts.models import Role, User
from claimtracker.kernel.errors import ActionRefused, NotPermitted
from claimtracker.ledger.models import AuditEntry
from reviews.actions.adjudication import decide_otherwise, return_disputed, uphold_verdict
from reviews.actions.assignment import take_task
from reviews.actions.deciding import record_review
from reviews.actions.publishing import publish_verdict
from reviews.actions.recheck import open_recheck
from reviews.actions.second_review import (
    approve_verdict,
    dissent_from_verdict,
    edit_and_approve,
    request_changes,
)
from reviews.actions.verdicts import submit_verdict, take_back_verdict
from reviews.models import Review, ReviewTask, Verdict
from tests import factories

pytestmark = pytest.mark.django_db

WORDS = {
    "summary": "The accounts show a third of that sum.",
    "rationale": "The audited accounts list the spending, line by line, at a third.",
}


@pytest.fixture
def author() -> User:
    return factories.make_user(name="Mara Okafor")


@pytest.fixture
def editor() -> User:
    return factories.make_user(Role.EDITOR, name="Priya Raman")


@pytest.fixture
def lead() -> User:
    return factories.make_user(Role.LEAD, name="Lena Falk")


def verbs_of(verdict: Verdict) -> list[str]:
    entries = AuditEntry.objects.filter(subject_type="reviews.verdict", subject_id=str(verdict.pk))
    return list(entries.order_by("id").values_list("verb", flat=True))


def disputed(author: User, editor: User) -> Verdict:
    verdict = factories.make_submitted_verdict(author)
    dissent_from_verdict(
        verdict, by=editor, revision=1, rating=factories.make_rating("half-true"), reason="Half is right."
    )
    verdict.refresh_from_db()
    return verdict


def test_a_verdict_says_what_would_change_it_and_until_when_it_holds(author):
    task = factories.make_taken_task(author)
    factories.make_evidence(task.claim, author)
    until = timezone.localdate() + timedelta(days=30)
    facts: dict[str, Any] = {"by": author, "rating": factories.make_rating(), **WORDS}
    with pytest.raises(ActionRefused, match="still to come") as refused:
        submit_verdict(task, **facts, valid_until=timezone.localdate() - timedelta(days=1))
    assert refused.value.field == "valid_until"
    verdict = submit_verdict(task, **facts, what_would_change="Restated accounts.\r\n", valid_until=until)
    assert (verdict.what_would_change, verdict.valid_until) == ("Restated accounts.", until)
    kept = verdict.revisions.get()
    assert (kept.number, kept.what_would_change, kept.written_by) == (1, "Restated accounts.", author)
    assert verdict.article_version == task.claim.appearances.get().version


def test_edited_and_approved_stays_its_first_authors(author, editor):
    verdict = factories.make_submitted_verdict(author)
    with pytest.raises(ActionRefused, match="Nothing was changed"):
        edit_and_approve(verdict, by=editor, revision=1, summary=verdict.summary, rationale=verdict.rationale)
    edited = edit_and_approve(verdict, by=editor, revision=1, **WORDS)
    assert (edited.state, edited.author, edited.edited_by, edited.revision) == ("approved", author, editor, 2)
    assert [(r.number, r.written_by) for r in edited.revisions.all()] == [(1, author), (2, editor)]
    assert Review.objects.get(verdict=edited).outcome == "edited"
    assert verbs_of(edited) == ["verdict.submitted", "verdict.edited", "verdict.approved"]
    assert author.notifications.get().kind == "approved"
    publication = publish_verdict(edited, by=editor)
    assert (publication.proposed_by, publication.snapshot["summary"]) == (author, WORDS["summary"])


def test_better_words_still_have_to_meet_the_standards(author, editor):
    verdict = factories.make_submitted_verdict(author)
    with pytest.raises(ActionRefused) as refused:
        edit_and_approve(verdict, by=editor, revision=1, summary="Short.", rationale="No.")
    assert refused.value.field == "rationale"
    verdict.refresh_from_db()
    assert (verdict.state, verdict.revision) == ("submitted", 1)


def test_another_rating_goes_to_a_lead_who_upholds_the_proposal(author, editor, lead):
    verdict = disputed(author, editor)
    task = ReviewTask.objects.open().get()
    assert (verdict.state, task.kind, task.proposed_by) == ("disputed", "adjudication", author)
    assert "Half true" not in task.why
    assert "False" not in task.why
    with pytest.raises(NotPermitted, match="A lead decides"):
        approve_verdict(verdict, by=factories.make_user(Role.EDITOR), revision=1)
    with pytest.raises(ActionRefused, match="Say why you decide so"):
        uphold_verdict(verdict, by=lead, revision=1, reason=" ")
    upheld = uphold_verdict(verdict, by=lead, revision=1, reason="The accounts are audited.")
    task.refresh_from_db()
    assert (upheld.state, upheld.approver, upheld.edited_by) == ("approved", lead, None)
    assert (task.state, task.assignee) == ("done", lead)
    for person in (author, editor):
        assert person.notifications.filter(kind="adjudicated").count() == 1
    assert publish_verdict(upheld, by=editor).approved_by == lead


def test_a_lead_decides_for_the_other_rating_and_for_no_third(author, editor, lead):
    verdict = disputed(author, editor)
    facts: dict[str, Any] = {"by": lead, "revision": 1, "reason": "Half of it was for roads.", **WORDS}
    with pytest.raises(ActionRefused, match="the other reviewer gave") as refused:
        decide_otherwise(verdict, rating=factories.make_rating("true"), **facts)
    assert refused.value.field == "rating"
    decided = decide_otherwise(verdict, rating=factories.make_rating("half-true"), **facts)
    assert (decided.state, decided.rating.slug, decided.revision) == ("approved", "half-true", 2)
    assert (decided.author, decided.approver, decided.edited_by) == (author, lead, lead)
    review = Review.objects.get(kind="adjudication")
    assert (review.first_rating.slug, review.rating.slug) == ("false", "half-true")


def test_a_lead_returns_what_neither_had_ready(author, editor, lead):
    verdict = disputed(author, editor)
    returned = return_disputed(verdict, by=lead, revision=1, reason="Ask the treasury first.")
    task = ReviewTask.objects.open().get()
    assert (returned.state, returned.return_reason) == ("returned", "Ask the treasury first.")
    assert (task.kind, task.assignee) == ("research", author)
    assert "treasury" not in task.why
    again = submit_verdict(task, by=author, rating=factories.make_rating("half-true"), **WORDS)
    assert approve_verdict(again, by=editor, revision=2).state == "approved"


def test_neither_of_the_two_who_differ_decides(lead):
    proposing, differing = factories.make_user(Role.LEAD), factories.make_user(Role.LEAD)
    verdict = disputed(proposing, differing)
    task = ReviewTask.objects.open().get()
    for person, sentence in ((proposing, "You proposed this"), (differing, "one of the two who differ")):
        with pytest.raises(NotPermitted, match=sentence):
            uphold_verdict(verdict, by=person, revision=1, reason="I am right.")
        with pytest.raises(NotPermitted, match=sentence):
            take_task(task, by=person)
    with pytest.raises(IntegrityError, match="who differs does not decide"), transaction.atomic():
        record_review(
            verdict, verdict.claim, None, by=differing, kind="adjudication", outcome="upheld", reason="x"
        )
    assert take_task(task, by=lead).assignee == lead


def test_the_same_rating_is_no_dissent_and_a_dissent_has_a_reason(author, editor):
    verdict = factories.make_submitted_verdict(author)
    for rating, reason, field in (("false", "Because.", "rating"), ("true", " ", "reason")):
        with pytest.raises(ActionRefused) as refused:
            dissent_from_verdict(
                verdict, by=editor, revision=1, rating=factories.make_rating(rating), reason=reason
            )
        assert refused.value.field == field
    assert not Review.objects.exists()


def test_the_author_opens_a_proposal_again_while_nobody_reviews_it(author, editor):
    verdict = factories.make_submitted_verdict(author)
    with pytest.raises(NotPermitted, match="Only the person who proposed"):
        take_back_verdict(verdict, by=editor)
    second = ReviewTask.objects.get(kind="second_review")
    take_task(second, by=editor)
    with pytest.raises(NotPermitted, match="Priya Raman is reviewing"):
        take_back_verdict(verdict, by=author)
    ReviewTask.objects.filter(pk=second.pk).update(state="queued", assignee=None, lease_until=None)
    assert take_back_verdict(verdict, by=author).state == "draft"
    second.refresh_from_db()
    task = ReviewTask.objects.open().get()
    assert (second.state, task.kind, task.assignee) == ("cancelled", "research", author)
    again = submit_verdict(task, by=author, rating=factories.make_rating(), **WORDS)
    assert (again.pk, again.revision) == (verdict.pk, 2)
    with pytest.raises(ActionRefused, match="changed since you opened it"):
        approve_verdict(again, by=editor, revision=1)


def test_an_approval_that_is_looked_at_again_is_not_published(author, editor):
    verdict = factories.make_approved_verdict(author, editor)
    task = open_recheck(verdict.claim, by=editor, reason="A figure is missing.")
    assert (task.kind, task.cause) == ("recheck", "correction")
    with pytest.raises(NotPermitted, match="being looked at again"):
        publish_verdict(verdict, by=editor)
    task = take_task(task, by=author)
    newer = submit_verdict(task, by=author, rating=factories.make_rating("half-true"), **WORDS)
    with pytest.raises(NotPermitted, match="newer verdict"):
        publish_verdict(verdict, by=editor)
    assert publish_verdict(approve_verdict(newer, by=editor, revision=1), by=editor).verdict == newer


def test_a_returned_recheck_comes_back_as_a_recheck(author, editor):
    verdict = factories.make_approved_verdict(author, editor)
    task = take_task(open_recheck(verdict.claim, by=editor, reason="A slip."), by=author)
    newer = submit_verdict(task, by=author, rating=factories.make_rating("half-true"), **WORDS)
    request_changes(newer, by=editor, reason="Say which half.")
    again = ReviewTask.objects.open().get()
    assert (again.kind, again.cause, again.assignee) == ("recheck", "correction", author)


def test_the_database_wants_a_reader_behind_every_approval(author, editor):
    verdict = factories.make_submitted_verdict(author)
    approved = {"state": "approved", "approver": editor, "approved_at": timezone.now()}
    with pytest.raises(IntegrityError, match="that a second person read"), transaction.atomic():
        Verdict.objects.filter(pk=verdict.pk).update(**approved)
    record_review(verdict, verdict.claim, None, by=editor, kind="second_review", outcome="approved")
    with pytest.raises(IntegrityError, match="that a second person read"), transaction.atomic():
        Verdict.objects.filter(pk=verdict.pk).update(**approved, revision=2)
    with pytest.raises(IntegrityError, match="nobody reviews their own verdict"), transaction.atomic():
        record_review(verdict, verdict.claim, None, by=author, kind="second_review", outcome="approved")
    assert Verdict.objects.filter(pk=verdict.pk).update(**approved) == 1
