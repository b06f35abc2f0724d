"""What every answer bears, whom to tell of a weakness, and how often a wrong password may be tried."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from allauth.account import app_settings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from claimtracker.accounts.models import User

pytestmark = pytest.mark.django_db
EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@pytest.mark.parametrize(
    "address",
    ["/", "/fact-checks/", "/account/login/", "/admin/login/", "/api/v1/claims", "/health/live", "/nowhere/"],
)
def test_every_answer_bears_the_headers(client: Client, address: str) -> None:
    response = client.get(address)
    assert {name: response.get(name) for name in EVERYWHERE} == EVERYWHERE
    policy = response["Permissions-Policy"].split(", ")
    assert {"camera=()", "microphone=()", "geolocation=()"} < set(policy)


def test_other_sites_may_show_our_pictures(client: Client) -> None:
    response = client.get("/static/claimtracker/none.svg")
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_whom_to_tell_of_a_weakness(client: Client, settings: Any) -> None:
    settings.SECURITY_CONTACT = ["mailto:security@claims.example", "https://claims.example/security"]
    response = client.get("/.well-known/security.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    fields = [line.split(": ", 1) for line in response.content.decode().splitlines()]
    assert [value for name, value in fields if name == "Contact"] == settings.SECURITY_CONTACT
    told = dict(fields)
    until = datetime.fromisoformat(told["Expires"])
    assert timedelta(days=90) < until - timezone.now() < timedelta(days=365)
    assert told["Canonical"] == f"{settings.SITE_URL}/.well-known/security.txt"


def test_without_a_contact_there_is_no_such_page(client: Client, settings: Any) -> None:
    settings.SECURITY_CONTACT = []
    assert client.get("/.well-known/security.txt").status_code == 404


@pytest.fixture
def counted(settings: Any) -> Any:
    """As in production: the tests' settings count nothing."""
    del settings.ACCOUNT_RATE_LIMITS
    settings.TRUSTED_PROXIES = 1
    cache.clear()
    assert "login_failed" in app_settings.RATE_LIMITS
    yield
    cache.clear()


@pytest.mark.usefixtures("counted")
def test_who_guesses_passwords_is_locked_out_and_the_newsroom_is_not() -> None:
    User.objects.create_user("ana@example.org", "correct horse battery", name="Ana")
    User.objects.create_user("boris@example.org", "staple tram ticket", name="Boris")
    for _try in range(5):
        assert LOCKED not in sign_in("ana@example.org", "wrong", GUESSER).content
    assert LOCKED in sign_in("ana@example.org", "correct horse battery", GUESSER).content
    for number in range(4):
        assert LOCKED not in sign_in(f"{number}@example.org", "wrong", GUESSER).content
    assert LOCKED in sign_in("boris@example.org", "staple tram ticket", GUESSER).content
    spoofed = f"198.51.100.7, {GUESSER}"
    assert LOCKED in sign_in("boris@example.org", "staple tram ticket", spoofed).content
    # a colleague behind the same proxy
    assert sign_in("boris@example.org", "staple tram ticket", "198.51.100.7").status_code == 302


LOCKED = b"Too many failed"
GUESSER = "203.0.113.66"


def sign_in(email: str, password: str, seen: str) -> Any:
    return Client(headers={"X-Forwarded-For": seen}).post(
        "/account/login/", {"login": email, "password": password}
    )
