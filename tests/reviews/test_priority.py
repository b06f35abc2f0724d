"""The priority of tasks: from facts in the database, with its parts, and anew when they change."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims.actions.families import merge_families
from claimtracker.accounts.models import Role
from claimtracker.ledger.models import OutboxEvent
from claimtracker.settings.prioritising import weights_from
from reviews.actions.priority import refresh_priorities, weigh_after
from reviews.actions.recheck import open_recheck
from reviews.actions.routing import route_claim
from reviews.actions.second_review import dissent_from_verdict, request_changes
from reviews.models import ReviewTask
from reviews.selectors.rulebook import facts_of
from tests import factories

pytestmark = pytest.mark.django_db


def points(task: ReviewTask) -> dict[str, float]:
    task.refresh_from_db()
    return {part["part"]: part["points"] for part in task.priority_parts}


def hospital() -> ReviewTask:
    article = factories.make_article("The hospital lost 4 beds, Ann Lee said.")
    return factories.make_task(factories.make_claim("The hospital lost 4 beds", article=article))


def test_a_task_keeps_what_its_priority_is_made_of() -> None:
    factories.make_topic("Health", ["hospital"], harm=3)
    factories.make_rule(keywords=["beds"], lift=20, name="Beds")
    task = hospital()
    assert points(task) == {
        "check_worthiness": 40,
        "reach": 0,
        "harm": 15,
        "freshness": 10,
        "partners": 0,
        "rule": 20,
    }
    assert task.priority == 85
    assert [topic.name for topic in task.claim.route.topics.all()] == ["Health"]


def test_every_kind_of_task_says_what_its_priority_is_made_of() -> None:
    """Reviews wait as long as the claim is urgent; where people differ, or what is public may be wrong, all
    points are given, and it says why."""
    author, editor = factories.make_user(), factories.make_user(Role.EDITOR)
    task = hospital()
    first = factories.make_submitted_verdict(author, claim=task.claim)
    review = ReviewTask.objects.open().get(claim=task.claim)
    assert (review.kind, points(review)) == ("second_review", points(task))
    request_changes(first, by=editor, reason="Cite the accounts.")
    assert points(ReviewTask.objects.open().get(claim=task.claim)) == points(task)
    other = factories.make_submitted_verdict(author)
    adjudication = dissent_from_verdict(
        other, by=editor, revision=1, rating=factories.make_rating("true"), reason="I read it otherwise."
    )
    assert (points(adjudication)["raised"], adjudication.priority) == (100, 100)
    publication = factories.make_publication()
    lead = factories.make_user(Role.LEAD)
    recheck = open_recheck(publication.claim, by=lead, reason="The office revised it.")
    assert (points(recheck)["raised"], recheck.priority) == (100, 100)


def test_weights_are_settings(settings) -> None:
    settings.PRIORITY_WEIGHTS = weights_from({"check_worthiness": "100", "freshness": "0"})
    task = hospital()
    assert points(task)["check_worthiness"] == pytest.approx(80 * 100 / 140, abs=0.1)
    assert task.priority_until is None


@pytest.mark.parametrize(
    "given", [{"harmm": "3"}, {"harm": "much"}, {"harm": "-1"}, {"harm": "nan"}, {"harm": "inf"}]
)
def test_weights_that_are_none_stop_the_start(given: dict[str, str]) -> None:
    with pytest.raises(ImproperlyConfigured, match="PRIORITY_WEIGHTS"):
        weights_from(given)


def test_weights_of_nothing_stop_the_start() -> None:
    with pytest.raises(ImproperlyConfigured, match="not all zero"):
        weights_from(dict.fromkeys(weights_from({}), "0"))


def test_a_partner_that_sends_it_and_each_outlet_raise_the_reach_of_the_whole_family() -> None:
    task = hospital()
    partner = factories.make_partner("city-wire")
    copy = factories.make_submission(partner, "The hospital lost 4 beds, it was said. From the wire.")
    twin = factories.make_claim("The hospital lost 4 beds", article=copy)
    merge_families(twin, into=task.claim, by=factories.make_user(), note="The same words.")
    event = OutboxEvent.objects.get(type="family.changed")
    assert weigh_after(event) == 1
    found = points(task)
    assert (found["partners"], found["reach"]) == (6, pytest.approx(3.8, abs=0.1))
    assert weigh_after(event) == 0


def test_a_claim_that_appears_again_is_weighed_anew() -> None:
    task = hospital()
    before = points(task)["reach"]
    appearance = factories.make_another_appearance(task.claim, origin="desk:elsewhere")
    event = OutboxEvent.objects.create(
        type="claim.appeared",
        subject_type="claims.appearance",
        subject_id=str(appearance.pk),
        payload={"claim": task.claim_id},
        created_at=timezone.now(),
    )
    assert weigh_after(event) == 1
    assert points(task)["reach"] > before


def test_a_waiting_task_loses_freshness_step_by_step() -> None:
    old = factories.make_article(
        "The hospital lost 4 beds, Ann Lee said.", published_at=timezone.now() - timedelta(hours=8)
    )
    task = factories.make_task(factories.make_claim("The hospital lost 4 beds", article=old))
    assert points(task)["freshness"] == 9
    assert refresh_priorities() == 0
    later = timezone.now() - timedelta(seconds=1)
    type(old).objects.filter(pk=old.pk).update(published_at=timezone.now() - timedelta(hours=30))
    ReviewTask.objects.filter(pk=task.pk).update(priority_until=later)
    assert refresh_priorities() == 1
    assert points(task)["freshness"] == 6
    assert task.priority == 46
    assert task.priority_until > timezone.now()
    assert refresh_priorities() == 0


def test_a_priority_that_a_person_set_is_left_alone() -> None:
    task = hospital()
    ReviewTask.objects.filter(pk=task.pk).update(
        priority=100, priority_parts=[], priority_until=timezone.now() - timedelta(hours=1)
    )
    assert refresh_priorities() == 0
    task.refresh_from_db()
    assert task.priority == 100


def test_what_a_rule_added_stays_when_a_task_is_weighed_anew() -> None:
    factories.make_rule(lift=-15)
    task = hospital()
    ReviewTask.objects.filter(pk=task.pk).update(priority_until=timezone.now())
    refresh_priorities()
    assert points(task)["rule"] == -15
    assert task.priority == 35


def test_facts_of_many_claims_cost_as_many_queries_as_of_one() -> None:
    claims = [factories.make_claim() for _ in range(5)]
    for claim in claims:
        factories.make_another_appearance(claim)

    def cost(rows: list) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert len(facts_of(rows)) == len(rows)
        return len(queries)

    assert cost(claims[:1]) == cost(claims) == 3


def test_routing_does_not_read_the_texts_of_articles() -> None:
    claim = factories.make_claim()
    with CaptureQueriesContext(connection) as queries:
        route_claim(claim.pk)
    assert not [query["sql"] for query in queries if '"body"' in query["sql"]]
