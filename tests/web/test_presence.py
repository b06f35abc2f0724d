"""Two people at one claim are told of each other, and nothing of it is kept."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from claims.models import Claim
from claimtracker.accounts.models import Role, User
from claimtracker.ledger.models import AuditEntry
from reviews.actions.forgetting import forget_passing
from reviews.models import Presence
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def claim() -> Claim:
    return factories.make_claim()


def says_here(client: Client, user: User, claim: Claim, writing: str = "no") -> str:
    client.force_login(user)
    response = client.post(reverse("reviews:claim_here", args=[claim.pk]), {"writing": writing})
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_each_hears_of_the_other_and_who_writes(client: Client, claim: Claim) -> None:
    mara, imran = factories.make_user(name="Mara Okafor"), factories.make_user(name="Imran Qureshi")
    elsewhere = factories.make_claim()
    assert "open too" not in says_here(client, mara, claim)
    before = AuditEntry.objects.count()
    assert "Mara Okafor has this open too" in says_here(client, imran, claim, "yes")
    assert "Imran Qureshi is writing here" in says_here(client, mara, claim)
    assert "Imran Qureshi" not in says_here(client, mara, elsewhere)
    assert AuditEntry.objects.count() == before
    assert Presence.objects.count() == 3


def test_who_left_is_not_named_and_is_forgotten(client: Client, claim: Claim) -> None:
    mara, imran = factories.make_user(name="Mara Okafor"), factories.make_user()
    says_here(client, mara, claim)
    Presence.objects.update(seen_at=timezone.now() - timedelta(minutes=2))
    assert "Mara" not in says_here(client, imran, claim)
    Presence.objects.filter(user=mara).update(seen_at=timezone.now() - timedelta(hours=2))
    forget_passing()
    assert Presence.objects.filter(user=imran).exists()
    assert not Presence.objects.filter(user=mara, claim=claim).exists()


def test_only_at_claims_that_one_sees(client: Client, claim: Claim) -> None:
    address = reverse("reviews:claim_here", args=[claim.pk])
    assert client.post(address).status_code == 302
    client.force_login(factories.make_user(Role.LEAD, factories.make_desk("world")))
    assert client.post(address).status_code == 404
    assert not Presence.objects.exists()


def test_the_page_asks_by_itself(client: Client, claim: Claim) -> None:
    client.force_login(factories.make_user())
    page = client.get(reverse("reviews:claim_detail", args=[claim.pk])).content.decode()
    assert f'hx-post="{reverse("reviews:claim_here", args=[claim.pk])}" hx-trigger="load"' in page


def test_an_open_page_is_told_that_its_board_is_older(client):
    checker = factories.make_user()
    claim = factories.make_claim()
    client.force_login(checker)
    mark = client.get(f"/claims/{claim.pk}/").context["space"].board_mark
    path = f"/claims/{claim.pk}/here/"
    assert "The evidence has changed" not in client.post(path, {"board": mark}).text
    evidence = factories.make_evidence(claim, checker)
    assert "The evidence has changed" in client.post(path, {"board": mark}).text
    assert "The evidence has changed" not in client.post(path).text
    board = client.get(f"/claims/{claim.pk}/evidence/board/", headers={"HX-Request": "true"})
    assert evidence.source.title in board.text
    assert "<html" not in board.text
    assert client.get(f"/claims/{claim.pk}/evidence/board/").status_code == 302
