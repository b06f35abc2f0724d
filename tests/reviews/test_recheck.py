"""A published check is corrected by two people, and the wording is closed while a verdict waits or stands."""

from __future__ import annotations

import pytest

from claimtracker.accounts.models import Role
from claimtracker.kernel.errors import ActionRefused, NotPermitted
from reviews.actions.assignment import take_task
from reviews.actions.publishing import publish_verdict
from reviews.actions.recheck import open_recheck
from reviews.actions.triage import reword_claim
from reviews.actions.verdicts import approve_verdict, submit_verdict
from reviews.models import Publication
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
