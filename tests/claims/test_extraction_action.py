"""What the extractor found becomes rows, once."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from claims.actions.curation import add_claim, dismiss_claim, restore_claim
from claims.actions.extraction import analyse_version, record_extraction
from claims.models import Appearance, Claim, ExtractionRun
from claimtracker.accounts.models import Role
from claimtracker.jobs.models import Job
from claimtracker.kernel.errors import ActionRefused, NotPermitted
from claimtracker.ledger.models import OutboxEvent
from tests import factories

pytestmark = pytest.mark.django_db

TEXT = (
    "Bridge opens late\n\nThe new bridge cost 4 million more than planned, the mayor Ann Lee said on Monday. "
    "“Two hundred people were hurt on the old one last year,” Lee said. It rained."
)


def extracted(body: str = TEXT):
    version = factories.make_article(body).versions.get()
    run = record_extraction(version, analysis=analyse_version(version))
    return version, run


def test_claims_quote_the_text_and_name_their_speaker():
    version, run = extracted()
    appearances = list(version.appearances.select_related("claim__claimant"))
    assert run.claims_found == len(appearances) >= 2
    for appearance in appearances:
        assert version.body[appearance.start : appearance.end] == appearance.quote
        assert version.body[: appearance.start].endswith(appearance.prefix)
        assert version.body[appearance.end :].startswith(appearance.suffix)
        assert appearance.reasons
    hurt = next(a for a in appearances if "hundred people" in a.quote)
    assert hurt.claim.claimant.name == "Ann Lee"
    assert OutboxEvent.objects.filter(type="claim.extracted").count() == len(appearances)
    assert Job.objects.filter(kind="reviews.route_claim").count() == len(appearances)


def test_recording_twice_changes_nothing():
    version, run = extracted()
    before = (Claim.objects.count(), Appearance.objects.count(), OutboxEvent.objects.count())
    assert record_extraction(version, analysis=analyse_version(version)) == run
    assert (Claim.objects.count(), Appearance.objects.count(), OutboxEvent.objects.count()) == before


def test_a_text_in_another_language_is_refused_in_a_sentence():
    _version, run = extracted(
        "Der Bürgermeister sagte am Montag, die neue Brücke habe vier Millionen Euro mehr gekostet als "
        "geplant. "
        "Im vergangenen Jahr wurden auf der alten Brücke zweihundert Menschen verletzt."
    )
    assert run.outcome == ExtractionRun.Outcome.REFUSED
    assert "German" in run.message
    assert not Claim.objects.exists()


def test_the_database_refuses_a_quote_that_does_not_stand_there():
    version, _run = extracted()
    claim = Claim.objects.first()
    with pytest.raises(IntegrityError, match="not what stands at"), transaction.atomic():
        Appearance.objects.create(
            claim=claim, version=version, start=0, end=6, quote="Tunnel", attribution="author"
        )


def test_positions_count_code_points_not_bytes_or_utf16():
    version, _run = extracted(
        "🌉 Bridge news 🌉\n\nThe bridge 🌉 cost 4 million more than planned, Ann Lee said on Monday."
    )
    appearance = version.appearances.first()
    assert appearance is not None
    assert version.body[appearance.start : appearance.end] == appearance.quote


def test_a_person_marks_a_claim_that_was_not_found():
    version, _run = extracted()
    member = factories.make_user(Role.REPORTER)
    start = version.body.index("It rained")
    claim = add_claim(version, by=member, start=start, end=start + 9)
    assert claim.text == "It rained"
    assert claim.state == "confirmed"
    with pytest.raises(ActionRefused, match="already marked"):
        add_claim(version, by=member, start=start, end=start + 9)
    with pytest.raises(ActionRefused, match="Select the words"):
        add_claim(version, by=member, start=5, end=len(version.body) + 1)


def test_nobody_marks_claims_in_a_held_submission():
    version = factories.make_article(TEXT, held=True).versions.get()
    with pytest.raises(ActionRefused, match="accept this article first"):
        add_claim(version, by=factories.make_user(Role.REPORTER), start=0, end=6)


def test_a_claim_is_dismissed_with_a_reason_and_comes_back():
    claim = factories.make_claim()
    checker = factories.make_user()
    with pytest.raises(ActionRefused, match="Say why"):
        dismiss_claim(claim, by=checker, reason=" ")
    with pytest.raises(NotPermitted, match="Only checkers"):
        dismiss_claim(claim, by=factories.make_user(Role.REPORTER), reason="Trivial.")
    assert dismiss_claim(claim, by=checker, reason="Trivial.").dismissed_because == "Trivial."
    assert restore_claim(claim, by=checker).state == "confirmed"
