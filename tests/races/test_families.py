"""Families under two people, or two transactions, at the same moment: one deep, and nobody's word lost."""

from __future__ import annotations

import threading
import time
from typing import Any

import psycopg
import pytest

from claims.actions.curation import dismiss_claim
from claims.actions.families import confirm_match, detach_claim, merge_families
from claims.models import Claim, ClaimMatch, FamilyChange
from claimtracker.kernel.errors import ActionRefused
from reviews.actions.assignment import take_task
from reviews.actions.carry_over import carry_over_verdict
from reviews.actions.families import follow_family
from reviews.actions.verdicts import save_draft
from reviews.models import Evidence, ReviewTask, Verdict
from tests import factories
from tests.support.drills import drill_size
from tests.support.owner import owner_connection
from tests.support.races import Outcome, forced_interleaving

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

ROUNDS = drill_size(3, long=8)
JOIN = "UPDATE claims_claim SET canonical_id = %s WHERE id = %s"


def canonical(*claims: Claim) -> list[int | None]:
    found = dict(Claim.objects.filter(pk__in=[one.pk for one in claims]).values_list("pk", "canonical_id"))
    return [found[one.pk] for one in claims]


def check_all_families() -> None:
    place = dict(Claim.objects.values_list("pk", "canonical_id"))
    assert all(above is None or place[above] is None for above in place.values())
    replayed: dict[int, int | None] = dict.fromkeys(place)
    for row in FamilyChange.objects.order_by("id"):
        assert replayed[row.claim_id] == row.before_id
        replayed[row.claim_id] = row.after_id
    assert replayed == place
    for match in ClaimMatch.objects.confirmed():
        assert (place[match.claim_id] or match.claim_id) == (
            place[match.other_claim_id] or match.other_claim_id
        )


def refused(outcomes: tuple[Outcome, Outcome]) -> str:
    """One won; the code with which the other was refused."""
    (loser,) = (outcome for outcome in outcomes if not outcome.won)
    assert isinstance(loser.error, ActionRefused), loser.error
    return loser.error.code


def joins_meet(first: tuple[int, int], second: tuple[int, int]) -> psycopg.Error | None:
    """Two transactions join claims by plain SQL, the second while the first is not committed. Returns what
    the second was told."""
    told: list[psycopg.Error] = []
    with owner_connection() as one, owner_connection() as other, owner_connection() as watcher:

        def join_second() -> None:
            try:
                with other.transaction():
                    other.execute(JOIN, [second[1], second[0]])
            except psycopg.Error as error:
                told.append(error)

        thread = threading.Thread(target=join_second, daemon=True)
        with one.transaction():
            one.execute(JOIN, [first[1], first[0]])
            thread.start()
            waits = "SELECT EXISTS (SELECT FROM pg_locks WHERE pid = %s AND NOT granted)"
            deadline = time.monotonic() + 20
            while not (watcher.execute(waits, [other.info.backend_pid]).fetchone() or [False])[0]:
                assert thread.is_alive(), f"the second never waited for the first: {told}"
                assert time.monotonic() < deadline
                time.sleep(0.005)
        thread.join(timeout=20)
        assert not thread.is_alive()
    return told[0] if told else None


@pytest.mark.parametrize(
    ("first", "second"),
    [("ab", "bc"), ("bc", "ab"), ("ab", "ba"), ("ba", "ab")],
    ids=[
        "A joins B, then B joins C",
        "B joins C, then A joins B",
        "A joins B, then B A",
        "B joins A, then A B",
    ],
)
def test_the_database_lets_no_two_transactions_make_a_chain_or_a_cycle(first, second):
    for _round in range(ROUNDS):
        ids = {name: factories.make_claim().pk for name in "abc"}
        error = joins_meet((ids[first[0]], ids[first[1]]), (ids[second[0]], ids[second[1]]))
        assert isinstance(error, psycopg.errors.ForeignKeyViolation), error
        assert "a_canonical_claim_has_no_canonical" in str(error)
        place = dict(Claim.objects.values_list("pk", "canonical_id"))
        assert place[ids[first[0]]] == ids[first[1]]
        assert place[ids[second[0]]] is None


def test_one_joins_another_while_that_joins_a_third():
    """Whoever comes second sees the family as it is by then, and all three end up in one."""
    by = [factories.make_user() for _ in range(2)]
    for _round in range(ROUNDS):
        a, b, c = (factories.make_claim() for _ in range(3))
        outcomes = forced_interleaving(
            lambda a=a, b=b: merge_families(a, into=b, by=by[0], note="The same."),
            lambda b=b, c=c: merge_families(b, into=c, by=by[1], note="The same."),
            over=b,
        )
        assert all(outcome.won for outcome in outcomes), outcomes
        assert canonical(a, b, c) == [None, a.pk, a.pk]
    check_all_families()


