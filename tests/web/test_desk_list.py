"""The list of desks: who sees which, with what each has in hand, in pages."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claimtracker.accounts.models import Role
from reviews.views import desks as desk_views
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    return factories.make_user(Role.LEAD, name="Lena Kovač")


def test_the_list_of_desks_says_what_is_in_hand(client, lead):
    client.force_login(lead)
    checker = factories.make_user()
    for _ in range(2):
        factories.make_taken_task(checker)
    factories.make_task()
    factories.make_desk("world")
    page = client.get("/desks/")
    assert [(desk.slug, in_hand) for desk, in_hand in page.context["desks"]] == [("politics", 2)]
    link = "/queue/?show=all&q=desk:politics%20state:taken"
    assert link.replace("&", "&amp;") in page.text
    assert len(client.get(link).context["rows"]) == 2


def test_the_desks_come_in_pages_with_what_each_has_in_hand(client, monkeypatch):
    monkeypatch.setattr(desk_views, "PAGE_SIZE", 3)
    client.force_login(factories.make_user(Role.MODERATOR))
    for slug in ("arts", "business", "climate", "europe"):
        factories.make_desk(slug, name=slug.title())
    factories.make_taken_task(factories.make_user())
    factories.make_task()
    pages, url = [], "/desks/"
    while url and len(pages) < 5:
        response = client.get(url)
        pages.append([(desk.name, in_hand) for desk, in_hand in response.context["desks"]])
        url = response.context["next_url"] and f"/desks/{response.context['next_url']}"
    assert pages == [[("Arts", 0), ("Business", 0), ("Climate", 0)], [("Europe", 0), ("Politics", 1)]]
    assert client.get("/desks/?after=999999").status_code == 404


def test_the_desks_cost_the_same_however_many_there_are(client):
    client.force_login(factories.make_user(Role.MODERATOR))

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/desks/").status_code == 200
        return len(queries)

    few = cost()
    for number in range(30):
        factories.make_desk(f"desk-{number}")
    assert cost() == few
