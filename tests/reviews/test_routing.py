"""Every standing claim has its task at a desk, with a sentence why."""

from __future__ import annotations

import pytest

from claims.actions.curation import restore_claim
from claimtracker.accounts.models import Role
from claimtracker.jobs.models import Job
from claimtracker.kernel.errors import ActionRefused, NotPermitted
from reviews import policies
from reviews.actions.routing import route_claim, route_missing
from reviews.actions.triage import dismiss_from_review
from reviews.actions.verdicts import approve_verdict
from reviews.models import ReviewTask, RoutingRule, Rulebook
from reviews.selectors.queue import QueueFilter, queue_page
from tests import factories

pytestmark = pytest.mark.django_db


def test_the_first_matching_rule_decides_and_says_why():
    health = factories.make_desk("health")
    claim = factories.make_claim(
        article=factories.make_article("The hospital lost 4 beds, Ann Lee said."),
        quote="The hospital lost 4 beds",
    )
    RoutingRule.objects.create(position=2, name="Everything", desk=factories.make_desk())
    RoutingRule.objects.create(
        position=1, name="Hospitals", desk=health, keywords=["Hospital"], deadline_hours=12
    )
    RoutingRule.objects.create(position=0, name="Switched off", desk=factories.make_desk(), is_active=False)

    task = route_claim(claim.pk)

    assert task.desk == health
    assert task.why.startswith("Rule “Hospitals” (“Hospital”); check-worthiness 0.80: a number: million")
    assert (task.priority, sum(part["points"] for part in task.priority_parts)) == (50, 50)
    assert 11.9 < (task.due_at - task.created_at).total_seconds() / 3600 < 12.1
    claim.refresh_from_db()
    assert claim.desk == health


@pytest.mark.parametrize(
    ("rule", "matches"),
    [
        ({"min_score": 0.9}, False),
        ({"kinds": ["cause"]}, False),
        ({"kinds": ["quantity"]}, True),
        ({"keywords": ["moon"]}, False),
    ],
)
def test_every_condition_of_a_rule_must_hold(rule, matches):
    elsewhere = factories.make_desk("health")
    claim = factories.make_claim()
    RoutingRule.objects.create(name="Rule", desk=elsewhere, **rule)
    task = route_claim(claim.pk)
    assert (task.desk == elsewhere) is matches
    assert ("No rule matched" in task.why) is not matches


def test_routing_twice_opens_one_task():
    claim = factories.make_claim()
    assert route_claim(claim.pk) is not None
    assert route_claim(claim.pk) is None
    assert ReviewTask.objects.count() == 1


def test_a_dismissed_claim_loses_its_task_and_gets_one_back_when_restored():
    checker = factories.make_user()
    task = factories.make_task()
    dismiss_from_review(task.claim, by=checker, reason="Not of public interest.")
    task.refresh_from_db()
    assert task.state == "cancelled"
    restore_claim(task.claim, by=checker)
    assert route_claim(task.claim_id).state == "queued"


def test_a_claim_with_a_waiting_verdict_is_not_dismissed():
    author = factories.make_user()
    verdict = factories.make_submitted_verdict(author)
    with pytest.raises(ActionRefused, match="Return it first"):
        dismiss_from_review(verdict.claim, by=author, reason="Enough.")


def test_the_sweep_finds_claims_that_nobody_routed():
    claim = factories.make_claim()
    Job.objects.all().delete()
    assert route_missing() == 1
    assert Job.objects.get().object_id == str(claim.pk)
    route_claim(claim.pk)
    assert route_missing() == 0


@pytest.mark.parametrize(
    ("approval", "named", "who"),
    [("anyone", False, "editor lead other"), ("lead", False, "lead"), ("named", True, "editor lead")],
)
def test_a_rule_says_who_has_to_be_the_second_person(approval, named, who):
    people = {"editor": factories.make_user(Role.EDITOR), "lead": factories.make_user(Role.LEAD)}
    people["other"] = factories.make_user(Role.EDITOR)
    reviewers = [people["editor"]] if named else []
    factories.make_rule(name="Libel risk", approval=approval, reviewers=reviewers)
    verdict = factories.make_submitted_verdict(factories.make_user())
    task = ReviewTask.objects.get(kind="second_review")
    for name, person in people.items():
        allowed = name in who.split()
        assert bool(policies.can_take_task(person, task)) is allowed, name
        decision = policies.can_approve_verdict(person, verdict, desk=task.desk)
        assert bool(decision) is allowed, name
        assert allowed or "Rule “Libel risk”" in decision.reason
        listed = {row.pk for row in queue_page(person, QueueFilter("takeable")).tasks}
        assert (task.pk in listed) is allowed, name


def test_an_approval_by_somebody_who_is_not_asked_is_refused():
    factories.make_rule(name="Libel risk", approval="lead")
    verdict = factories.make_submitted_verdict(factories.make_user())
    with pytest.raises(NotPermitted, match="asks for a lead"):
        approve_verdict(verdict, by=factories.make_user(Role.EDITOR), revision=verdict.revision)
    approve_verdict(verdict, by=factories.make_user(Role.LEAD), revision=verdict.revision)


def test_a_rule_that_changes_later_does_not_change_what_was_asked_for():
    rule = factories.make_rule(approval="lead", name="Libel risk")
    verdict = factories.make_submitted_verdict(factories.make_user())
    rule.delete()
    decision = policies.can_approve_verdict(
        factories.make_user(Role.EDITOR), verdict, desk=verdict.claim.desk
    )
    assert "Libel risk" in decision.reason


def test_what_no_rule_matches_goes_to_the_desk_that_a_lead_chose():
    default = factories.make_desk("night")
    Rulebook.objects.create(pk=Rulebook.ONLY, desk=default, deadline_hours=6)
    factories.make_rule(keywords=["moon"])
    task = factories.make_task()
    assert task.desk == default
    assert task.why.startswith("No rule matched, so it went to the desk for everything else; ")
    assert 5.9 < (task.due_at - task.created_at).total_seconds() / 3600 < 6.1
