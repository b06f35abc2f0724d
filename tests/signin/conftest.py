"""People who sign in as they do: through the pages, with what they know and have."""

from __future__ import annotations

import html
import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from claimtracker.accounts.models import Role, User
from claimtracker.settings.oidc import oidc_providers
from tests import factories
from tests.support.oidc_provider import CLIENT, SECRET, OpenIdProvider, openid_provider
from tests.support.totp import code_now

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture(autouse=True)
def nothing_counted_before() -> Any:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def roles_asked(settings: Any) -> None:
    """As in production."""
    settings.MFA_ROLES = frozenset({"lead", "moderator", "superuser"})


@pytest.fixture
def lead(db: None) -> User:
    return factories.make_user(Role.LEAD, name="Lena Roe")


@pytest.fixture
def checker(db: None) -> User:
    return factories.make_user(Role.CHECKER, name="Mara Okafor")


@pytest.fixture
def moderator(db: None) -> User:
    return factories.make_user(Role.MODERATOR, name="Milo Duarte")


def browser(**headers: str) -> Client:
    return Client(headers={"User-Agent": FIREFOX, **headers}, REMOTE_ADDR="203.0.113.9")


def sign_in(client: Client, person: User, password: str = factories.PASSWORD) -> Any:
    """The password, as the first step."""
    return client.post("/account/login/", {"login": person.email, "password": password})


def signed_in(person: User, **headers: str) -> Client:
    client = browser(**headers)
    response = sign_in(client, person)
    assert response.status_code == 302, response.content[:500]
    return client


def set_up_app(client: Client) -> str:
    """Read the secret of an authenticator app off the page and answer with a code. Returns the secret."""
    page = client.get("/account/2fa/totp/activate/").content.decode()
    found = re.search(r'id="authenticator_secret"[^>]*value="([A-Z2-7]+)"', html.unescape(page))
    assert found, page[:2000]
    answer = client.post("/account/2fa/totp/activate/", {"code": code_now(found.group(1))})
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return found.group(1)


def recovery_codes(client: Client) -> list[str]:
    page = client.get("/account/2fa/recovery-codes/").content.decode()
    return re.findall(r"\b\d{8}\b", page)


@pytest.fixture
def next_code(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """The code of the next half minute, and the server's clock in it: one that was not used yet."""

    def move_on(secret: str) -> str:
        real = time.time
        cache.clear()
        later = real() + 30
        monkeypatch.setattr("allauth.mfa.totp.internal.auth.time.time", lambda: later)
        from tests.support.totp import code_at

        return code_at(secret, later)

    return move_on


@pytest.fixture(scope="session")
def running() -> Iterator[OpenIdProvider]:
    with openid_provider() as provider:
        yield provider


@pytest.fixture
def provider(running: OpenIdProvider, settings: Any) -> OpenIdProvider:
    settings.SOCIALACCOUNT_PROVIDERS = oidc_providers(
        issuer=running.issuer, client_id=CLIENT, secret=SECRET, name="Newsroom login", mfa_values=[]
    )
    running.as_new()
    return running
