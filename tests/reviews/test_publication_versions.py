"""Later versions say what changed; a lead takes back; everything that reads publications follows."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from claims.actions.known_claims import restore_known_claim
from claims.models import KnownClaim
from claimtracker.accounts.models import Role
from claimtracker.jobs.models import Job
from claimtracker.kernel.errors import ActionRefused, NotPermitted
from claimtracker.ledger.models import AuditEntry, OutboxEvent
from reviews.actions.assignment import take_task
from reviews.actions.corrections import retract_publication
from reviews.actions.gate import StandardsNotMet
from reviews.actions.known_claims import rebuild_known_claims
from reviews.actions.publishing import publish_verdict
from reviews.actions.recheck import open_recheck
from reviews.actions.verdicts import approve_verdict, submit_verdict
from reviews.models import Publication
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_correction_keeps_its_kind_and_words_with_the_version():
    first = factories.make_publication()
    second = factories.make_correction(first, note="The office\r\nrevised it.")
    assert (second.number, second.change, second.change_note) == (2, "correction", "The office\nrevised it.")
    (entry,) = second.snapshot["corrections"]
    assert (entry["version"], entry["kind"], entry["text"]) == (2, "correction", "The office\nrevised it.")
    assert second.snapshot["first_published_at"] == first.snapshot["published_at"]
    document = second.claim_review
    assert document["datePublished"] == first.published_at.date().isoformat()
    assert document["dateModified"] == second.published_at.date().isoformat()
    assert document["correction"] == [
        {
            "@type": "CorrectionComment",
            "text": "The office\nrevised it.",
            "datePublished": second.published_at.date().isoformat(),
        }
    ]
    third = factories.make_correction(second, rating="true")
    assert [line["kind"] for line in third.snapshot["corrections"]] == ["correction", "verdict_change"]


def test_each_kind_of_news_has_its_event():
    first = factories.make_publication()
    second = factories.make_correction(first)
    third = factories.make_retraction(second)
    events = OutboxEvent.objects.filter(type__startswith="claim.verdict_").order_by("id")
    assert [event.type for event in events] == [
        "claim.verdict_published",
        "claim.verdict_corrected",
        "claim.verdict_retracted",
    ]
    assert [event.payload["version"] for event in events] == [1, 2, 3]
    assert {event.payload["claim"] for event in events} == {str(first.claim.public_id)}
    assert events[2].payload["change_note"] == third.change_note
    verbs = AuditEntry.objects.filter(subject_type="reviews.publication").order_by("id")
    assert [entry.verb for entry in verbs] == [
        "publication.published",
        "publication.corrected",
        "publication.retracted",
    ]


@pytest.mark.parametrize(
    ("rating", "change", "code"),
    [
        ("true", "correction", "verdict_change_unnamed"),
        ("false", "verdict_change", "verdict_unchanged"),
        ("false", "retraction", "correction_kind_missing"),
        ("false", "first", "correction_kind_missing"),
        ("false", "whatever", "correction_kind_missing"),
    ],
)
def test_a_kind_that_is_not_true_is_refused(rating, change, code):
    first = factories.make_publication()
    with pytest.raises(StandardsNotMet) as refused:
        factories.make_correction(first, rating=rating, change=change)
    assert (refused.value.code, refused.value.field) == (code, "change")


def test_the_database_wants_to_know_what_changed():
    first = factories.make_publication()
    author, editor = factories.make_user(), factories.make_user(Role.EDITOR)
    other = factories.make_approved_verdict(author, editor)
    facts = {
        "claim": other.claim, "verdict": other, "slug": "x", "snapshot": {}, "claim_review": {},
        "proposed_by": author, "approved_by": editor, "published_by": editor, "published_at": timezone.now(),
    }  # fmt: skip
    for wrong in (
        {"number": 2},
        {"number": 2, "change": "correction"},
        {"number": 1, "change": "correction", "change_note": "A slip."},
        {"number": 2, "change": "unheard_of", "change_note": "A slip."},
    ):
        with (
            pytest.raises(IntegrityError, match="every_later_version_says_what_changed"),
            transaction.atomic(),
        ):
            Publication.objects.create(**{**facts, **wrong})
    with pytest.raises(IntegrityError, match="only a lead of the desk retracts"), transaction.atomic():
        Publication.objects.create(
            **{
                **facts, "claim": first.claim, "verdict": None, "number": 2, "change": "retraction",
                "change_note": "Forged.", "retracts": first, "proposed_by": first.proposed_by,
                "approved_by": first.approved_by, "published_by": first.published_by,
            }
        )  # fmt: skip


def test_a_retraction_is_the_next_version_and_names_the_people_of_what_it_takes_back():
    first = factories.make_publication()
    lead = factories.make_user(Role.LEAD)
    retraction = retract_publication(first.claim, by=lead, version=1, note="The document was forged.")
    assert (retraction.number, retraction.verdict, retraction.retracts) == (2, None, first)
    assert (retraction.proposed_by, retraction.approved_by) == (first.proposed_by, first.approved_by)
    assert (retraction.published_by, retraction.claim_review) == (lead, {})
    assert retraction.snapshot["corrections"][-1]["kind"] == "retraction"
    assert list(Publication.objects.current()) == [retraction]
    assert list(Publication.objects.standing()) == []
    assert Job.objects.filter(kind="reviews.follow_retraction", object_id=str(retraction.pk)).exists()


def test_a_retracted_check_is_known_no_more_until_the_next_version():
    first = factories.make_publication()
    retraction = factories.make_retraction(first)
    known = KnownClaim.objects.get()
    assert known.is_retracted
    assert (known.withdrawn_because, KnownClaim.objects.standing().count()) == (retraction.change_note, 0)
    rebuild_known_claims(by="system")
    assert not KnownClaim.objects.standing().exists()
    with pytest.raises(ActionRefused, match="The newsroom retracted this check"):
        restore_known_claim(known, by=factories.make_user(Role.MODERATOR), reason="It was right.")
    again = factories.make_correction(retraction)
    assert again.number == 3
    known.refresh_from_db()
    assert (known.is_retracted, known.withdrawn_at, known.withdrawn_because) == (False, None, "")


def test_only_a_lead_retracts_what_stands_and_says_why():
    first = factories.make_publication()
    lead = factories.make_user(Role.LEAD)
    for outsider in (
        factories.make_user(Role.EDITOR),
        factories.make_user(Role.LEAD, factories.make_desk("city")),
    ):
        with pytest.raises(NotPermitted, match="Only a lead"):
            retract_publication(first.claim, by=outsider, version=1, note="Forged.")
    for note in (" \r\n", "x" * 2001):
        with pytest.raises(ActionRefused) as refused:
            retract_publication(first.claim, by=lead, version=1, note=note)
        assert refused.value.field == "note"
    with pytest.raises(ActionRefused, match="Version 1 came out since"):
        retract_publication(first.claim, by=lead, version=7, note="Forged.")
    retract_publication(first.claim, by=lead, version=1, note="Forged.")
    with pytest.raises(NotPermitted, match="retracted already"):
        retract_publication(first.claim, by=lead, version=2, note="Forged.")
    with pytest.raises(NotPermitted, match="Nothing of this claim is published"):
        retract_publication(factories.make_claim(), by=lead, version=1, note="Forged.")


def test_a_retracted_check_is_not_carried_over(django_assert_num_queries):
    from reviews.selectors.families import publication_to_carry

    first = factories.make_publication()
    member = factories.make_claim(canonical=first.claim)
    assert publication_to_carry(member) == first
    factories.make_retraction(first)
    assert publication_to_carry(member) is None


def test_the_same_verdict_does_not_go_out_again_after_a_retraction():
    first = factories.make_publication()
    factories.make_retraction(first)
    with pytest.raises(ActionRefused, match="published already"):
        publish_verdict(first.verdict, by=first.approved_by)


def test_what_was_approved_before_a_retraction_does_not_come_out_after_it():
    first = factories.make_publication()
    author, editor = factories.make_user(), factories.make_user(Role.EDITOR)
    task = take_task(open_recheck(first.claim, by=editor, reason="A figure is wrong."), by=author)
    facts = {
        "rating": factories.make_rating(),
        "summary": "Half of it.",
        "rationale": "The audited accounts list half of the sum, line by line.",
    }
    verdict = submit_verdict(task, by=author, **facts)
    verdict = approve_verdict(verdict, by=editor, revision=1)
    factories.make_retraction(first)
    said = {"change": "correction", "change_note": "The office revised it."}
    with pytest.raises(NotPermitted, match="retracted after this verdict was approved") as refused:
        publish_verdict(verdict, by=editor, **said)
    assert refused.value.code == "retracted_since"
    row = {
        "claim": first.claim, "verdict": verdict, "number": 3, "slug": "x", "snapshot": {},
        "claim_review": {}, "proposed_by": author, "approved_by": editor,
        "published_by": editor, "published_at": timezone.now(),
        **said,
    }  # fmt: skip
    with pytest.raises(IntegrityError, match="retracted after this verdict"), transaction.atomic():
        Publication.objects.create(**row)
    again = take_task(open_recheck(first.claim, by=editor, reason="Look again."), by=author)
    with pytest.raises(IntegrityError, match="being looked at again"), transaction.atomic():
        Publication.objects.create(**row)
    newer = approve_verdict(submit_verdict(again, by=author, **facts), by=editor, revision=1)
    assert publish_verdict(newer, by=editor, **said).number == 3