def test_two_claims_join_each_other():
    by = [factories.make_user() for _ in range(2)]
    for _round in range(ROUNDS):
        a, b = factories.make_claim(), factories.make_claim()
        outcomes = forced_interleaving(
            lambda a=a, b=b: merge_families(a, into=b, by=by[0], note="The same."),
            lambda a=a, b=b: merge_families(b, into=a, by=by[1], note="The same."),
            over=a,
        )
        assert refused(outcomes) == "in_one_family"
        assert canonical(a, b) == [None, a.pk]
    check_all_families()


def test_two_people_confirm_one_match():
    by = [factories.make_user() for _ in range(2)]
    for _round in range(ROUNDS):
        a, b = factories.make_claim(), factories.make_claim()
        match = factories.make_match(b, other=a)
        outcomes = forced_interleaving(
            *(lambda match=match, one=one: confirm_match(match, by=one) for one in by), over=a
        )
        assert refused(outcomes) == "already_decided"
    assert FamilyChange.objects.count() == ROUNDS
    check_all_families()


def test_a_claim_is_detached_while_another_is_confirmed_to_be_the_same():
    by = [factories.make_user() for _ in range(2)]
    for _round in range(ROUNDS):
        a, b, c = (factories.make_claim() for _ in range(3))
        confirm_match(factories.make_match(b, other=a), by=by[0])
        match = factories.make_match(c, other=b)
        outcomes = forced_interleaving(
            lambda match=match: confirm_match(match, by=by[0]),
            lambda b=b: detach_claim(b, by=by[1], note="Another year."),
            over=a,
        )
        assert all(outcome.won for outcome in outcomes), outcomes
        assert canonical(a, b, c) in ([None, None, b.pk], [None, None, a.pk])
    check_all_families()


def test_a_claim_is_dismissed_while_another_is_confirmed_to_be_the_same():
    by = [factories.make_user() for _ in range(2)]
    for _round in range(ROUNDS):
        a, b = factories.make_claim(), factories.make_claim()
        match = factories.make_match(b, other=a)
        outcomes = forced_interleaving(
            lambda match=match: confirm_match(match, by=by[0]),
            lambda a=a: dismiss_claim(a, by=by[1], reason="Satire."),
            over=a,
        )
        assert refused(outcomes) in ("in_family", "set_aside")
        a.refresh_from_db()
        assert (a.state == "dismissed") is (canonical(b) == [None])
    check_all_families()


def test_a_task_is_taken_while_its_claim_joins_a_family():
    checker = factories.make_user()
    for _round in range(ROUNDS):
        a, b = factories.make_claim(), factories.make_claim()
        factories.make_task(a)
        task = factories.make_task(b)
        merge_families(b, into=a, by=checker, note="The same.")
        taking, following = forced_interleaving(
            lambda task=task: take_task(task, by=checker),
            lambda a=a, b=b: follow_family([a.pk, b.pk]),
            over=task,
        )
        assert following.won, following
        task.refresh_from_db()
        assert task.state == ("taken" if taking.won else "cancelled")
        assert ReviewTask.objects.filter(claim__in=[a, b]).open().count() == 1


def carried(checker: Any) -> ReviewTask:
    """A task in the checker's hands on a claim whose canonical claim is published."""
    published = factories.make_publication(claim=factories.make_claim()).claim
    task = factories.make_taken_task(checker)
    confirm_match(factories.make_match(task.claim, known=published.known_claim), by=checker)
    return task


def test_a_verdict_is_carried_over_once():
    checker = factories.make_user()
    for _round in range(ROUNDS):
        task = carried(checker)
        outcomes = forced_interleaving(
            *[lambda task=task: carry_over_verdict(task.claim, by=checker)] * 2, over=task.claim
        )
        assert all(outcome.won for outcome in outcomes), outcomes
        assert Verdict.objects.filter(claim=task.claim).count() == 1
        assert Evidence.objects.filter(claim=task.claim).count() == 1


def test_what_a_person_saves_at_the_same_moment_is_never_lost():
    checker = factories.make_user()
    for _round in range(ROUNDS):
        task = carried(checker)
        words = {"rating": None, "summary": "In my words.", "rationale": ""}
        carrying, saving = forced_interleaving(
            lambda task=task: carry_over_verdict(task.claim, by=checker),
            lambda task=task, words=words: save_draft(task, by=checker, **words),
            over=task.claim,
        )
        assert saving.won, saving
        assert carrying.won or carrying.error.code == "draft_has_text"
        assert Verdict.objects.get(claim=task.claim).summary == "In my words."
