"""Every action that makes, rewords, hides or brings back a statement tells the index in its transaction."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.actions.curation import add_claim, dismiss_claim, edit_claim, restore_claim
from claims.actions.known_claim_imports import import_known_claims
from claims.actions.known_claims import restore_known_claim, withdraw_known_claim
from claims.actions.match_index import index_everything
from claims.actions.match_marks import mark_claims, mark_known_claims
from claims.actions.rereading import apply_rereading
from claims.models import KnownClaim, MatchEntry
from claimtracker.accounts.models import Role
from claimtracker.jobs import states as job_states
from claimtracker.jobs.models import Job
from tests import factories
from tests.support.match_index import index_is_exact, is_offered
from tests.support.readings import first_reading, found, reading

pytestmark = pytest.mark.django_db


def stale() -> set[int | None]:
    """Ids of the claims whose entries wait."""
    return set(
        MatchEntry.objects.filter(is_stale=True, claim__isnull=False).values_list("claim_id", flat=True)
    )


def test_a_claim_that_a_person_marks_is_found_and_the_indexer_asked_after_the_commit(
    django_capture_on_commit_callbacks,
):
    checker = factories.make_user()
    version = factories.make_article().versions.get()
    with django_capture_on_commit_callbacks(execute=True):
        claim = add_claim(version, by=checker, start=0, end=20)
        assert is_offered(claim) is True
        assert not Job.objects.filter(kind="claims.index_entries").exists()
    job = Job.objects.get(kind="claims.index_entries")
    assert (job.object_id, job.state) == ("all", job_states.QUEUED)
    index_everything()
    index_is_exact()


def test_rewording_dismissing_and_restoring_a_claim():
    checker = factories.make_user(Role.EDITOR)
    claim = factories.make_claim("The city spent")
    mark_claims([claim.pk])
    index_everything()

    edit_claim(claim, by=checker, text="The city spent 9 million on roads.", claimant="")
    assert stale() == {claim.pk}
    index_everything()
    index_is_exact()

    dismiss_claim(claim, by=checker, reason="An old story.")
    assert is_offered(claim) is False, "from this moment, before any indexer runs"
    index_everything()
    assert is_offered(claim) is None
    index_is_exact()

    restore_claim(claim, by=checker)
    assert is_offered(claim) is True
    index_everything()
    index_is_exact()


def test_dismissed_and_restored_before_the_indexer_looked():
    checker = factories.make_user(Role.EDITOR)
    claim = factories.make_claim("The city spent")
    mark_claims([claim.pk])
    index_everything()
    dismiss_claim(claim, by=checker, reason="An old story.")
    restore_claim(claim, by=checker)
    index_everything()
    index_is_exact()
    assert MatchEntry.objects.get(claim=claim).revision == 3


def test_a_reading_and_a_newer_one():
    version = factories.make_article(
        "The city spent 9 million on roads.\nThe river rose by 3 metres.\nThe school has 400 pupils.\n"
    ).versions.get()
    roads, river, school = (found(version, quote) for quote in version.body.strip().split("\n"))
    first_reading(version, roads, river)
    index_everything()
    index_is_exact()
    assert MatchEntry.objects.count() == 2

    outcome = apply_rereading(version, analysis=reading(roads, school), kept=[])
    (withdrawn,) = outcome.withdrawn
    assert MatchEntry.objects.get(claim=withdrawn).is_offered is False
    (unchanged,) = outcome.refreshed
    assert MatchEntry.objects.get(claim=unchanged).is_stale is False, "its words are as they were"
    index_everything()
    index_is_exact()

    reworded = replace(roads, text="Our city spent 9 million on roads.")
    back = apply_rereading(version, analysis=reading(reworded, river, school, by="reader-3"), kept=[])
    assert back.returned == [withdrawn]
    assert stale() == {withdrawn, unchanged}
    index_everything()
    index_is_exact()


def test_what_is_published_speaks_for_its_claim_until_it_is_withdrawn():
    moderator = factories.make_user(Role.MODERATOR)
    publication = factories.make_publication()
    claim = publication.claim
    known = KnownClaim.objects.get(claim=claim)
    assert is_offered(claim) is None or is_offered(claim) is False
    index_everything()
    index_is_exact()

    withdraw_known_claim(known, by=moderator, reason="A wrong page.")
    assert is_offered(claim) is True
    index_everything()
    index_is_exact()

    restore_known_claim(known, by=moderator, reason="It was right.")
    assert is_offered(claim) is False
    index_everything()
    index_is_exact()


def test_an_import_marks_what_is_new_and_what_changed():
    first, second = factories.make_reviewed_claim(title="No, it did not"), factories.make_reviewed_claim()
    import_known_claims(factories.make_read_reviews(first, second), source="a", by="system")
    assert MatchEntry.objects.filter(is_stale=True).count() == 2
    index_everything()
    index_is_exact()

    changed = replace(second, title="It spent less")
    import_known_claims(factories.make_read_reviews(first, changed), source="a", by="system")
    waiting = MatchEntry.objects.get(is_stale=True)
    assert waiting.known_claim is not None and waiting.known_claim.title == "It spent less"
    index_everything()
    index_is_exact()


def test_a_withdrawn_known_claim_that_changes_in_an_import_stays_hidden():
    review = factories.make_reviewed_claim()
    import_known_claims(factories.make_read_reviews(review), source="a", by="system")
    known = KnownClaim.objects.get()
    withdraw_known_claim(known, by=factories.make_user(Role.MODERATOR), reason="Satire.")
    import_known_claims(factories.make_read_reviews(replace(review, title="New")), source="a", by="system")
    assert not MatchEntry.objects.get().is_offered
    index_everything()
    index_is_exact()


@pytest.mark.parametrize("many", [2, 40])
def test_marking_takes_three_statements_however_many_there_are(many: int):
    claims = [factories.make_claim() for _ in range(many)]
    for claim in claims[::2]:
        claim.state, claim.dismissed_because = "dismissed", "Old."
    mark_claims(claim.pk for claim in claims)
    type(claims[0]).objects.bulk_update(claims, ["state", "dismissed_because"])
    with CaptureQueriesContext(connection) as seen:
        mark_claims(claim.pk for claim in claims)
    assert len(ours(seen)) == 3
    known = [factories.make_known_claim() for _ in range(2)]
    with CaptureQueriesContext(connection) as seen:
        mark_known_claims(each.pk for each in known)
    assert len(ours(seen)) == 2


def test_marking_nothing_asks_nothing():
    with CaptureQueriesContext(connection) as seen:
        mark_claims([])
        mark_known_claims([])
    assert not ours(seen)


def ours(seen: CaptureQueriesContext) -> list[str]:
    return [query["sql"] for query in seen.captured_queries if "SAVEPOINT" not in query["sql"]]
