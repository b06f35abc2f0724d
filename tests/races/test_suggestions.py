"""Decisions on one suggestion that meet, and equal suggestions at one moment."""

from __future__ import annotations

import pytest

from claims.actions.suggestions import accept_with_pages, let_suggestion_in, refuse_suggestion
from claims.models import ArticleFetch, CheckRequest, Claim, Suggestion
from claimtracker.accounts.models import Role
from claimtracker.intake.blocking import set_block
from claimtracker.intake.models import Block
from claimtracker.intake.tokens import new_token
from claimtracker.kernel.errors import ActionRefused
from tests import factories
from tests.races.test_feeds import at_once
from tests.support.races import forced_interleaving

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


def test_a_request_that_two_accept_is_one_claim_and_one_fetch() -> None:
    factories.make_desk()
    moderator = factories.make_user(Role.MODERATOR)
    request = factories.make_suggestion().request
    outcomes = forced_interleaving(
        lambda: accept_with_pages(request, by=moderator),
        lambda: accept_with_pages(request, by=moderator),
        over=request,
    )
    assert sorted(outcome.won for outcome in outcomes) == [False, True]
    assert all(outcome.won or isinstance(outcome.error, ActionRefused) for outcome in outcomes)
    assert (Claim.objects.count(), ArticleFetch.objects.count()) == (1, 1)


def test_one_that_is_let_in_while_another_refuses_it_is_let_in_in_the_end() -> None:
    factories.make_desk()
    moderator = factories.make_user(Role.MODERATOR)
    row = factories.make_suggestion("Buy pills now. " * 30, seconds=1.0)
    forced_interleaving(
        lambda: let_suggestion_in(row, by=moderator),
        lambda: refuse_suggestion(row, by=moderator, reason="No."),
        over=row,
    )
    row.refresh_from_db()
    # refused first it may still be let in; let in first, nothing refuses it
    assert (row.state, row.reason) == ("joined", "")


def test_equal_suggestions_at_one_moment_are_one_request_and_a_form_sent_twice_is_one() -> None:
    token = new_token()
    answers = at_once(*(lambda: factories.make_suggestion() for _ in range(6)))
    twice = at_once(*(lambda: factories.make_suggestion(token=token) for _ in range(4)))
    assert all(isinstance(one, Suggestion) for one in [*answers, *twice]), [*answers, *twice]
    assert CheckRequest.objects.count() == 1
    assert len({one.pk for one in answers}) == 6 and len({one.pk for one in twice}) == 1


def test_a_domain_that_two_block_is_blocked_once() -> None:
    moderator = factories.make_user(Role.MODERATOR)
    answers = at_once(
        *(lambda: set_block("domain", "hoax.example", by=moderator, reason="Hoaxes") for _ in range(4))
    )
    assert sorted(type(one).__name__ for one in answers) == ["ActionRefused"] * 3 + ["Block"]
    assert Block.objects.count() == 1
