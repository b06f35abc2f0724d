"""Acceptance over time: who sees it, what is counted, and that it costs one query."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims.models import ClaimMatch, Grade
from claimtracker.accounts.models import Role
from claimtracker.web.acceptance import first_week
from tests import factories

pytestmark = pytest.mark.django_db
PAGE, FILE = "/insight/matches/", "/insight/matches.csv"


@pytest.fixture
def lead(client: Client) -> Client:
    client.force_login(factories.make_user(Role.LEAD))
    return client


def matched(state: str = "proposed", *, weeks_ago: int = 0, grade: str = Grade.STRONG, **fields: str) -> None:
    claim = factories.make_claim()
    match = factories.make_match(claim, known=factories.make_known_claim(), grade=grade, **fields)
    decided = timezone.now() if state in ("confirmed", "rejected") else None
    at = timezone.now() - timedelta(weeks=weeks_ago)
    ClaimMatch.objects.filter(pk=match.pk).update(state=state, decided_at=decided, created_at=at)


@pytest.mark.parametrize("path", [PAGE, FILE])
def test_editors_leads_and_moderators_see_it_and_nobody_else(client: Client, path: str) -> None:
    assert client.get(path)["Location"].startswith("/account/login/")
    for role in (Role.REPORTER, Role.CHECKER):
        client.force_login(factories.make_user(role))
        refused = client.get(path)
        assert refused.status_code == 403
        assert "Only editors, leads and moderators" in refused.text
        assert 'href="/insight/"' not in client.get("/").text
    for role in (Role.EDITOR, Role.LEAD, Role.MODERATOR):
        client.force_login(factories.make_user(role))
        assert client.get(path).status_code == 200
        assert 'href="/insight/"' in client.get("/").text


def test_an_empty_page_teaches(lead: Client) -> None:
    assert "Each claim is compared with what you and others have checked." in lead.get(PAGE).text


def test_suggestions_are_counted_by_week_grade_and_method(lead: Client) -> None:
    for state in ("confirmed", "confirmed", "confirmed", "rejected", "proposed", "lapsed"):
        matched(state, method_version="m-2")
    matched("rejected", weeks_ago=3, method_version="m-1")
    matched("proposed", grade=Grade.POSSIBLE, method_version="m-2")
    matched("confirmed", weeks_ago=40)
    page = lead.get(PAGE)
    rows = [
        (row.week, row.grade, row.method_version, row.suggested, row.confirmed, row.rejected, row.still_open)
        for row, _rate in page.context["rows"]
    ]
    now = first_week(1).date()
    assert rows == [
        (now, "strong", "m-2", 6, 3, 1, 1),
        (now, "possible", "m-2", 1, 0, 0, 1),
        (now - timedelta(weeks=3), "strong", "m-1", 1, 0, 1, 0),
    ]
    assert [rate for _row, rate in page.context["rows"]] == ["75%", "", "0%"]
    strong, possible = page.context["summaries"]
    assert (strong.percent, strong.decided, possible.percent) == ("60%", 5, "")
    assert "Nothing was decided yet." in page.text
    assert len(lead.get(PAGE, {"weeks": "52"}).context["rows"]) == 4
    assert lead.get(PAGE, {"weeks": "7"}).context["asked"].weeks == 26


def test_the_chart_has_a_column_a_week_and_says_itself_in_words(lead: Client) -> None:
    matched("confirmed")
    matched("rejected", weeks_ago=11)
    page = lead.get(PAGE, {"weeks": "12"})
    chart = page.context["summaries"][0].chart
    assert [column.total for column in chart.columns] == [1, *[0] * 10, 1]
    assert [bar.kind for column in chart.columns for bar in column.bars] == ["rejected", "confirmed"]
    for words in ('role="img"', "<title", "2 suggested in 12 weeks, 1 confirmed, 1 rejected", "<caption"):
        assert words in page.text
    assert "style=" not in page.text


def test_the_file_holds_the_same_rows(lead: Client) -> None:
    matched("confirmed", method_version="m-2")
    head, row = csv.reader(io.StringIO(lead.get(FILE).text))
    assert head[-1] == "acceptance_rate"
    assert row == [first_week(1).date().isoformat(), "strong", "m-2", "1", "1", "0", "0", "0", "1.0000"]


def test_only_what_one_sees_is_counted(client: Client) -> None:
    matched("confirmed")
    client.force_login(factories.make_user(Role.LEAD, desk=factories.make_desk("world")))
    assert client.get(PAGE).context["rows"] == []
    client.force_login(factories.make_user(Role.MODERATOR))
    assert len(client.get(PAGE).context["rows"]) == 1


def test_thirty_rows_cost_as_many_queries_as_three(lead: Client) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            lead.get(PAGE)
        return len(queries)

    for week in range(3):
        matched("confirmed", weeks_ago=week)
    cost()
    few = cost()
    for number in range(27):
        matched("rejected", weeks_ago=number % 20, method_version=f"m-{number}")
    assert cost() == few
