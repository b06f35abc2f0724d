"""An invitation makes one account and wrong tries are all counted, however many come at the same moment."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator

from claimtracker.accounts.models import Role, User
from claimtracker.kernel.errors import ActionRefused
from claimtracker.signin.actions.failures import note_failure
from claimtracker.signin.actions.invitations import accept, invite
from claimtracker.signin.invitation_tokens import token_of
from claimtracker.signin.models import SignInFailure
from claimtracker.signin.second_factor import check_may_remove
from tests import factories
from tests.support.races import forced_interleaving

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(120)]


def test_of_two_who_have_the_mail_one_comes_in() -> None:
    desk = factories.make_desk()
    lead = factories.make_user(Role.LEAD, desk)
    row = invite(desk, by=lead, email="ann@example.org", role=Role.CHECKER)
    token = token_of(row)
    outcomes = forced_interleaving(
        lambda: accept(token, name="Ann Bell", password="tram-ticket-91x"),
        lambda: accept(token, name="A Thief", password="tram-ticket-92y"),
        over=row,
    )
    assert sorted(outcome.won for outcome in outcomes) == [False, True]
    (lost,) = [outcome.error for outcome in outcomes if not outcome.won]
    assert isinstance(lost, ActionRefused)
    assert User.objects.filter(email="ann@example.org").count() == 1


def test_two_wrong_tries_are_two() -> None:
    note_failure("ann@example.org", address="")
    row = SignInFailure.objects.get()
    outcomes = forced_interleaving(
        lambda: note_failure("ann@example.org", address=""),
        lambda: note_failure("ann@example.org", address=""),
        over=row,
    )
    assert all(outcome.won for outcome in outcomes)
    row.refresh_from_db()
    assert row.count == 3


def test_of_two_factors_that_are_removed_at_once_one_stays(settings: Any) -> None:
    settings.MFA_ROLES = frozenset({"lead"})
    lead = factories.make_user(Role.LEAD)
    keys = [Authenticator.objects.create(user=lead, type=kind, data={}) for kind in ("totp", "webauthn")]

    def remove(key: Authenticator) -> None:
        from django.db import transaction

        with transaction.atomic():
            check_may_remove(key)
            key.delete()

    outcomes = forced_interleaving(lambda: remove(keys[0]), lambda: remove(keys[1]), over=lead)
    assert sorted(outcome.won for outcome in outcomes) == [False, True]
    assert Authenticator.objects.filter(user=lead).count() == 1
