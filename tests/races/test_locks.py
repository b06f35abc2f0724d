"""A lock that had to wait gives the row as it is now, with what hangs on it now."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from claims.actions.curation import lock_claim, place_claim
from claims.actions.family_moves import lock_families
from claims.models import Claim
from claimtracker.accounts.models import Desk
from reviews.actions.assignment import lock_task, take_task
from reviews.models import ReviewTask
from tests import factories
from tests.support.races import Outcome, forced_interleaving

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 6


def both(first: Callable[[], Any], second: Callable[[], Any], over: Any) -> tuple[Outcome, Outcome]:
    outcomes = forced_interleaving(transaction.atomic(first), transaction.atomic(second), over=over)
    assert all(outcome.won for outcome in outcomes), outcomes
    return outcomes


def test_a_claim_that_moves_to_another_desk_meanwhile_is_locked_all_the_same() -> None:
    """The chaos run found it: a lookup that waited for routing was told that there is no such claim."""
    desks = factories.make_desk("news"), factories.make_desk("health")
    claim = factories.make_claim(article=factories.make_article(desk=desks[0]))

    def move() -> Desk:
        locked = lock_claim(claim.pk)
        place_claim(locked, desk=next(desk for desk in desks if desk.pk != locked.desk_id))
        return locked.desk

    def look() -> Desk:
        return lock_claim(claim.pk).desk

    def look_at_family() -> Desk:
        return lock_families([claim.pk]).claims[claim.pk].desk

    for number in range(ROUNDS):
        _moved, seen = both(move, look if number % 2 else look_at_family, over=claim)
        assert seen.value in desks
    assert Claim.objects.get(pk=claim.pk).desk in desks


def test_a_task_that_is_taken_meanwhile_shows_who_took_it() -> None:
    ana = factories.make_user()

    def look(task: ReviewTask) -> tuple[str, str]:
        locked = lock_task(task.pk)
        return locked.state, str(locked.assignee or "nobody")

    for _round in range(ROUNDS):
        task = factories.make_task()
        _taken, seen = both(lambda: take_task(task, by=ana), lambda: look(task), over=task)  # noqa: B023 - called here
        assert seen.value in (("queued", "nobody"), ("taken", str(ana)))
