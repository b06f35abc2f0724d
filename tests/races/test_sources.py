"""Looks at pages meet people and each other over the same rows; every order ends well."""

from __future__ import annotations

import pytest

from claimtracker.accounts.models import Role
from claimtracker.kernel.errors import ActionRefused
from reviews.actions.evidence import remove_evidence
from reviews.actions.snapshots import look_at
from reviews.actions.source_checks import record_look, settle_change
from reviews.actions.sources import protect_source
from reviews.models import Evidence, EvidenceChange, QuotationCheck, Source, SourceCheck, SourceSnapshot
from tests import factories
from tests.support.cited_pages import cite, look, serve
from tests.support.cited_pages import server as server  # the fixture
from tests.support.drills import drill_size
from tests.support.races import forced_interleaving

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

FEW = drill_size(3, long=4)


def test_a_source_that_is_protected_during_a_look_is_never_looked_at_again(server):
    checker = factories.make_user()
    for number in range(FEW):
        source = cite(server, checker, f"/{number}").source
        brought = look_at(source)
        outcomes = forced_interleaving(
            lambda source=source, brought=brought: record_look(source, look=brought),
            lambda source=source: protect_source(source, by=checker, because="She was threatened."),
            over=source,
        )
        assert all(outcome.won for outcome in outcomes), outcomes
        source.refresh_from_db()
        assert (source.is_confidential, source.next_check_at) == (True, None)


def test_two_looks_at_once_keep_one_copy_and_two_checks(server):
    checker = factories.make_user()
    for number in range(FEW):
        source = cite(server, checker, f"/{number}").source
        first, second = look_at(source), look_at(source)
        outcomes = forced_interleaving(
            lambda source=source, brought=first: record_look(source, look=brought),
            lambda source=source, brought=second: record_look(source, look=brought),
            over=source.evidence.get().claim,
        )
        assert all(outcome.won for outcome in outcomes), outcomes
    assert SourceSnapshot.objects.count() == QuotationCheck.objects.count() == FEW
    assert SourceCheck.objects.count() == 2 * FEW


def test_evidence_that_is_taken_off_during_a_look_is_no_fault(server):
    checker = factories.make_user()
    for number in range(FEW):
        evidence = cite(server, checker, f"/{number}")
        brought = look_at(evidence.source)
        outcomes = forced_interleaving(
            lambda evidence=evidence, brought=brought: record_look(evidence.source, look=brought),
            lambda evidence=evidence: remove_evidence(evidence, by=checker),
            over=evidence.claim,
        )
        assert all(outcome.won for outcome in outcomes), outcomes
    assert not Evidence.objects.exists() and not QuotationCheck.objects.exists()
    assert Source.objects.exclude(checked_at=None).count() == FEW


def test_one_of_two_settles_a_change(server):
    checker, lead = factories.make_user(), factories.make_user(Role.LEAD)
    for number in range(FEW):
        evidence = cite(server, checker, f"/{number}")
        look(evidence.source)
        serve(server, "Expenditure to date: £140.9m.", path=f"/{number}")
        look(evidence.source)
        look(evidence.source)
        change = EvidenceChange.objects.get(evidence=evidence)
        outcomes = forced_interleaving(
            lambda change=change: settle_change(change, by=checker),
            lambda change=change: settle_change(change, by=lead),
            over=evidence.claim,
        )
        losers = [outcome.error for outcome in outcomes if not outcome.won]
        assert len(losers) == 1 and isinstance(losers[0], ActionRefused), outcomes
