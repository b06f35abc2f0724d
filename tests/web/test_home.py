"""The first page of the day: each section for the right people, empty states that teach, constant queries."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from claimtracker.accounts.models import Membership, Role, User
from reviews.actions.assignment import take_task
from reviews.actions.notifying import notify, task_key
from reviews.actions.second_review import dissent_from_verdict
from reviews.actions.verdicts import request_changes
from reviews.models import Notification, ReviewTask
from tests import factories

pytestmark = pytest.mark.django_db
HOME = "/"


def section(client: Client, name: str) -> list[int]:
    response = client.get(HOME)
    assert response.status_code == 200
    return [row.task.pk for row in response.context[name]["rows"]]


def test_strangers_sign_in_first(client: Client) -> None:
    assert client.get(HOME)["Location"].startswith(reverse("account_login"))


def test_a_first_day_teaches(signed_in: Client, client: Client) -> None:
    page = signed_in.get(HOME).content.decode()
    for lesson in ("You have no task", "Nothing waits at your desks", "No article yet"):
        assert lesson in page
    assert "For your approval" not in page, "a checker approves nothing"
    client.force_login(factories.make_user(Role.REPORTER))
    assert "Reporters bring articles in" in client.get(HOME).content.decode()
    client.force_login(factories.make_user(None))
    assert "You belong to no desk yet" in client.get(HOME).content.decode()


def test_mine_and_what_i_can_take(signed_in: Client, checker: User) -> None:
    mine, free, colleagues = factories.make_task(), factories.make_task(), factories.make_task()
    elsewhere = factories.make_task(
        factories.make_claim(article=factories.make_article(desk=factories.make_desk("world")))
    )
    take_task(mine, by=checker)
    take_task(colleagues, by=factories.make_user())
    assert section(signed_in, "mine") == [mine.pk]
    assert section(signed_in, "takeable") == [free.pk]
    assert elsewhere.pk not in section(signed_in, "late")
    page = signed_in.get(HOME).content.decode()
    assert reverse("reviews:claim_detail", args=[mine.claim_id]) in page


def test_a_blind_review_waits_for_who_has_not_read_the_verdict(
    signed_in: Client, checker: User, settings: Any
) -> None:
    settings.REVIEW_BLIND_RATE = 1.0
    verdict, own = (
        factories.make_submitted_verdict(factories.make_user()),
        factories.make_submitted_verdict(checker),
    )
    blind = ReviewTask.objects.get(claim=verdict.claim, kind="blind_review")
    assert section(signed_in, "takeable") == [blind.pk]
    assert ReviewTask.objects.queued().filter(claim=own.claim, kind="blind_review").exists()


def test_a_verdict_waits_for_every_approver_but_its_author(client: Client) -> None:
    author, editor = factories.make_user(Role.EDITOR), factories.make_user(Role.EDITOR)
    verdict = factories.make_submitted_verdict(author)
    second = ReviewTask.objects.get(claim=verdict.claim, kind="second_review")
    for person, expected in ((editor, [second.pk]), (author, []), (factories.make_user(Role.CHECKER), [])):
        client.force_login(person)
        assert section(client, "to_approve") == expected


def test_a_lead_who_is_neither_of_the_two_decides_where_people_differ(client: Client) -> None:
    first, second, third = (factories.make_user(Role.LEAD) for _ in range(3))
    verdict = factories.make_submitted_verdict(first)
    rating = factories.make_rating("half-true")
    task = dissent_from_verdict(verdict, by=second, revision=verdict.revision, rating=rating, reason="No.")
    people = ((first, []), (second, []), (third, [task.pk]), (factories.make_user(Role.EDITOR), []))
    for person, expected in people:
        client.force_login(person)
        assert section(client, "to_decide") == expected
        assert ("Two people differ" in client.get(HOME).text) == bool(expected)


def test_an_approver_reads_what_waits_for_them_before_what_they_can_take(client: Client) -> None:
    client.force_login(factories.make_user(Role.EDITOR))
    page = client.get(HOME).content.decode()
    assert page.index("For your approval") < page.index("You can take")


def test_a_returned_verdict_is_marked_among_your_tasks(signed_in: Client, checker: User) -> None:
    take_task(factories.make_task(), by=checker)
    assert "Returned to you" not in signed_in.get(HOME).content.decode()
    verdict = factories.make_submitted_verdict(checker)
    request_changes(verdict, by=factories.make_user(Role.EDITOR), reason="Whose count?")
    page = signed_in.get(HOME)
    labels = {row.task.claim_id: row.state_label for row in page.context["mine"]["rows"]}
    assert labels.pop(verdict.claim_id) == "Returned to you"
    assert list(labels.values()) == ["Taken by you"]
    assert "Returned to you" in page.content.decode()


def test_what_is_late_stands_by_itself(signed_in: Client) -> None:
    late, free = factories.make_task(), factories.make_task()
    ReviewTask.objects.filter(pk=late.pk).update(due_at=timezone.now() - timedelta(minutes=25))
    assert section(signed_in, "late") == [late.pk]
    assert section(signed_in, "takeable") == [free.pk]
    assert "late by 25 min" in signed_in.get(HOME).content.decode()


def test_the_most_pressing_come_first_and_the_rest_is_counted(signed_in: Client) -> None:
    tasks = [factories.make_task(factories.make_claim(score=score / 20)) for score in range(10)]
    shown = section(signed_in, "takeable")
    assert shown == [task.pk for task in reversed(tasks[4:])]
    assert "10 claims wait" in signed_in.get(HOME).content.decode()


def test_notices_are_read_one_by_one_or_all_at_once(signed_in: Client, checker: User) -> None:
    task, other = factories.make_task(), factories.make_user()
    kinds = ("half_time", "due", "escalated")
    mine = [
        Notification.objects.create(user=checker, claim=task.claim, kind=kind, key="1", text=f"Notice {kind}")
        for kind in kinds
    ]
    foreign = Notification.objects.create(user=other, claim=task.claim, kind="due", key="1", text="Not yours")
    page = signed_in.get(HOME).content.decode()
    assert "Notice half_time" in page
    assert "Not yours" not in page
    read = reverse("web:notices_read")
    signed_in.post(read, {"notice": str(mine[0].pk)})
    assert list(Notification.objects.filter(user=checker).unread()) == mine[:0:-1]
    signed_in.post(read, {"notice": str(foreign.pk)})
    signed_in.post(read)
    assert not Notification.objects.filter(user=checker).unread().exists()
    foreign.refresh_from_db()
    assert foreign.read_at is None
    assert signed_in.get(read).status_code == 405


def test_thirty_of_everything_cost_as_many_queries_as_three(signed_in: Client, checker: User) -> None:
    Membership.objects.filter(user=checker).update(role=Role.LEAD)
    author = factories.make_user(Role.EDITOR)

    def add(number: int) -> None:
        for _ in range(number):
            take_task(factories.make_task(), by=checker)
            late = factories.make_task()
            ReviewTask.objects.filter(pk=late.pk).update(due_at=timezone.now() - timedelta(hours=1))
            notify([checker], "due", text="Due", claim=late.claim_id, key=task_key(late))
            factories.make_task()
            factories.make_submitted_verdict(author)

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            signed_in.get(HOME)
        return len(captured)

    add(3)
    signed_in.get(HOME)
    few = count()
    add(10)
    assert count() == few <= 25


def test_signing_in_says_who_you_are(client: Client) -> None:
    person = factories.make_user(name="Mara Okafor")
    assert "Stay signed in" in client.get(reverse("account_login")).content.decode()
    sent = {"login": person.email, "password": factories.PASSWORD}
    page = client.post(reverse("account_login"), sent, follow=True).content.decode()
    assert "Signed in as Mara Okafor." in page


def test_who_answers_complaints_finds_them_and_nobody_their_own(client: Client) -> None:
    publication = factories.make_publication()
    factories.make_complaint(publication)
    about = reverse("reviews:claim_detail", args=[publication.claim_id]) + "#complaint-"
    client.force_login(factories.make_user(Role.EDITOR))
    assert about in client.get(HOME).text
    for person in (
        factories.make_user(Role.CHECKER),
        factories.make_user(Role.EDITOR, factories.make_desk("world")),
    ):
        client.force_login(person)
        assert about not in client.get(HOME).text
    Membership.objects.filter(user=publication.proposed_by).update(role=Role.EDITOR)
    client.force_login(publication.proposed_by)
    assert about not in client.get(HOME).text, "nobody decides about their own finding"


def test_a_reporter_sees_what_became_of_their_stories(client: Client) -> None:
    reporter = factories.make_user(Role.REPORTER)
    factories.make_article(title="Somebody else’s")
    mine = factories.make_article(title="Roads of the north", by=reporter)
    client.force_login(reporter)
    response = client.get(HOME)
    assert response.context["brought"] == [mine]
    assert "see here below what becomes of it" not in response.text


def test_two_versions_of_a_check_are_one_check(signed_in: Client) -> None:
    factories.make_correction(factories.make_publication())
    assert "1 fact-check published" in signed_in.get(HOME).text


def test_a_long_list_is_counted_up_to_a_point(signed_in: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("claimtracker.web.selectors.COUNT_UP_TO", 2)
    for _ in range(3):
        factories.make_task()
    page = signed_in.get(HOME)
    assert page.context["takeable"]["total"] == 3
    assert "The queue: 2+ claims wait" in page.content.decode()
    for _ in range(3):
        factories.make_article()
        factories.make_publication()
    assert "2+ articles in" in signed_in.get(HOME).text
    assert "2+ fact-checks published" in signed_in.get(HOME).text
