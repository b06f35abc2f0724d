"""Two people flag one thing at once, two moderators decide at once: one case, one decision."""

from __future__ import annotations

from functools import partial

import pytest

from claimtracker.accounts.models import Role
from reviews.actions.discussion import add_comment
from reviews.actions.flags import dismiss_case, escalate_case, flag, reopen_case, resolve_case
from reviews.models import Flag, FlagCase, FlagStep, Notification
from tests import factories
from tests.support.races import forced_interleaving

pytestmark = pytest.mark.django_db(transaction=True)

WHY = {"reason": "threat", "note": "Somebody is threatened."}
ROUNDS = 5


@pytest.mark.parametrize("of_comment", [False, True])
def test_two_people_flag_one_thing_and_it_is_one_case(of_comment: bool) -> None:
    people = [factories.make_user(Role.REPORTER) for _ in "ab"]
    moderator, checker = factories.make_user(Role.MODERATOR), factories.make_user()
    for _round in range(ROUNDS):
        claim = factories.make_claim()
        comment = add_comment(claim, by=checker, text="I know it.").comment if of_comment else None
        calls = [partial(flag, claim, by=who, comment=comment, **WHY) for who in people]
        outcomes = forced_interleaving(*calls, over=claim)
        assert [outcome.error for outcome in outcomes] == [None, None]
        assert FlagCase.objects.get(claim=claim).flags.count() == 2
        told = Notification.objects.filter(kind="flagged", claim=claim, user=moderator)
        assert told.count() == 1


def test_one_person_flags_in_two_windows_and_it_is_one_flag() -> None:
    person = factories.make_user(Role.REPORTER)
    for _round in range(ROUNDS):
        claim = factories.make_claim()
        call = partial(flag, claim, by=person, **WHY)
        outcomes = forced_interleaving(call, call, over=claim)
        assert outcomes[0].value == outcomes[1].value
        assert Flag.objects.filter(case__claim=claim).count() == 1


def test_two_moderators_decide_and_one_has_done_it() -> None:
    first, other = (factories.make_user(Role.MODERATOR) for _ in "ab")
    person = factories.make_user(Role.REPORTER)
    for _round in range(ROUNDS):
        claim = factories.make_claim()
        case = flag(claim, by=person, **WHY).case
        outcomes = forced_interleaving(
            partial(dismiss_case, case, by=first, note="It is nothing."),
            partial(resolve_case, case, by=other, note="It is gone."),
            over=claim,
        )
        assert sorted(outcome.won for outcome in outcomes) == [False, True]
        assert FlagStep.objects.filter(case=case).count() == 1
        assert Notification.objects.filter(kind="flagged", claim=claim, user=person).count() == 1


def test_it_is_decided_while_somebody_else_is_asked() -> None:
    first, other, named = (factories.make_user(Role.MODERATOR) for _ in "abc")
    for _round in range(ROUNDS):
        claim = factories.make_claim()
        case = flag(claim, by=factories.make_user(), **WHY).case
        outcomes = forced_interleaving(
            partial(dismiss_case, case, by=first, note="It is nothing."),
            partial(escalate_case, case, by=other, to=named, note="You know them."),
            over=claim,
        )
        assert sorted(outcome.won for outcome in outcomes) == [False, True]
        case.refresh_from_db()
        assert case.state == ("dismissed" if outcomes[0].won else "escalated")


def test_it_is_flagged_again_while_the_decision_is_taken_back() -> None:
    moderator = factories.make_user(Role.MODERATOR)
    for _round in range(ROUNDS):
        claim = factories.make_claim()
        case = flag(claim, by=factories.make_user(), **WHY).case
        dismiss_case(case, by=moderator, note="It is nothing.")
        back, again = forced_interleaving(
            partial(reopen_case, case, by=moderator),
            partial(flag, claim, by=factories.make_user(), **WHY),
            over=claim,
        )
        assert again.won, again.error
        assert FlagCase.objects.open().filter(claim=claim).count() == 1
        assert (again.value.case == case) is back.won
