"""The pages on which leads make, rename and close desks and say who does what there."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from claimtracker.accounts.models import Desk, Membership, Role, User
from claimtracker.jobs.models import Job
from claimtracker.jobs.runner import run
from reviews import tasks  # noqa: F401 - the jobs of this room
from reviews.models import ReviewTask
from tests import factories

pytestmark = pytest.mark.django_db
PAGES = [
    "/settings/desks/new/",
    "/desks/politics/change/",
    "/desks/politics/close/",
    "/desks/politics/roles/",
]


@pytest.mark.parametrize("path", PAGES)
def test_who_leads_nothing_is_refused_with_a_sentence(client: Client, path: str) -> None:
    factories.make_desk()
    assert client.get(path)["Location"].startswith("/account/login/")
    client.force_login(factories.make_user(Role.EDITOR))
    refused = client.get(path)
    assert refused.status_code == 403
    assert "Only leads of a desk, and moderators" in refused.text
    client.force_login(factories.make_user(Role.LEAD))
    assert client.get(path).status_code == 200
    if "politics" in path:
        client.force_login(factories.make_user(Role.LEAD, factories.make_desk("world")))
        assert client.get(path).status_code == 404


def test_a_lead_of_another_desk_is_told_whose_it_is(client: Client) -> None:
    person = factories.make_user(Role.CHECKER)
    Membership.objects.create(user=person, desk=factories.make_desk("world"), role=Role.LEAD)
    client.force_login(person)
    refused = client.post("/desks/politics/change/", {"name": "Mine"})
    assert refused.status_code == 403
    assert "Only leads of the Politics desk, and moderators, change or close it." in refused.text


def test_a_desk_is_made_and_renamed(client: Client, lead: User) -> None:
    made = client.post("/settings/desks/new/", {"name": "Science"})
    assert made["Location"] == "/desks/science/roles/"
    assert "Lena Roe" in client.get("/desks/science/roles/").text
    assert client.post("/desks/science/change/", {"name": "Climate"})["Location"] == "/desks/science/change/"
    assert Desk.objects.get(slug="science").name == "Climate"
    taken = client.post("/desks/science/change/", {"name": "politics"})
    assert taken.status_code == 422
    assert "There is a desk of this name already." in taken.text
    assert client.post("/settings/desks/new/", {"name": " "}).status_code == 422
    trail = client.get("/settings/changes/").text
    assert "made a desk" in trail
    assert "Science → Climate" in trail


def test_closing_shows_what_moves_and_then_moves_it(client: Client, lead: User) -> None:
    world = factories.make_desk("world")
    Membership.objects.create(user=lead, desk=world, role=Role.LEAD)
    task = factories.make_task(factories.make_claim(article=factories.make_article(desk=world)))
    factories.make_rule(world, name="World news", min_score=1.0)
    politics = factories.make_desk()
    shown = client.post("/desks/world/close/", {"into": politics.pk})
    assert shown.status_code == 200
    for words in ("1 open task", "1 claim, checked ones among them", "1 routing rule names this desk"):
        assert words in shown.text
    assert Desk.objects.get(pk=world.pk).closed_at is None
    assert client.post("/desks/world/close/", {"into": world.pk}).status_code == 422
    closed = client.post("/desks/world/close/", {"into": politics.pk, "save": "1"})
    assert closed["Location"] == "/desks/"
    assert "its work goes to Politics" in client.get("/desks/").text
    run(Job.objects.get(kind="reviews.empty_desk").pk)
    assert ReviewTask.objects.get(pk=task.pk).desk == politics
    assert Job.objects.get(kind="reviews.empty_desk").state == "done"
    again = client.post("/desks/world/close/", {"into": politics.pk, "save": "1"})
    assert again.status_code == 409
    assert "The World desk is closed." in again.text
    offered = client.get("/articles/new/").context["form"].fields["desk"].queryset
    assert list(offered) == [politics]


def test_somebody_is_added_changed_and_removed_after_a_look(client: Client, lead: User) -> None:
    person = factories.make_user(None, name="Ann Bell")
    page = "/desks/politics/roles/"
    assert client.post(page, {"email": person.email, "role": "checker"})["Location"] == page
    row = Membership.objects.get(user=person)
    factories.make_taken_task(person)
    shown = client.post(f"{page}{row.pk}/", {"role": "reporter"})
    assert "1 task in hand goes back to the queue" in shown.text
    row.refresh_from_db()
    assert row.role == Role.CHECKER
    client.post(f"{page}{row.pk}/", {"role": "reporter", "save": "1"})
    row.refresh_from_db()
    assert row.role == Role.REPORTER
    shown = client.post(f"{page}{row.pk}/", {"remove": "1"})
    assert "Off this desk" in shown.text
    client.post(f"{page}{row.pk}/", {"remove": "1", "save": "1"})
    assert not Membership.objects.filter(user=person).exists()
    trail = client.get("/settings/changes/").text
    for words in ("Ann Bell", "Checker → Reporter", "took somebody off a desk"):
        assert words in trail


def test_what_a_lead_may_not_grant_is_refused(client: Client, lead: User) -> None:
    page = "/desks/politics/roles/"
    person = factories.make_user(None)
    assert client.post(page, {"email": person.email, "role": "moderator"}).status_code == 422
    unknown = client.post(page, {"email": "nobody@example.org", "role": "checker"})
    assert unknown.status_code == 422
    assert "Nobody with this address has an account." in unknown.text
    mine = Membership.objects.get(user=lead)
    last = client.post(f"{page}{mine.pk}/", {"remove": "1", "save": "1"})
    assert "Lena Roe is the only lead of the Politics desk." in last.text
    moderator = Membership.objects.get(user=factories.make_user(Role.MODERATOR))
    refused = client.post(f"{page}{moderator.pk}/", {"role": "reporter", "save": "1"})
    assert refused.status_code == 403
    assert "What a moderator may do" in refused.text
    elsewhere = factories.make_user(Role.CHECKER, factories.make_desk("world")).memberships.get()
    assert client.post(f"{page}{elsewhere.pk}/", {"remove": "1"}).status_code == 404


def test_more_people_cost_no_more_queries(client: Client, lead: User) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get("/desks/politics/roles/")
        return len(queries)

    cost()
    few = cost()
    for _number in range(9):
        factories.make_user()
    assert cost() == few
