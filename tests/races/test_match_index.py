"""Indexers beside each other, beside people who change what is indexed, and beside a switch of slots."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection

from claims.actions import embedding_slots, match_index
from claims.actions.curation import dismiss_claim, edit_claim, restore_claim
from claims.actions.embedding_slots import reembed_for_a_while
from claims.actions.known_claim_imports import import_known_claims
from claims.actions.known_claims import withdraw_known_claim
from claims.actions.match_index import index_everything, index_for_a_while
from claims.actions.match_marks import mark_claims
from claims.actions.match_rebuild import rebuild_match_index
from claims.models import Claim, EmbeddingSlot, KnownClaim, MatchEntry, MatchTotals
from claimtracker.accounts.models import Role
from tests import factories
from tests.support import embedders
from tests.support.match_index import index_is_exact, is_offered, mark_everything
from tests.support.owner import owner_connection
from tests.support.races import forced_interleaving

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


def side_by_side(*calls: Callable[[], object]) -> None:
    """Run all at once, each in a thread and connection of its own; raises what one of them raised."""
    errors: list[Exception] = []
    start = threading.Barrier(len(calls))

    def run(call: Callable[[], object]) -> None:
        try:
            start.wait()
            call()
        except Exception as error:  # noqa: BLE001 - raised again below
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[call], daemon=True) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads), "a deadlock?"
    if errors:
        raise errors[0]


@pytest.fixture
def claims() -> list[Claim]:
    made = [factories.make_claim() for _ in range(12)]
    mark_everything()
    index_everything()
    return made


def test_two_indexers_that_read_the_same_entries_count_them_once(claims: list[Claim]):
    for round_ in range(5):
        Claim.objects.update(text=f"Other words {round_}")
        mark_everything()
        outcomes = forced_interleaving(index_for_a_while, index_for_a_while, over=MatchTotals.objects.get())
        assert all(outcome.won for outcome in outcomes), outcomes
        assert sum(outcome.value.indexed for outcome in outcomes) == len(claims)
        index_is_exact()


def test_people_and_indexers_all_at_once(claims: list[Claim], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(match_index, "BATCH", 3)
    editor = factories.make_user(Role.EDITOR)

    def people(seed: int) -> None:
        chance, mine = random.Random(seed), claims[seed::2]
        for step in range(25):
            claim = Claim.objects.get(pk=chance.choice(mine).pk)
            if claim.state == "dismissed":
                restore_claim(claim, by=editor)
            elif chance.random() < 0.4:
                dismiss_claim(claim, by=editor, reason="Old.")
            else:
                edit_claim(claim, by=editor, text=f"The city spent {step} million", claimant="")

    def indexer() -> None:
        for _ in range(15):
            index_for_a_while()
            statistics_are_exact_in_one_look()

    side_by_side(lambda: people(0), lambda: people(1), indexer, indexer)
    index_everything()
    index_is_exact()


def statistics_are_exact_in_one_look() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT sum(entries) FROM claims_matchterm),"
            " (SELECT sum(length(words)) FROM claims_matchentry)"
        )
        counted, there = cursor.fetchone()
    assert (counted or 0) == (there or 0)


def test_the_indexer_never_waits_for_an_entry_that_somebody_is_changing(claims: list[Claim]):
    mark_claims([claims[0].pk, claims[1].pk])
    entry = MatchEntry.objects.get(claim=claims[0])
    with owner_connection() as somebody, somebody.transaction():
        somebody.execute("SELECT FROM claims_matchentry WHERE id = %s FOR UPDATE", [entry.pk])
        turn = index_for_a_while()
        assert (turn.indexed, turn.busy) == (1, {entry.pk})
        assert turn.again_at is not None
    index_everything()
    index_is_exact()


def test_imports_of_the_same_reviews_and_a_rebuild_and_an_indexer_do_not_block_each_other():
    reviews = [factories.make_reviewed_claim() for _ in range(60)]

    def bring(order: int) -> None:
        read = factories.make_read_reviews(*reviews[::order])
        import_known_claims(read, source="data.json", by="system")

    for _ in range(3):
        side_by_side(
            lambda: bring(1), lambda: bring(-1), index_for_a_while, rebuild_match_index, index_for_a_while
        )
    index_everything()
    assert MatchEntry.objects.count() == KnownClaim.objects.count() == 60
    index_is_exact()


def test_a_claim_that_is_dismissed_while_its_publication_is_withdrawn_is_not_found():
    editor, moderator = factories.make_user(Role.EDITOR), factories.make_user(Role.MODERATOR)
    for _ in range(5):
        claim = factories.make_publication().claim
        known = KnownClaim.objects.get(claim=claim)
        outcomes = forced_interleaving(
            lambda known=known: withdraw_known_claim(known, by=moderator, reason="A wrong page."),
            lambda claim=claim: dismiss_claim(claim, by=editor, reason="Old."),
            over=claim,
        )
        assert all(outcome.won for outcome in outcomes), outcomes
        assert not is_offered(claim)
        index_everything()
        index_is_exact()


def test_a_rebuild_does_not_bring_back_what_is_dismissed_meanwhile(claims: list[Claim]):
    editor = factories.make_user(Role.EDITOR)
    for claim in claims[:5]:
        outcomes = forced_interleaving(
            lambda claim=claim: dismiss_claim(claim, by=editor, reason="Old."),
            rebuild_match_index,
            over=claim,
        )
        assert all(outcome.won for outcome in outcomes), outcomes
        assert is_offered(claim) is False
        index_everything()
        index_is_exact()


def test_a_switch_waits_for_the_indexer_and_misses_nothing(
    claims: list[Claim], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(embedding_slots, "STILL_SEARCHED", timedelta(0))
    monkeypatch.setattr(embedding_slots, "BATCH", 4)
    versions = ["stand-in 1"]
    for round_ in range(3):
        versions = [versions[-1], f"newer {round_}"]
        monkeypatch.setattr(embedders, "VERSIONS", versions)
        fresh = [factories.make_claim() for _ in range(3)]
        mark_claims(claim.pk for claim in fresh)
        current = EmbeddingSlot.objects.get(state="current")
        outcomes = forced_interleaving(re_embed, index_for_a_while, over=current)
        assert all(outcome.won for outcome in outcomes), outcomes
        index_everything()
        re_embed()
        assert EmbeddingSlot.objects.get(state="current").model_version == versions[-1]
        index_is_exact()


def re_embed() -> None:
    while reembed_for_a_while() is not None:
        index_for_a_while()
