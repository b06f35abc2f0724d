"""Leads keep the rules: each change under one lock, with what was there before in the audit."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from claimtracker.accounts.models import Role
from claimtracker.kernel.errors import ActionRefused, NotPermitted
from claimtracker.ledger.models import AuditEntry
from reviews.actions import routing_rules as actions
from reviews.actions.routing_rules import RuleFields
from reviews.actions.topics import remove_topic, save_topic
from reviews.models import RoutingRule, Rulebook, Topic
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(db: None):
    return factories.make_user(Role.LEAD)


def names() -> list[str]:
    return list(RoutingRule.objects.order_by("position").values_list("name", flat=True))


def wanted(**fields: object) -> RuleFields:
    return RuleFields(**{"name": "Beds", "desk": factories.make_desk(), **fields})


def test_a_new_rule_comes_last_with_all_that_was_written(lead) -> None:
    factories.make_rule(position=41)
    topic, desk = factories.make_topic(), factories.make_desk("health")
    editor = factories.make_user(Role.EDITOR)
    rule = actions.create_rule(
        wanted(
            keywords=("bed", "ward"),
            topics=[topic.pk],
            came_in_at=[desk.pk],
            approval="named",
            reviewers=[editor.pk],
            lift=-5,
        ),
        by=lead,
    )
    rule.refresh_from_db()
    assert (rule.position, rule.keywords, rule.lift) == (42, ["bed", "ward"], -5)
    assert (list(rule.topics.all()), list(rule.came_in_at.all())) == ([topic], [desk])
    assert list(rule.reviewers.all()) == [editor]
    assert AuditEntry.objects.get(verb="routing_rule.created").details["keywords"] == ["bed", "ward"]
    assert Rulebook.objects.get().revision == 1


@pytest.mark.parametrize("role", [None, Role.REPORTER, Role.CHECKER, Role.EDITOR])
def test_only_leads_and_moderators_change_rules(role: Role | None) -> None:
    person, rule = factories.make_user(role), factories.make_rule()
    for act in (
        lambda: actions.create_rule(wanted(), by=person),
        lambda: actions.change_rule(rule, wanted(), by=person, revision=1),
        lambda: actions.move_rule(rule, by=person, before=None),
        lambda: actions.switch_rule(rule, by=person, is_active=False),
        lambda: actions.remove_rule(rule, by=person),
        lambda: actions.change_otherwise(
            by=person, desk=None, deadline_hours=None, first_step="triage", revision=0
        ),
        lambda: save_topic(None, by=person, name="Health", words=["bed"], harm=1),
    ):
        with pytest.raises(NotPermitted, match="Only leads"):
            act()
    assert not AuditEntry.objects.filter(verb__startswith="routing_rule").exists()


@pytest.mark.parametrize("role", [Role.LEAD, Role.MODERATOR])
def test_leads_and_moderators_do(role: Role) -> None:
    assert actions.create_rule(wanted(), by=factories.make_user(role)).pk


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": " "}, "name"),
        ({"min_score": 0.6, "max_score": 0.5}, "max_score"),
        ({"max_score": 1.1}, "max_score"),
        ({"deadline_hours": 0}, "deadline_hours"),
        ({"deadline_hours": 9000}, "deadline_hours"),
        ({"lift": 101}, "lift"),
        ({"approval": "named"}, "reviewers"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(lead, fields: dict, field: str) -> None:
    with pytest.raises(ActionRefused) as refusal:
        actions.create_rule(wanted(**fields), by=lead)
    assert refusal.value.field == field
    assert not RoutingRule.objects.exists()


def test_only_who_can_approve_at_the_desk_is_named(lead) -> None:
    checker = factories.make_user(Role.CHECKER, name="Cem Ay")
    elsewhere = factories.make_user(Role.EDITOR, factories.make_desk("world"), name="Eva Roe")
    with pytest.raises(ActionRefused, match="Cem Ay, Eva Roe"):
        actions.create_rule(wanted(approval="named", reviewers=[checker.pk, elsewhere.pk]), by=lead)


def test_a_change_is_kept_with_what_was_there_before(lead) -> None:
    rule = factories.make_rule(name="Beds", keywords=["bed"], reviewers=[lead])
    changed = actions.change_rule(
        rule, wanted(keywords=("bed", "ward"), reviewers=[lead.pk]), by=lead, revision=1
    )
    assert (changed.keywords, changed.revision) == (["bed", "ward"], 2)
    details = AuditEntry.objects.get(verb="routing_rule.changed").details
    assert details == {"name": "Beds", "changes": {"keywords": [["bed"], ["bed", "ward"]]}}
    again = actions.change_rule(
        changed, wanted(keywords=("bed", "ward"), reviewers=[lead.pk]), by=lead, revision=2
    )
    assert again.revision == 2


def test_nobody_overwrites_what_they_have_not_seen(lead) -> None:
    rule = factories.make_rule()
    actions.change_rule(rule, wanted(), by=lead, revision=1)
    with pytest.raises(ActionRefused, match="changed this since"):
        actions.change_rule(rule, wanted(name="Wards"), by=lead, revision=1)
    assert names() == ["Beds"]


def test_a_rule_is_moved_before_another_or_to_the_end(lead) -> None:
    a, b, c = (factories.make_rule(name=name) for name in "abc")
    actions.move_rule(c, by=lead, before=a)
    assert names() == ["c", "a", "b"]
    actions.move_rule(c, by=lead, before=None)
    assert names() == ["a", "b", "c"]
    actions.move_rule(b, by=lead, before=c)
    assert names() == ["a", "b", "c"]
    moved = AuditEntry.objects.filter(verb="routing_rule.moved").order_by("id")
    assert [(entry.details["from"], entry.details["to"]) for entry in moved] == [(3, 1), (1, 3)]
    assert list(RoutingRule.objects.order_by("position").values_list("position", flat=True)) == [1, 2, 3]


def test_what_was_removed_is_not_moved_changed_or_switched(lead) -> None:
    rule, other = factories.make_rule(), factories.make_rule()
    actions.remove_rule(rule, by=lead)
    for act in (
        lambda: actions.move_rule(rule, by=lead, before=None),
        lambda: actions.move_rule(other, by=lead, before=rule),
        lambda: actions.change_rule(rule, wanted(), by=lead, revision=1),
        lambda: actions.switch_rule(rule, by=lead, is_active=False),
        lambda: actions.remove_rule(rule, by=lead),
    ):
        with pytest.raises(ActionRefused, match="removed this rule"):
            act()


def test_a_rule_that_is_switched_off_is_passed_over_until_it_is_on_again(lead) -> None:
    night = factories.make_desk("night")
    factories.make_desk()
    rule = factories.make_rule(night)
    actions.switch_rule(rule, by=lead, is_active=False)
    home = factories.make_desk("home")
    article = factories.make_article(desk=home)
    assert factories.make_task(factories.make_claim(article=article)).desk == home
    actions.switch_rule(rule, by=lead, is_active=True)
    assert factories.make_task().desk == night


def test_what_no_rule_matches_is_changed_by_who_saw_the_newest(lead) -> None:
    night = factories.make_desk("night")
    book = actions.change_otherwise(by=lead, desk=night, deadline_hours=5, first_step="triage", revision=0)
    assert (book.revision, book.desk, book.first_step) == (1, night, "triage")
    with pytest.raises(ActionRefused, match="changed this since"):
        actions.change_otherwise(by=lead, desk=None, deadline_hours=5, first_step="triage", revision=0)
    with pytest.raises(ActionRefused, match="one hour to a year"):
        actions.change_otherwise(by=lead, desk=None, deadline_hours=0, first_step="triage", revision=1)


def test_topics_are_made_changed_and_removed(lead) -> None:
    topic = save_topic(None, by=lead, name=" Public  health ", words=["bed", " "], harm=2)
    assert (topic.name, topic.slug, topic.words, topic.harm) == ("Public health", "public-health", ["bed"], 2)
    again = save_topic(topic, by=lead, name="Health", words=["ward"], harm=3)
    assert (again.pk, again.slug, again.words) == (topic.pk, "public-health", ["ward"])
    remove_topic(again, by=lead)
    assert not Topic.objects.exists()
    assert Rulebook.objects.get().revision == 3


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": "…"}, "name"),
        ({"words": [" "]}, "words"),
        ({"name": "health"}, "name"),
    ],
)
def test_a_topic_that_cannot_be_is_refused_at_its_field(lead, fields: dict, field: str) -> None:
    factories.make_topic("Health")
    with pytest.raises(ActionRefused) as refusal:
        save_topic(None, by=lead, **{"name": "Law", "words": ["court"], "harm": 0, **fields})
    assert refusal.value.field == field


def test_a_topic_that_a_rule_asks_for_stays(lead) -> None:
    topic = factories.make_topic()
    factories.make_rule(name="Hospitals", topics=[topic])
    with pytest.raises(ActionRefused, match="“Hospitals”"):
        remove_topic(topic, by=lead)


@pytest.mark.parametrize(
    "fields",
    [
        {"min_score": 0.6, "max_score": 0.5},
        {"max_score": 1.5},
        {"min_score": -0.1},
        {"lift": 101},
        {"deadline_hours": 0},
    ],
)
def test_the_database_refuses_a_rule_that_cannot_be(fields: dict) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.make_rule(**fields)


def test_the_database_refuses_two_rules_at_one_place() -> None:
    factories.make_rule(position=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.make_rule(position=1)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_database_refuses_a_second_rulebook() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Rulebook.objects.create(pk=2)
