"""Two imports of the same file at the same moment, and two moderators over one record."""

from __future__ import annotations

from dataclasses import replace

import pytest

from claims.actions.known_claim_imports import import_known_claims
from claims.actions.known_claims import withdraw_known_claim
from claims.models import KnownClaim, KnownClaimImport
from claimtracker.accounts.models import Role
from claimtracker.kernel.errors import ActionRefused
from claimtracker.ledger.models import AuditEntry
from tests import factories
from tests.support.drills import drill_size
from tests.support.races import forced_interleaving

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

ROUNDS = drill_size(3, long=10)


def test_a_file_that_is_imported_twice_at_once_is_stored_once():
    for round_ in range(1, ROUNDS + 1):
        known = factories.make_known_claim()
        changed = replace(factories.make_reviewed_claim(), text=known.text, url=known.url, rating="False")
        reviews = [changed, *(factories.make_reviewed_claim() for _ in range(5))]

        def bring(reviews=reviews) -> KnownClaimImport:
            read = factories.make_read_reviews(*reviews)
            return import_known_claims(read, source="data.json", by="system")

        outcomes = forced_interleaving(bring, bring, over=known)

        assert all(outcome.won for outcome in outcomes), outcomes
        rows = [outcome.value for outcome in outcomes]
        assert sum(row.new_count for row in rows) == 5
        assert sum(row.updated_count for row in rows) == 1
        assert sum(row.unchanged_count for row in rows) == 6
        assert KnownClaim.objects.count() == round_ * 6
    assert AuditEntry.objects.filter(verb="known_claim.changed").count() == ROUNDS


def test_one_of_two_moderators_withdraws_a_known_claim():
    moderators = [factories.make_user(Role.MODERATOR) for _ in range(2)]
    for _round in range(ROUNDS):
        known = factories.make_known_claim()
        outcomes = forced_interleaving(
            *(
                lambda known=known, by=by: withdraw_known_claim(known, by=by, reason="Satire.")
                for by in moderators
            ),
            over=known,
        )
        assert sorted(outcome.won for outcome in outcomes) == [False, True]
        assert isinstance(next(o.error for o in outcomes if not o.won), ActionRefused)
    assert AuditEntry.objects.filter(verb="known_claim.withdrawn").count() == ROUNDS
