"""The article page and the list: what is shown, to whom, and what members do there."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from claimtracker.accounts.models import User
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def checker() -> User:
    return factories.make_user(name="Mara Okafor")


@pytest.fixture
def signed_in(client: Client, checker: User) -> Client:
    client.force_login(checker)
    return client


def test_the_list_shows_an_article(signed_in: Client) -> None:
    article = factories.make_article(title="Roads")
    page = signed_in.get(reverse("web:article_list"))
    assert page.status_code == 200
    assert "Roads" in page.content.decode()
    assert signed_in.get(reverse("web:article_detail", args=[article.pk])).status_code == 200
    assert signed_in.get(reverse("web:home")).status_code == 200
    assert signed_in.get(reverse("claims:article_new")).status_code == 200
