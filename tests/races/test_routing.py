"""Leads who change the rules, and people who decide on a claim, at the same moment."""

from __future__ import annotations

import pytest

from claimtracker.accounts.models import Role
from claimtracker.kernel.errors import ActionRefused
from reviews.actions import routing_rules as actions
from reviews.actions.assignment import take_task
from reviews.actions.routing_rules import RuleFields
from reviews.actions.triage import check_triaged, dismiss_triaged
from reviews.models import ReviewTask, RoutingRule, Rulebook, TriageDecision
from tests import factories
from tests.support.drills import drill_size
from tests.support.races import forced_interleaving

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

ROUNDS = drill_size(3, long=8)


def order() -> list[str]:
    return list(RoutingRule.objects.order_by("position").values_list("name", flat=True))


def test_two_moves_at_once_lose_no_rule_and_share_no_place() -> None:
    leads = [factories.make_user(Role.LEAD), factories.make_user(Role.LEAD)]
    book = Rulebook.objects.create(pk=Rulebook.ONLY)
    a, b, c, d = (factories.make_rule(name=name) for name in "abcd")
    for _round in range(ROUNDS):
        first, second = forced_interleaving(
            lambda: actions.move_rule(d, by=leads[0], before=a),
            lambda: actions.move_rule(c, by=leads[1], before=b),
            over=book,
        )
        assert first.won and second.won, (first, second)
        assert order() == ["d", "a", "c", "b"]
        positions = list(RoutingRule.objects.order_by("position").values_list("position", flat=True))
        assert positions == [1, 2, 3, 4]
        for rule in (a, b, c, d):
            actions.move_rule(rule, by=leads[0], before=None)
        assert order() == ["a", "b", "c", "d"]


def test_two_new_rules_at_once_get_places_of_their_own() -> None:
    lead, desk = factories.make_user(Role.LEAD), factories.make_desk()
    book = Rulebook.objects.create(pk=Rulebook.ONLY)
    for _round in range(ROUNDS):
        outcomes = forced_interleaving(
            lambda: actions.create_rule(RuleFields(name="One", desk=desk), by=lead),
            lambda: actions.create_rule(RuleFields(name="Two", desk=desk), by=lead),
            over=book,
        )
        assert all(outcome.won for outcome in outcomes), outcomes
    assert RoutingRule.objects.count() == 2 * ROUNDS


def test_one_of_two_changes_of_the_same_words_wins() -> None:
    lead, desk = factories.make_user(Role.LEAD), factories.make_desk()
    book, rule = Rulebook.objects.create(pk=Rulebook.ONLY), factories.make_rule(desk)
    for revision in range(1, ROUNDS + 1):
        outcomes = forced_interleaving(
            lambda revision=revision: actions.change_rule(
                rule, RuleFields(name=f"a{revision}", desk=desk), by=lead, revision=revision
            ),
            lambda revision=revision: actions.change_rule(
                rule, RuleFields(name=f"b{revision}", desk=desk), by=lead, revision=revision
            ),
            over=book,
        )
        assert sorted(outcome.won for outcome in outcomes) == [False, True], outcomes
        (loser,) = (outcome for outcome in outcomes if not outcome.won)
        assert isinstance(loser.error, ActionRefused)
        assert loser.error.code == "changed_since"


def triage_task() -> ReviewTask:
    Rulebook.objects.get_or_create(pk=Rulebook.ONLY, defaults={"first_step": "triage"})
    return factories.make_task()


def test_one_of_two_decides_on_a_claim() -> None:
    ana, boris = factories.make_user(), factories.make_user()
    for _round in range(ROUNDS):
        task = triage_task()
        outcomes = forced_interleaving(
            lambda task=task: check_triaged(task, by=ana, reason="Many ask."),
            lambda task=task: dismiss_triaged(task, by=boris, reason="A joke."),
            over=task.claim,
        )
        assert sorted(outcome.won for outcome in outcomes) == [False, True], outcomes
        (loser,) = (outcome for outcome in outcomes if not outcome.won)
        assert isinstance(loser.error, ActionRefused), loser.error
    assert TriageDecision.objects.count() == ROUNDS


def test_who_takes_it_and_who_decides_do_not_both_win() -> None:
    ana, boris = factories.make_user(), factories.make_user()
    for _round in range(ROUNDS):
        task = triage_task()
        outcomes = forced_interleaving(
            lambda task=task: take_task(task, by=ana),
            lambda task=task: check_triaged(task, by=boris, reason="Many ask."),
            over=task,
        )
        assert sorted(outcome.won for outcome in outcomes) == [False, True], outcomes
        task.refresh_from_db()
        assert (task.state, task.assignee) in (("taken", ana), ("done", boris))
