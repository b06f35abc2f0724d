"""The queue: who sees what, in which order, at a constant cost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claimtracker.accounts.models import Membership, Role
from reviews import policies
from reviews.actions.assignment import take_task
from reviews.actions.publishing import publish_verdict
from reviews.models import ReviewTask
from reviews.queue_query import Term
from reviews.selectors.queue import QueueFilter, queue_counts, queue_page
from tests import factories

pytestmark = pytest.mark.django_db


def rows(response):
    return [row.task for row in response.context["rows"]]


def test_the_anonymous_are_sent_to_sign_in(client):
    response = client.get("/queue/?show=late")
    assert response.status_code == 302
    assert response["Location"] == "/account/login/?next=/queue/%3Fshow%3Dlate"


def test_a_person_sees_the_tasks_of_their_desks_only(client):
    politics, world = factories.make_desk("politics"), factories.make_desk("world")
    ours = factories.make_task(factories.make_claim(article=factories.make_article(desk=politics)))
    factories.make_task(factories.make_claim(article=factories.make_article(desk=world)))
    client.force_login(factories.make_user(desk=politics))
    assert rows(client.get("/queue/?show=all")) == [ours]
    client.force_login(factories.make_user(None))
    assert rows(client.get("/queue/?show=all")) == []
    client.force_login(factories.make_user(Role.MODERATOR, desk=factories.make_desk("house")))
    assert len(rows(client.get("/queue/?show=all"))) == 2


def test_the_most_important_task_comes_first(client):
    low, high = (factories.make_task(factories.make_claim(score=score)) for score in (0.2, 0.9))
    client.force_login(factories.make_user())
    assert rows(client.get("/queue/")) == [high, low]


def test_every_tab_counts_and_lists_the_same_tasks(client):
    checker, editor = factories.make_user(), factories.make_user(Role.EDITOR)
    factories.make_task()
    factories.make_taken_task(checker)
    factories.make_submitted_verdict(checker)
    factories.make_approved_verdict(checker, editor)
    publish_verdict(factories.make_approved_verdict(checker, editor), by=editor)
    late = factories.make_task()
    ReviewTask.objects.filter(pk=late.pk).update(due_at=timezone.now() - timedelta(minutes=25))
    client.force_login(editor)
    expected = {"takeable": 3, "mine": 0, "second": 1, "publish": 1, "late": 1, "all": 4}
    for show, count in expected.items():
        response = client.get(f"/queue/?show={show}")
        assert len(rows(response)) == count, show
        assert {tab.label: tab.count for tab in response.context["tabs"] if tab.current} == {
            next(tab.label for tab in response.context["tabs"] if tab.current): count
        }
    assert "late by 25 min" in client.get("/queue/?show=late").text


def test_can_take_is_exactly_what_the_policy_allows():
    desk, other = factories.make_desk("politics"), factories.make_desk("world")
    people = [factories.make_user(role) for role in Role.values] + [
        factories.make_user(Role.LEAD, desk=other)
    ]
    both = factories.make_user(Role.REPORTER)
    Membership.objects.create(user=both, desk=other, role=Role.EDITOR)
    checker, lead = people[1], people[3]
    factories.make_task()
    factories.make_task(factories.make_claim(article=factories.make_article(desk=other)))
    factories.make_taken_task(checker)
    factories.make_submitted_verdict(lead)
    factories.make_submitted_verdict(checker)
    everything = ReviewTask.objects.select_related("desk", "assignee")
    for person in [*people, both]:
        person = type(person).objects.get(pk=person.pk)
        listed = {task.pk for task in queue_page(person, QueueFilter("takeable")).tasks}
        assert listed == {task.pk for task in everything if policies.can_take_task(person, task)}, person
    assert desk.review_tasks.exists()


def test_a_desk_and_a_kind_narrow_the_list(client):
    politics, world = factories.make_desk("politics"), factories.make_desk("world")
    lead = factories.make_user(Role.LEAD, desk=politics)
    Membership.objects.create(user=lead, desk=world, role=Role.LEAD)
    factories.make_task()
    there = factories.make_task(factories.make_claim(article=factories.make_article(desk=world)))
    second = factories.make_submitted_verdict(factories.make_user(desk=politics)).claim.review_tasks.first()
    client.force_login(lead)
    assert rows(client.get("/queue/?desk=world")) == [there]
    kinds = {task.kind for task in rows(client.get("/queue/?kind=second_review"))}
    assert (kinds, second is not None) == ({"second_review"}, True)
    assert "No task fits this query" in client.get("/queue/?desk=world&kind=second_review").text


def test_pages_follow_each_other_without_gap_or_overlap():
    user = factories.make_user()
    for score in (0.9, 0.5, 0.5, 0.5, 0.1):
        factories.make_task(factories.make_claim(score=score))
    seen, cursor = [], ""
    while True:
        page = queue_page(user, QueueFilter.from_query({"after": cursor}), size=2)
        seen += [task.pk for task in page.tasks]
        cursor = page.next_cursor
        if not cursor:
            break
    assert seen == list(ReviewTask.objects.order_by("-priority", "id").values_list("pk", flat=True))


@pytest.mark.parametrize(
    "query",
    [
        "after=x",
        "after=9",
        "after=-1--1",
        "after=9" + "9" * 40 + "-1",
        "show=nonsense",
        "kind=%00",
        "desk=%27",
        "desk=%00",
        "after=99999-1",
    ],
)
def test_a_broken_query_shows_a_queue(client, query):
    factories.make_task()
    client.force_login(factories.make_user())
    assert client.get(f"/queue/?{query}").status_code == 200


def test_three_rows_and_thirty_cost_the_same_queries(client):
    editor = factories.make_user(Role.EDITOR)
    client.force_login(editor)

    def fill(count):
        for _ in range(count):
            factories.make_task()
            factories.make_submitted_verdict(factories.make_user())
            factories.make_taken_task(factories.make_user())

    def cost():
        with CaptureQueriesContext(connection) as queries:
            response = client.get("/queue/?show=all")
        return len(queries), len(rows(response))

    fill(1)
    few, shown = cost()
    assert shown == 3
    fill(9)
    many, shown = cost()
    assert shown == 30
    assert many == few
    assert few <= 14


def test_taking_leads_to_the_claim(client):
    task = factories.make_task()
    checker = factories.make_user()
    client.force_login(checker)
    response = client.post("/queue/?show=takeable", {"task": task.pk})
    assert response["Location"] == f"/claims/{task.claim_id}/"
    task.refresh_from_db()
    assert (task.state, task.assignee) == ("taken", checker)


def test_a_task_that_somebody_was_faster_with_gives_their_name(client):
    task = factories.make_task()
    client.force_login(factories.make_user())
    take_task(task, by=factories.make_user(name="Ada Brandt"))
    response = client.post("/queue/?show=all", {"task": task.pk})
    assert response.status_code == 409
    assert "Ada has this task already." in response.text


def test_a_denied_button_says_why(client):
    lead = factories.make_user(Role.LEAD)
    factories.make_submitted_verdict(lead)
    client.force_login(lead)
    page = client.get("/queue/?show=second").text
    assert f'disabled title="{policies.OWN_VERDICT}"' in page


def test_a_reporter_sees_the_queue_but_takes_nothing(client):
    task = factories.make_task()
    client.force_login(factories.make_user(Role.REPORTER))
    assert rows(client.get("/queue/")) == []
    response = client.post("/queue/", {"task": task.pk})
    assert response.status_code == 403
    assert "Only checkers, editors and leads of the Politics desk take its tasks." in response.text


@pytest.mark.parametrize("task", ["", "x", "0", "99999999999999999999999"])
def test_a_task_that_does_not_exist_is_not_found(client, task):
    client.force_login(factories.make_user())
    assert client.post("/queue/", {"task": task}).status_code == 404


def test_a_task_of_another_desk_is_not_found(client):
    task = factories.make_task()
    client.force_login(factories.make_user(Role.LEAD, desk=factories.make_desk("world")))
    assert client.post("/queue/", {"task": task.pk}).status_code == 404
    assert client.post(f"/review-tasks/{task.pk}/take/").status_code == 404
    assert client.post(f"/review-tasks/{task.pk}/give-back/").status_code == 404


def test_counts_follow_the_chosen_desk():
    politics, world = factories.make_desk("politics"), factories.make_desk("world")
    user = factories.make_user(desk=politics)
    Membership.objects.create(user=user, desk=world, role=Role.CHECKER)
    factories.make_task()
    factories.make_task(factories.make_claim(article=factories.make_article(desk=world)))
    assert queue_counts(user, QueueFilter())["all"] == 2
    assert queue_counts(user, QueueFilter(terms=(Term("desk", "world"),)))["all"] == 1


def test_late_tasks_come_by_how_late_they_are_page_by_page():
    user = factories.make_user()
    tasks = [factories.make_task() for _ in range(5)]
    for minutes, task in enumerate(tasks, start=1):
        due_at = timezone.now() - timedelta(minutes=minutes)
        ReviewTask.objects.filter(pk=task.pk).update(due_at=due_at, priority=minutes * 7 % 5)
    listed, cursor = [], ""
    while True:
        page = queue_page(user, QueueFilter.from_query({"show": "late", "after": cursor}), size=2)
        listed += page.tasks
        cursor = page.next_cursor
        if not cursor:
            break
    assert listed == tasks[::-1]


def test_more_than_can_be_counted_shows_as_more(client, monkeypatch):
    monkeypatch.setattr("reviews.selectors.queue.COUNT_UP_TO", 2)
    monkeypatch.setattr("reviews.views.queue.COUNT_UP_TO", 2)
    user = factories.make_user()
    for _ in range(4):
        factories.make_task()
    assert queue_counts(user, QueueFilter())["all"] == 3, "it stops counting"
    client.force_login(user)
    response = client.get("/queue/")
    assert "2+ open tasks at 1 desk" in response.text
    assert [tab.is_more for tab in response.context["tabs"] if tab.current] == [True]
    assert len(rows(response)) == 4, "all are listed"
