"""Every page is known to the newsroom of the tests, answers, and asks the database as often for many rows as
for few."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver

from tests.support.newsroom import PAGES, Newsroom, Page

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(300)]

FEW, MANY = 3, 30
# answer GET with a page only in a moment that the newsroom is not in, each with its test
IN_OTHER_TESTS = {
    "account_reauthenticate",
    "account_inactive",
    "account_email_verification_sent",
    "account_reset_password_from_key_done",
    "account_confirm_email",
    "account_reset_password_from_key",
}
SLUGS = {"slug": "eastmouth", "month": "2026-11", "token": "x", "table": "x"}


@pytest.fixture
def room(settings: Any, tmp_path: Any) -> Newsroom:
    settings.SNAPSHOT_DIR = str(tmp_path)
    return Newsroom()


def test_every_page_is_known_and_costs_the_same_for_many_rows(room: Newsroom) -> None:
    clients = {who: signed_in(room, who) for who in {page.who for page in PAGES}}
    room.grow(FEW)
    for page in PAGES:
        clients[page.who].get(page.address(room))  # what is remembered after the first time
    few = {page.name: price(clients[page.who], page, room) for page in PAGES}
    room.grow(MANY - FEW)
    many = {page.name: price(clients[page.who], page, room) for page in PAGES}
    assert {name: (few[name], many[name]) for name in few if few[name] != many[name]} == {}
    left_out = sorted(set(pages_that_answer(clients["lead"])) - {page.route for page in PAGES})
    assert left_out == [], "add them to tests/support/newsroom/pages.py"


def price(client: Client, page: Page, room: Newsroom) -> int:
    with CaptureQueriesContext(connection) as queries:
        response = client.get(page.address(room))
    assert response.status_code == 200, page.name
    assert b"<html" in response.content, page.name
    return len(queries)


def signed_in(room: Newsroom, who: str | None) -> Client:
    client = Client()
    if who:
        client.force_login(room.person(who), backend="django.contrib.auth.backends.ModelBackend")
    return client


def pages_that_answer(client: Client) -> Iterator[str]:
    """The names of those that answer a lead with a page, wherever anything plausible is put into their
    address."""
    for name, route in routes(get_resolver()):
        if name.startswith("admin:") or name in IN_OTHER_TESTS or "^" in route:
            continue
        address = "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: SLUGS.get(found[1], "1"), route)
        response = client.get(address)
        if response.status_code == 200 and not response.streaming and b"<html" in response.content:
            yield name


def routes(resolver: Any, prefix: str = "", space: str = "") -> Iterator[tuple[str, str]]:
    for each in resolver.url_patterns:
        route = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from routes(each, route, space + (f"{each.namespace}:" if each.namespace else ""))
        elif isinstance(each, URLPattern) and each.name:
            yield space + each.name, route
