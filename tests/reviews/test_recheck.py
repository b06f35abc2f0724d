"""A published check is corrected by two people, and the wording is closed while a verdict waits or stands."""

from __future__ import annotations

import pytest

from claims.actions.curation import dismiss_claim
from claimtracker.accounts.models import Role
from claimtracker.kernel.errors import ActionRefused, NotPermitted
from claimtracker.ledger.models import AuditEntry
from reviews.actions.assignment import take_task
from reviews.actions.publishing import publish_verdict
from reviews.actions.recheck import open_recheck, open_recheck_for
from reviews.actions.triage import reword_claim
from reviews.actions.verdicts import approve_verdict, submit_verdict
from reviews.models import Publication, ReviewTask
from reviews.models.review_task import RecheckCause
from tests import factories

pytestmark = pytest.mark.django_db


def published():
    author, editor = factories.make_user(), factories.make_user(Role.EDITOR)
    publication = publish_verdict(factories.make_approved_verdict(author, editor), by=editor)
    return publication, author, editor


def test_a_correction_is_the_next_version_by_two_people():
    first, author, editor = published()
    claim = first.claim
    with pytest.raises(NotPermitted, match="evidence is closed"):
        factories.make_evidence(claim, author)

    task = open_recheck(claim, by=editor, reason="The accounts were restated.")

    assert "asks for a correction: The accounts were restated." in task.why
    task = take_task(task, by=author)
    factories.make_evidence(claim, author, stance="supports")
    verdict = submit_verdict(
        task,
        by=author,
        rating=factories.make_rating("half-true"),
        summary="Half of it holds after the restatement.",
        rationale="The restated accounts show half of the sum.",
    )
    assert list(Publication.objects.filter(claim=claim)) == [first]
    approved = approve_verdict(verdict, by=editor, revision=1)
    second = publish_verdict(
        approved, by=editor, change="verdict_change", change_note="The accounts were restated."
    )
    assert (second.number, second.slug) == (2, first.slug)
    assert first.snapshot["rating"]["slug"] == "false"


def test_only_editors_ask_for_a_correction_once_and_with_a_reason():
    publication, author, editor = published()
    with pytest.raises(NotPermitted, match="Only editors and leads"):
        open_recheck(publication.claim, by=author, reason="Wrong.")
    with pytest.raises(ActionRefused, match="Say what") as refused:
        open_recheck(publication.claim, by=editor, reason=" ")
    assert refused.value.field == "reason"
    open_recheck(publication.claim, by=editor, reason="Wrong.")
    with pytest.raises(NotPermitted, match="being looked at again already"):
        open_recheck(publication.claim, by=editor, reason="Wrong.")


def test_what_is_not_published_is_not_corrected():
    editor = factories.make_user(Role.EDITOR)
    verdict = factories.make_submitted_verdict(factories.make_user())
    with pytest.raises(NotPermitted, match="still open"):
        open_recheck(verdict.claim, by=editor, reason="Wrong.")


def test_wording_and_speaker_are_edited_but_never_the_quote():
    checker, claim = factories.make_user(), factories.make_claim()
    quote = claim.appearances.get().quote
    edited = reword_claim(claim, by=checker, text=" The city  spent less. ", claimant="Anna Lee")
    assert (edited.text, edited.claimant.name) == ("The city spent less.", "Anna Lee")
    assert edited.appearances.get().quote == quote
    assert reword_claim(claim, by=checker, text="The city spent less.", claimant="").claimant is None
    with pytest.raises(ActionRefused, match="in one sentence") as refused:
        reword_claim(claim, by=checker, text=" ", claimant="")
    assert refused.value.field == "text"


def test_the_wording_is_closed_while_a_verdict_waits_or_stands():
    author, editor = factories.make_user(), factories.make_user(Role.EDITOR)
    verdict = factories.make_submitted_verdict(author)
    with pytest.raises(NotPermitted, match="waits for approval"):
        reword_claim(verdict.claim, by=author, text="Else.", claimant="")
    approve_verdict(verdict, by=editor, revision=1)
    with pytest.raises(NotPermitted, match="approved"):
        reword_claim(verdict.claim, by=author, text="Else.", claimant="")


def test_a_recheck_is_opened_once_and_says_every_cause():
    publication, _author, _editor = published()
    changed = {"cause": RecheckCause.EVIDENCE_CHANGED, "why": "Table 3 reads differently now."}
    task = open_recheck_for(publication.claim_id, **changed)
    assert (task.kind, task.cause, task.state) == ("recheck", "evidence_changed", "queued")
    assert open_recheck_for(publication.claim_id, **changed).pk == task.pk

    again = open_recheck_for(publication.claim_id, cause="expired", why="It was valid until 1 May.")

    assert again.pk == ReviewTask.objects.open().get().pk == task.pk
    assert again.why == "Table 3 reads differently now. It was valid until 1 May."
    verbs = AuditEntry.objects.filter(subject_id=str(task.pk)).order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["review_task.reopened", "review_task.also_because"]


def test_nothing_is_rechecked_that_nobody_decided():
    wanted = {"cause": RecheckCause.EXPIRED, "why": "It expired."}
    assert open_recheck_for(factories.make_claim().pk, **wanted) is None
    verdict = factories.make_submitted_verdict(factories.make_user())
    assert open_recheck_for(verdict.claim_id, **wanted) is None
    set_aside = dismiss_claim(factories.make_claim(), by=factories.make_user(), reason="A joke.")
    assert open_recheck_for(set_aside.pk, **wanted) is None


def test_a_cause_that_nobody_knows_is_refused():
    with pytest.raises(ValueError, match="boredom"):
        open_recheck_for(1, cause="boredom", why="Why not.")
