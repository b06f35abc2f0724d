"""From proposal to publication: who may, who may not, and what the database holds when an action is
bypassed."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone

from claimtracker.accounts.models import Role
from claimtracker.kernel.errors import ActionRefused, NotPermitted
from claimtracker.ledger.models import AuditEntry, OutboxEvent
from reviews.actions.publishing import publish_verdict
from reviews.actions.verdicts import approve_verdict, request_changes, save_draft, submit_verdict
from reviews.models import Publication, ReviewTask, Verdict
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_verdict_goes_from_one_person_over_a_second_to_the_public():
    author, editor = factories.make_user(), factories.make_user(Role.EDITOR)
    verdict = factories.make_submitted_verdict(author)

    research, second = ReviewTask.objects.order_by("id")
    assert (research.state, second.state, second.kind) == ("done", "queued", "second_review")
    assert second.proposed_by == author

    approved = approve_verdict(verdict, by=editor, revision=1)
    publication = publish_verdict(approved, by=editor)

    assert publication.number == 1
    assert publication.snapshot["rating"] == {
        "slug": "false",
        "label": "False",
        "value": 1,
        "best": 5,
        "worst": 1,
    }
    assert publication.snapshot["people"] == {"proposed_by": str(author), "approved_by": str(editor)}
    assert publication.claim_review["reviewRating"]["alternateName"] == "False"
    event = OutboxEvent.objects.get(type="claim.verdict_published")
    assert event.payload["publication"] == str(publication.public_id)
    verbs = list(AuditEntry.objects.order_by("id").values_list("verb", flat=True))
    assert verbs[-4:] == [
        "verdict.submitted",
        "verdict.approved",
        "publication.published",
        "known_claim.recorded",
    ]


def test_nobody_approves_their_own_verdict_even_as_a_lead():
    author = factories.make_user(Role.LEAD)
    verdict = factories.make_submitted_verdict(author)
    with pytest.raises(NotPermitted, match="A second person must approve"):
        approve_verdict(verdict, by=author, revision=1)


def test_the_database_forbids_one_person_behind_a_verdict():
    author = factories.make_user(Role.LEAD)
    verdict = factories.make_submitted_verdict(author)
    with pytest.raises(IntegrityError, match="two_people_behind_every_verdict"), transaction.atomic():
        Verdict.objects.filter(pk=verdict.pk).update(
            state="approved", approver=author, approved_at=timezone.now()
        )


def test_the_database_forbids_that_the_author_takes_the_second_review():
    author = factories.make_user(Role.LEAD)
    verdict = factories.make_submitted_verdict(author)
    second = ReviewTask.objects.get(claim=verdict.claim, kind="second_review")
    with pytest.raises(IntegrityError, match="nobody_reviews_their_own_verdict"), transaction.atomic():
        ReviewTask.objects.filter(pk=second.pk).update(
            state="taken", assignee=author, lease_until=timezone.now()
        )


def test_the_database_forbids_to_publish_what_nobody_approved():
    author, editor = factories.make_user(), factories.make_user(Role.EDITOR)
    verdict = factories.make_submitted_verdict(author)
    with pytest.raises(IntegrityError, match="second person approved"), transaction.atomic():
        Publication.objects.create(
            claim=verdict.claim,
            verdict=verdict,
            number=1,
            slug="x",
            snapshot={},
            claim_review={},
            proposed_by=author,
            approved_by=editor,
            published_by=editor,
            published_at=timezone.now(),
        )


def test_an_approved_verdict_never_changes():
    author, editor = factories.make_user(), factories.make_user(Role.EDITOR)
    verdict = factories.make_approved_verdict(author, editor)
    with pytest.raises(Exception, match="Cannot update") as refused, transaction.atomic():
        Verdict.objects.filter(pk=verdict.pk).update(summary="Something else.")
    assert refused.type.__module__.startswith("django.db")


def test_a_publication_is_immutable_for_the_application():
    author, editor = factories.make_user(), factories.make_user(Role.EDITOR)
    publication = publish_verdict(factories.make_approved_verdict(author, editor), by=editor)
    for statement in ("UPDATE reviews_publication SET slug = 'x'", "DELETE FROM reviews_publication"):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as c,
        ):
            c.execute(statement)
    publication.refresh_from_db()


def test_an_approval_is_of_the_revision_that_was_read():
    author, editor = factories.make_user(), factories.make_user(Role.EDITOR)
    verdict = factories.make_submitted_verdict(author)
    with pytest.raises(ActionRefused, match="changed since you opened it"):
        approve_verdict(verdict, by=editor, revision=7)


def test_a_returned_verdict_comes_back_to_its_author_with_the_reason():
    author, editor = factories.make_user(), factories.make_user(Role.EDITOR)
    verdict = factories.make_submitted_verdict(author)
    with pytest.raises(ActionRefused, match="Say what has to change") as refused:
        request_changes(verdict, by=editor, reason=" ")
    assert refused.value.field == "reason"

    request_changes(verdict, by=editor, reason="Cite the accounts of 2015 as well.")

    task = ReviewTask.objects.get(claim=verdict.claim, state="taken")
    assert (task.assignee, task.kind) == (author, "research")
    assert author.notifications.get().kind == "returned"
    again = submit_verdict(
        task,
        by=author,
        rating=factories.make_rating(),
        summary="A third.",
        rationale="Both accounts say so, line by line.",
    )
    assert (again.pk, again.revision, again.state) == (verdict.pk, 2, "submitted")
    approve_verdict(again, by=editor, revision=2)


def test_a_verdict_without_evidence_is_refused_with_the_field_to_mend():
    author = factories.make_user()
    task = factories.make_taken_task(author)
    with pytest.raises(ActionRefused, match="at least one source") as refused:
        submit_verdict(
            task,
            by=author,
            rating=factories.make_rating(),
            summary="No.",
            rationale="Because the accounts say so.",
        )
    assert refused.value.field == "evidence"


def test_only_the_person_who_has_the_task_proposes():
    author, colleague = factories.make_user(), factories.make_user()
    task = factories.make_taken_task(author)
    factories.make_evidence(task.claim, author)
    with pytest.raises(NotPermitted, match="Take the task first"):
        submit_verdict(
            task,
            by=colleague,
            rating=factories.make_rating(),
            summary="No.",
            rationale="Because the accounts say so.",
        )


def test_a_draft_is_kept_and_becomes_the_proposal():
    author = factories.make_user()
    task = factories.make_taken_task(author)
    factories.make_evidence(task.claim, author)
    draft = save_draft(task, by=author, rating=None, summary="Perhaps", rationale="")
    assert draft.state == "draft"
    verdict = submit_verdict(
        task,
        by=author,
        rating=factories.make_rating(),
        summary="No.",
        rationale="Because the accounts say so.",
    )
    assert verdict.pk == draft.pk


def test_line_ends_of_a_browser_become_plain_ones():
    author = factories.make_user()
    task = factories.make_taken_task(author)
    factories.make_evidence(task.claim, author)
    verdict = submit_verdict(
        task,
        by=author,
        rating=factories.make_rating(),
        summary="No.\r\n",
        rationale="The accounts say so.\r\n\r\nLine by line.",
    )
    assert (verdict.summary, verdict.rationale) == ("No.", "The accounts say so.\n\nLine by line.")


def test_evidence_is_closed_while_the_verdict_waits():
    author = factories.make_user()
    verdict = factories.make_submitted_verdict(author)
    with pytest.raises(NotPermitted, match="waits for approval"):
        factories.make_evidence(verdict.claim, author)


def test_a_checker_does_not_approve():
    author, checker = factories.make_user(), factories.make_user(Role.CHECKER)
    verdict = factories.make_submitted_verdict(author)
    with pytest.raises(NotPermitted, match="Only editors and leads"):
        approve_verdict(verdict, by=checker, revision=1)


def test_a_verdict_is_published_once():
    author, editor = factories.make_user(), factories.make_user(Role.EDITOR)
    verdict = factories.make_approved_verdict(author, editor)
    publish_verdict(verdict, by=editor)
    with pytest.raises(ActionRefused, match="published already"):
        publish_verdict(verdict, by=editor)


def test_a_draft_without_an_address_is_not_named_in_public():
    author, editor = factories.make_user(), factories.make_user(Role.EDITOR)
    draft = factories.make_claim(article=factories.make_article(title="Secret draft"))
    public = factories.make_claim(article=factories.make_article(url="https://news.example/roads"))
    for claim, named in ((draft, []), (public, ["https://news.example/roads"])):
        publication = publish_verdict(factories.make_approved_verdict(author, editor, claim=claim), by=editor)
        assert [place["url"] for place in publication.snapshot["appearances"]] == named
        assert "Secret draft" not in str(publication.snapshot)
