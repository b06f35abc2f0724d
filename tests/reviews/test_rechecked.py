"""A recheck that finds the same goes out as re-checked, with its day, and as nothing else."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from claims.models import KnownClaim
from claimtracker.accounts.models import Role
from claimtracker.ledger.models import AuditEntry, OutboxEvent
from reviews.actions.assignment import take_task
from reviews.actions.gate import StandardsNotMet
from reviews.actions.publishing import publish_verdict
from reviews.actions.recheck import open_recheck_for
from reviews.actions.verdicts import approve_verdict, submit_verdict
from reviews.models import Publication
from tests import factories

pytestmark = pytest.mark.django_db
NOTE = "We read the accounts of this year too."


def look_again(publication, *, change="rechecked", note=NOTE, **words):
    """The words of ``publication`` again, but for ``words``, by two other people."""
    author, editor = factories.make_user(), factories.make_user(Role.EDITOR)
    task = take_task(open_recheck_for(publication.claim_id, cause="expired", why="Its day came."), by=author)
    snapshot = publication.snapshot
    said = {
        "rating": factories.make_rating(snapshot["rating"]["slug"]),
        "summary": snapshot["summary"],
        "rationale": snapshot["rationale"],
    }
    verdict = submit_verdict(task, by=author, **{**said, **words})
    approved = approve_verdict(verdict, by=editor, revision=verdict.revision)
    return publish_verdict(approved, by=editor, change=change, change_note=note)


def test_a_recheck_that_finds_the_same_is_told_with_its_day_and_is_no_correction():
    first = factories.make_publication()
    second = look_again(first)
    assert (second.number, second.change, second.snapshot["corrections"]) == (2, "rechecked", [])
    (line,) = second.snapshot["rechecks"]
    assert (line["version"], line["text"], line["at"]) == (2, NOTE, second.published_at.isoformat())
    day = second.published_at.date().isoformat()
    document = second.claim_review
    assert document["mainEntityOfPage"] == {"@type": "WebPage", "@id": document["url"], "lastReviewed": day}
    assert "dateModified" not in document
    assert "correction" not in document
    assert list(Publication.objects.changes()) == []
    assert list(Publication.objects.standing()) == [second]
    event = OutboxEvent.objects.filter(type__startswith="claim.verdict_").latest("id")
    assert (event.type, event.payload["version"], event.payload["change_note"]) == (
        "claim.verdict_rechecked",
        2,
        NOTE,
    )
    assert AuditEntry.objects.filter(verb="publication.rechecked", subject_id=str(second.pk)).exists()
    assert KnownClaim.objects.standing().get().reviewed_on == second.published_at.date()


def test_a_correction_after_a_recheck_keeps_both_logs():
    third = factories.make_correction(look_again(factories.make_publication()))
    assert [line["version"] for line in third.snapshot["rechecks"]] == [2]
    assert [line["version"] for line in third.snapshot["corrections"]] == [3]
    assert third.claim_review["dateModified"] == third.published_at.date().isoformat()
    assert third.claim_review["mainEntityOfPage"]["lastReviewed"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ({"summary": "The accounts show half of that."}, "the summary"),
        ({"rationale": "The audited accounts of this year list it line by line."}, "the rationale"),
    ],
)
def test_what_says_something_else_is_no_recheck(words, says):
    first = factories.make_publication()
    with pytest.raises(StandardsNotMet, match=f"{says}.*no re-check") as refused:
        look_again(first, **words)
    assert (refused.value.code, refused.value.field) == ("recheck_differs", "change")


def test_another_rating_or_a_retracted_check_is_no_recheck():
    first = factories.make_publication()
    with pytest.raises(StandardsNotMet, match="call it a change of verdict"), transaction.atomic():
        look_again(first, rating=factories.make_rating("true"))
    second = factories.make_publication()
    factories.make_retraction(second)
    with pytest.raises(StandardsNotMet, match="what was retracted") as refused:
        look_again(second)
    assert refused.value.code == "recheck_differs"


def test_a_recheck_says_what_was_looked_at():
    first = factories.make_publication()
    with pytest.raises(StandardsNotMet) as refused:
        look_again(first, note=" ")
    assert refused.value.field == "change_note"


def test_the_database_lets_no_other_finding_go_out_as_rechecked():
    first = factories.make_publication()
    second = look_again(first)
    row = {
        "claim": first.claim, "slug": first.slug, "claim_review": {}, "number": 3, "change": "rechecked",
        "change_note": "Forged.", "published_by": second.published_by, "published_at": timezone.now(),
        "proposed_by": second.proposed_by, "approved_by": second.approved_by, "verdict": second.verdict,
    }  # fmt: skip
    for field, other in (("summary", "Else."), ("rationale", "Else."), ("rating", {"slug": "true"})):
        with pytest.raises(IntegrityError, match="says the same as the version before"), transaction.atomic():
            Publication.objects.create(**row, snapshot={**second.snapshot, field: other})


def test_readers_see_the_day_and_that_the_finding_is_the_same(client):
    first = factories.make_publication()
    second = look_again(first)
    page = client.get(reverse("reviews:public_claim", args=[first.slug])).content.decode()
    assert "Looked at again" in page
    assert NOTE in page
    assert '"lastReviewed"' in page
    assert '<h2 id="corrections">' not in page
    old = client.get(reverse("reviews:public_claim", args=[first.slug]) + "?version=1").content.decode()
    assert "found the same" in old
    assert "no longer our finding" not in old
    third = factories.make_correction(second)
    old = client.get(reverse("reviews:public_claim", args=[third.slug]) + "?version=1").content.decode()
    assert "no longer our finding" in old
    log = client.get(reverse("reviews:corrections")).content.decode()
    assert third.change_note in log
    assert NOTE not in log
