"""Copies of one story that are read by two workers at the same moment share their claims."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection, transaction

from claims.actions.copies import BAND_LOCKS, hold_copies, lock_claims_of
from claims.actions.curation import dismiss_claim
from claims.models import Appearance, ArticleFingerprint, ArticleVersion, Claim
from reviews.actions.rereading import reread_version
from tests import factories
from tests.support.drills import drill_size
from tests.support.owner import owner_connection
from tests.support.races import Outcome, forced_interleaving
from tests.support.readings import first_reading, found, reading
from tests.support.wire import CLOSED, COPY, CUT, RENTS, STORY, make_version

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

ROUNDS = drill_size(3, long=6)


def offers(version: ArticleVersion) -> list[Any]:
    return [found(version, quote) for quote in (CUT, CLOSED, RENTS)]


def at_once(*acts: Any) -> list[Outcome]:
    """All of them, each in a connection of its own, from one starting line."""
    outcomes = [Outcome() for _act in acts]
    line = threading.Barrier(len(acts))

    def run(act: Any, outcome: Outcome) -> None:
        try:
            line.wait(20)
            outcome.value = act()
        except Exception as error:  # noqa: BLE001 - it is the outcome
            outcome.error = error
        finally:
            connection.close()

    threads = [
        threading.Thread(target=run, args=pair, daemon=True) for pair in zip(acts, outcomes, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads), f"a deadlock? {outcomes}"
    return outcomes


def of_the_round(number: int) -> tuple[ArticleVersion, ArticleVersion, str]:
    """A story and its copy with a claim that no earlier round has."""
    cut = CUT.replace("9 per cent", f"{number + 10} per cent")
    return make_version(STORY.replace(CUT, cut)), make_version(COPY.replace(CUT, cut)), cut


def test_two_copies_that_are_read_at_once_share_their_claims() -> None:
    for number in range(ROUNDS):
        one, other, cut = of_the_round(number)
        outcomes = at_once(
            lambda one=one, cut=cut: first_reading(one, found(one, cut)),
            lambda other=other, cut=cut: first_reading(other, found(other, cut)),
        )
        assert all(outcome.won for outcome in outcomes), outcomes
        assert Claim.objects.count() == number + 1, "one of them waited and joined"
    assert Appearance.objects.count() == 2 * ROUNDS


def test_the_second_waits_until_the_first_is_committed_and_sees_it() -> None:
    """The second's bands are held by a transaction that has not ended: it may not look before that."""
    first, second = make_version(STORY), make_version(COPY)
    begun = threading.Event()

    def read_second() -> Any:
        begun.set()
        return first_reading(second, *offers(second))

    with transaction.atomic():
        first_reading(first, *offers(first))
        thread = threading.Thread(target=lambda: (read_second(), connection.close()), daemon=True)
        thread.start()
        assert begun.wait(20)
        _wait_for_a_band()
        assert thread.is_alive()
    thread.join(60)
    assert Claim.objects.count() == 3


def _wait_for_a_band() -> None:
    waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = %s AND NOT granted"
    with owner_connection() as watcher:
        for _try in range(400):
            if watcher.execute(waiting, [BAND_LOCKS]).fetchone()[0]:
                return
            threading.Event().wait(0.05)
    raise AssertionError("it did not wait for a band")


def test_texts_that_are_not_alike_do_not_wait_for_each_other() -> None:
    one, other = (
        make_version(STORY),
        make_version("A story of quite other words about the harbour and its boats."),
    )
    with transaction.atomic():
        hold_copies(one)
        outcome = at_once(lambda: first_reading(other))[0]
    assert outcome.won
    assert ArticleFingerprint.objects.filter(version=other).exists()


def test_copies_that_are_read_again_at_once_do_not_lock_each_other_up() -> None:
    """Each has claims that the other may join, and both lock all of them."""
    for number in range(ROUNDS):
        one, other, cut = of_the_round(number)
        first_reading(one, found(one, cut))
        first_reading(other, found(other, RENTS))
        outcomes = at_once(
            lambda one=one, cut=cut: reread_version(
                one, analysis=reading(found(one, cut), found(one, RENTS))
            ),
            lambda other=other, cut=cut: reread_version(
                other, analysis=reading(found(other, cut), found(other, RENTS))
            ),
        )
        assert all(outcome.won for outcome in outcomes), outcomes
        assert Claim.objects.count() == number + 2
    assert Appearance.objects.count() == 4 * ROUNDS


def test_a_claim_is_joined_or_dismissed_in_one_order_or_the_other() -> None:
    """A copy locks the claims before it looks: it joins a dismissed claim or one that is dismissed later."""
    first = make_version(STORY)
    first_reading(first, *offers(first))
    claim = Claim.objects.get(appearances__quote=CUT)
    second, checker = make_version(COPY), factories.make_user()
    outcomes = forced_interleaving(
        lambda: first_reading(second, *offers(second)),
        lambda: dismiss_claim(claim, by=checker, reason="Old news"),
        over=claim,
    )
    assert all(outcome.won for outcome in outcomes), outcomes
    claim.refresh_from_db()
    assert (claim.state, claim.appearances.count(), Claim.objects.count()) == ("dismissed", 2, 3)


def test_a_claim_that_is_withdrawn_first_is_not_joined() -> None:
    first, second = make_version(STORY), make_version(COPY)
    first_reading(first, *offers(first))
    gone = Claim.objects.get(appearances__quote=CUT)
    with transaction.atomic():
        lock_claims_of(first)
        Claim.objects.filter(pk=gone.pk).update(state="withdrawn", withdrawn_by="reader-2")
        thread = threading.Thread(
            target=lambda: (first_reading(second, *offers(second)), connection.close()), daemon=True
        )
        thread.start()
        threading.Event().wait(1)
        assert not second.appearances.exists()
    thread.join(60)
    assert gone.appearances.count() == 1
    assert Claim.objects.count() == 4
