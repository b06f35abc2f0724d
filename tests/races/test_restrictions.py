"""Hiding a check while it is published, corrected, shown again, or hidden by somebody else: one order, and
never visible after it was hidden."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from django.test import Client

from claims.models import Claim, KnownClaim
from claimtracker.accounts.models import Role
from claimtracker.ledger.models import OutboxEvent
from reviews.actions.assignment import take_task
from reviews.actions.publishing import publish_verdict
from reviews.actions.recheck import open_recheck
from reviews.actions.restrictions import confirm_takedown, hide_check, lift_restriction, order_takedown
from reviews.actions.second_review import approve_verdict
from reviews.actions.verdicts import submit_verdict
from reviews.models import Publication, PublicCheck, Restriction
from tests import factories
from tests.reviews.test_restrictions import LETTER
from tests.support.races import forced_interleaving

pytestmark = pytest.mark.django_db(transaction=True)

WHY = {"reason": "safety", "note": "Somebody is threatened."}
ROUNDS = 5


def approved_correction(publication: Publication) -> tuple[Any, Any]:
    """A second verdict on the check, approved and not out yet, and who may publish it."""
    author, editor = factories.make_user(Role.CHECKER), factories.make_user(Role.EDITOR)
    task = open_recheck(publication.claim, by=editor, reason="It was revised.")
    words = {"summary": "Half of that.", "rationale": "The audited accounts list it line by line."}
    verdict = submit_verdict(take_task(task, by=author), by=author, rating=factories.make_rating(), **words)
    return approve_verdict(verdict, by=editor, revision=verdict.revision), editor


def test_hidden_while_a_correction_goes_out() -> None:
    moderator = factories.make_user(Role.MODERATOR)
    for _round in range(ROUNDS):
        publication = factories.make_publication()
        verdict, editor = approved_correction(publication)
        claim = Claim.objects.get(pk=publication.claim_id)
        outcomes = forced_interleaving(
            partial(hide_check, claim, by=moderator, **WHY),
            partial(publish_verdict, verdict, by=editor, change="correction", change_note="We were wrong."),
            over=claim,
        )
        assert [outcome.error for outcome in outcomes] == [None, None]
        assert Publication.objects.filter(claim=claim).count() == 2
        line = PublicCheck.everything.get(claim=claim)
        assert line.is_withheld and line.publication.number == 2
        assert not KnownClaim.objects.standing().filter(claim=claim).exists()
        assert Client().get(f"/fact-checks/{publication.slug}/").status_code == 410


def test_hidden_by_two_at_once_it_is_hidden_once() -> None:
    people = [factories.make_user(Role.MODERATOR) for _ in "ab"]
    for _round in range(ROUNDS):
        claim = factories.make_publication().claim
        calls = [partial(hide_check, claim, by=who, **WHY) for who in people]
        outcomes = forced_interleaving(*calls, over=claim)
        assert outcomes[0].value == outcomes[1].value
        assert Restriction.objects.filter(claim=claim).count() == 1
        told = OutboxEvent.objects.filter(type="claim.verdict_hidden", payload__claim=str(claim.public_id))
        assert told.count() == 1


def test_shown_again_while_a_takedown_is_ordered() -> None:
    first, other = (factories.make_user(Role.MODERATOR) for _ in "ab")
    for _round in range(ROUNDS):
        claim = factories.make_publication().claim
        hidden = hide_check(claim, by=first, **WHY)
        outcomes = forced_interleaving(
            partial(lift_restriction, hidden, by=first, note="All is well."),
            partial(order_takedown, claim, by=other, **LETTER),
            over=claim,
        )
        assert [outcome.error for outcome in outcomes] == [None, None]
        assert PublicCheck.everything.get(claim=claim).is_withheld, "the order keeps it from readers"


def test_two_confirm_at_once_and_one_has_done_it() -> None:
    orderer, *seconds = (factories.make_user(Role.MODERATOR) for _ in "abc")
    for _round in range(ROUNDS):
        claim = factories.make_publication().claim
        order = order_takedown(claim, by=orderer, **LETTER)
        calls = [partial(confirm_takedown, order, by=who, note="I read it.") for who in seconds]
        outcomes = forced_interleaving(*calls, over=claim)
        assert sorted(outcome.won for outcome in outcomes) == [False, True]
        assert order.steps.filter(act="confirmed").count() == 1
