"""A desk keeps a lead and, once it is closed, has no open task, whoever comes at the same moment."""

from __future__ import annotations

import pytest
from django.db import IntegrityError

from claimtracker.accounts.models import Desk, Membership, Role
from claimtracker.kernel.errors import ActionRefused
from reviews.actions.desks import close_desk, empty_desk, waits_to_be_moved
from reviews.actions.members import remove_member, set_role
from reviews.actions.routing import route_claim
from reviews.models import ReviewTask
from tests import factories
from tests.support.races import forced_interleaving

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(120)]


def test_of_two_leads_who_step_down_at_once_one_stays() -> None:
    desk = factories.make_desk()
    ana, boris = factories.make_user(Role.LEAD), factories.make_user(Role.LEAD)
    hers, his = Membership.objects.get(user=ana), Membership.objects.get(user=boris)
    outcomes = forced_interleaving(
        lambda: set_role(hers, by=ana, role=Role.EDITOR), lambda: remove_member(his, by=boris), over=desk
    )
    assert sorted(outcome.won for outcome in outcomes) == [False, True]
    (lost,) = [outcome.error for outcome in outcomes if not outcome.won]
    assert isinstance(lost, ActionRefused)
    assert "is the only lead" in lost.reason
    assert Membership.objects.filter(desk=desk, role=Role.LEAD).count() == 1


def test_a_task_that_comes_while_its_desk_closes_does_not_stay_there() -> None:
    heir = factories.make_desk()
    desk = factories.make_desk("world")
    lead = factories.make_user(Role.LEAD, desk)
    claim = factories.make_claim(article=factories.make_article(desk=desk))
    closed, routed = forced_interleaving(
        lambda: close_desk(desk, by=lead, into=heir), lambda: route_claim(claim.pk), over=desk
    )
    assert closed.won
    if not routed.won:  # the desk was closed first: its job runs again, and finds who took over
        assert isinstance(routed.error, IntegrityError)
        assert "this desk is closed" in str(routed.error)
        route_claim(claim.pk)
    row = Desk.objects.select_related("closed_into").get(pk=desk.pk)
    while waits_to_be_moved(row):
        empty_desk(row)
    assert ReviewTask.objects.get(claim=claim).desk == heir
