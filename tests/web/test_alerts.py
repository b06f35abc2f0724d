"""Alerts on the home page: for whose eyes, what they say, and that they are seen once for a desk."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.actions.families import confirm_match
from claims.actions.sightings import note_sighting
from claims.actions.watching import watch_claim
from claims.models import Appearance, Claim, ClaimAlert, ClaimMatch
from claimtracker.accounts.models import Membership, Role, User
from claimtracker.ledger import outbox
from tests import factories

pytestmark = pytest.mark.django_db
SEEN = reverse("web:alerts_seen")


@pytest.fixture
def checker() -> User:
    return factories.make_user(name="Mara Okafor")


@pytest.fixture
def signed_in(client: Client, checker: User) -> Client:
    client.force_login(checker)
    return client


def watched(checker: User) -> Claim:
    claim = factories.make_claim()
    watch_claim(claim, desk=claim.desk, by=checker)
    return claim


def told(kind: str, subject: Any) -> None:
    with transaction.atomic():
        event = outbox.emit(kind, subject=subject)
    note_sighting(event)


def sight(claim: Claim, **options: Any) -> Appearance:
    place = factories.make_another_appearance(claim, **options)
    told("claim.appeared", place)
    return place


def suggest(claim: Claim) -> ClaimMatch:
    match = factories.make_strong_match(factories.make_claim(), other=claim)
    told("match.suggested", match)
    return match


def test_there_is_nothing_to_see_without_alerts(signed_in: Client, checker: User) -> None:
    watched(checker)
    page = signed_in.get("/").text
    assert "alerts-title" not in page
    assert "nav__count--news" not in page


def test_an_alert_says_where_and_the_top_bar_counts_it_on_every_page(
    signed_in: Client, checker: User
) -> None:
    claim = watched(checker)
    place = sight(claim, site_name="Daily Courier", title="The bill comes due")
    page = signed_in.get("/").text
    for words in ("Said again", "Daily Courier:", "The bill comes due", claim.text, f"#span-{place.pk}"):
        assert words in page, words
    for path in ("/", "/queue/", "/articles/", f"/claims/{claim.pk}/"):
        assert "unseen alert" in signed_in.get(path).text, path


def test_a_suggestion_leads_to_the_decision_and_tells_when_it_was_made(
    signed_in: Client, checker: User
) -> None:
    match = suggest(watched(checker))
    page = signed_in.get("/").text
    assert "Very likely said again" in page
    assert f'href="/claims/{match.claim_id}/#seen-before"' in page
    confirm_match(match, by=checker)
    assert "Said again, as a person confirmed" in signed_in.get("/").text


def test_alerts_are_grouped_by_the_watched_claim(signed_in: Client, checker: User) -> None:
    first, second = watched(checker), watched(checker)
    for _ in range(5):
        sight(first)
    sight(second)
    news = signed_in.get("/").context["alerts"]
    assert [(group.watch.claim, len(group.sightings), group.more) for group in news.watches] == [
        (second, 1, 0),
        (first, 3, 2),
    ]
    assert news.total == 6


def test_another_desk_hears_nothing_and_marks_nothing(client: Client, checker: User) -> None:
    sight(watched(checker))
    alert = ClaimAlert.objects.get()
    client.force_login(factories.make_user(Role.LEAD, desk=factories.make_desk("world")))
    page = client.get("/").text
    assert "alerts-title" not in page
    assert "nav__count--news" not in page
    assert client.post(SEEN, {"alert": alert.pk}).status_code == 404
    assert client.post(SEEN).status_code == 302  # their own desk has none
    assert ClaimAlert.objects.unseen().exists()


def test_strangers_and_reporters_mark_nothing(client: Client, checker: User) -> None:
    sight(watched(checker))
    alert = ClaimAlert.objects.get()
    assert client.post(SEEN, {"alert": alert.pk})["Location"].startswith("/account/login/")
    client.force_login(factories.make_user(Role.REPORTER))
    page = client.get("/").text
    assert 'disabled title="Only checkers, editors and leads of the Politics desk decide' in page
    for sent in ({"alert": alert.pk}, {}):
        refused = client.post(SEEN, sent)
        assert refused.status_code == 403
        assert "decide on its watches and alerts" in refused.text
    assert client.get(SEEN).status_code == 405
    assert ClaimAlert.objects.unseen().exists()


def test_one_is_marked_seen_or_all_that_the_page_showed(signed_in: Client, checker: User) -> None:
    claim = watched(checker)
    for _ in range(3):
        sight(claim)
    shown = signed_in.get("/").context["alerts"].up_to
    sight(claim)  # while the page was being read
    first = ClaimAlert.objects.earliest("id")
    signed_in.post(SEEN, {"alert": first.pk})
    assert ClaimAlert.objects.unseen().count() == 3
    signed_in.post(SEEN, {"up_to": shown})
    assert ClaimAlert.objects.unseen().count() == 1
    colleague = Client()
    colleague.force_login(factories.make_user())
    assert colleague.get("/").context["alerts"].total == 1, "what one of the desk has seen, all have"


def test_what_another_desk_holds_is_told_without_its_words(client: Client) -> None:
    world = factories.make_desk("world")
    both, politics = factories.make_user(), factories.make_user()
    Membership.objects.create(user=both, desk=world, role=Role.CHECKER)
    claim = watched(both)
    foreign = factories.make_claim(article=factories.make_article(desk=world, title="A secret story"))
    match = factories.make_strong_match(foreign, other=claim)
    told("match.suggested", match)
    client.force_login(politics)
    page = client.get("/").text
    assert "In an article of a desk whose work you do not see." in page
    assert "A secret story" not in page
    assert f"/claims/{foreign.pk}/" not in page
    client.force_login(both)
    assert "A secret story" in client.get("/").text


def test_thirty_alerts_cost_as_many_queries_as_three(signed_in: Client, checker: User) -> None:
    def add(number: int) -> None:
        for _ in range(number):
            sight(watched(checker))
            suggest(watched(checker))

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert signed_in.get("/").status_code == 200
        return len(queries)

    add(3)
    cost()
    few = cost()
    add(12)
    assert cost() == few <= 26
    assert "more watched claims appeared again" in signed_in.get("/").text
