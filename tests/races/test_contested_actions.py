"""Two people meet over one row with both having looked before either writes: exactly one wins, every time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from claimtracker.accounts.models import Role
from claimtracker.kernel.errors import ActionRefused
from claimtracker.ledger.models import AuditEntry
from reviews.actions.assignment import release_task, take_task
from reviews.actions.publishing import publish_verdict
from reviews.actions.rereading import reread_version
from reviews.actions.triage import dismiss_from_review
from reviews.actions.verdicts import approve_verdict, request_changes, submit_verdict
from reviews.models import Publication, ReviewTask, Verdict
from tests import factories
from tests.support.drills import drill_size
from tests.support.races import Outcome, forced_interleaving
from tests.support.readings import first_reading, found, reading

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

ROUNDS = drill_size(10, long=50)  # for the two that the product is judged by
FEW = drill_size(4, long=8)


def one_winner(outcomes: tuple[Outcome, Outcome]) -> Outcome:
    """The winner's outcome; the loser must have been refused with a sentence, not with a database error."""
    winners = [outcome for outcome in outcomes if outcome.won]
    losers = [outcome for outcome in outcomes if not outcome.won]
    assert (len(winners), len(losers)) == (1, 1), outcomes
    assert isinstance(losers[0].error, ActionRefused), losers[0].error
    return winners[0]


def race(
    make: Callable[[], Any], first: Callable[[Any], Any], second: Callable[[Any], Any], *, rounds: int
) -> None:
    """``rounds`` forced meetings over what ``make`` gives: what to act on, and the row that both lock."""
    for _round in range(rounds):
        row, over = make()
        one_winner(forced_interleaving(lambda row=row: first(row), lambda row=row: second(row), over=over))


def test_one_of_two_takes_a_task():
    ana, boris = factories.make_user(), factories.make_user()

    def make() -> tuple[ReviewTask, ReviewTask]:
        task = factories.make_task()
        return task, task

    race(make, lambda task: take_task(task, by=ana), lambda task: take_task(task, by=boris), rounds=ROUNDS)

    assert ReviewTask.objects.filter(state="taken").count() == ROUNDS
    assert AuditEntry.objects.filter(verb="review_task.taken").count() == ROUNDS


def test_one_of_two_approves_a_verdict():
    author = factories.make_user()
    editors = [factories.make_user(Role.EDITOR), factories.make_user(Role.LEAD)]

    def make() -> tuple[Verdict, Any]:
        verdict = factories.make_submitted_verdict(author)
        return verdict, verdict.claim

    race(
        make,
        lambda verdict: approve_verdict(verdict, by=editors[0], revision=1),
        lambda verdict: approve_verdict(verdict, by=editors[1], revision=1),
        rounds=ROUNDS,
    )

    assert Verdict.objects.filter(state="approved").count() == ROUNDS
    assert AuditEntry.objects.filter(verb="verdict.approved").count() == ROUNDS


def test_an_approval_and_a_return_never_both_happen():
    author = factories.make_user()
    editors = [factories.make_user(Role.EDITOR), factories.make_user(Role.LEAD)]

    def make() -> tuple[Verdict, Any]:
        verdict = factories.make_submitted_verdict(author)
        return verdict, verdict.claim

    race(
        make,
        lambda verdict: approve_verdict(verdict, by=editors[0], revision=1),
        lambda verdict: request_changes(verdict, by=editors[1], reason="Cite the accounts."),
        rounds=FEW,
    )
    assert Verdict.objects.filter(state__in=("approved", "returned")).count() == FEW


def test_a_verdict_is_published_once():
    author, editor, lead = (
        factories.make_user(),
        factories.make_user(Role.EDITOR),
        factories.make_user(Role.LEAD),
    )

    def make() -> tuple[Verdict, Any]:
        verdict = factories.make_approved_verdict(author, editor)
        return verdict, verdict.claim

    race(
        make,
        lambda verdict: publish_verdict(verdict, by=editor),
        lambda verdict: publish_verdict(verdict, by=lead),
        rounds=FEW,
    )
    assert Publication.objects.count() == FEW


def test_a_proposal_and_a_dismissal_never_both_happen():
    author, colleague = factories.make_user(), factories.make_user()

    def make() -> tuple[ReviewTask, Any]:
        task = factories.make_taken_task(author)
        factories.make_evidence(task.claim, author)
        return task, task.claim

    rating = factories.make_rating()
    race(
        make,
        lambda task: submit_verdict(
            task, by=author, rating=rating, summary="A third.", rationale="The accounts list it line by line."
        ),
        lambda task: dismiss_from_review(task.claim, by=colleague, reason="Not of public interest."),
        rounds=FEW,
    )


def test_a_task_is_given_back_once():
    checker, lead = factories.make_user(), factories.make_user(Role.LEAD)

    def make() -> tuple[ReviewTask, ReviewTask]:
        task = factories.make_taken_task(checker)
        return task, task

    race(
        make,
        lambda task: release_task(task, by=checker),
        lambda task: release_task(task, by=lead),
        rounds=FEW,
    )


def test_a_claim_that_is_taken_is_not_withdrawn_by_a_reading_at_the_same_moment():
    """Whoever locks the task first wins: taken with its claim kept, or cancelled and not taken."""
    checker = factories.make_user()
    for _round in range(FEW):
        version = factories.make_article().versions.select_related("article__desk").get()
        first_reading(version, found(version, version.body.split(",")[0]))
        task = factories.make_task(version.appearances.get().claim)
        outcomes = forced_interleaving(
            lambda task=task: take_task(task, by=checker),
            lambda version=version: reread_version(version, analysis=reading()),
            over=task,
        )
        task.refresh_from_db()
        assert outcomes[1].won, outcomes
        expected = ("taken", "suggested") if outcomes[0].won else ("cancelled", "withdrawn")
        assert (task.state, task.claim.state) == expected
