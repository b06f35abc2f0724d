"""Signing in with the newsroom's own identity provider, against a real one on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.test import Client

from claimtracker.accounts.models import Role, User
from claimtracker.ledger.models import AuditEntry
from claimtracker.settings.signin import oidc_providers
from claimtracker.signin.actions.invitations import invite, withdraw
from tests import factories
from tests.support.oidc_provider import CLIENT, SECRET, OpenIdProvider, openid_provider

from .conftest import browser, set_up_app, signed_in

pytestmark = pytest.mark.django_db
START = "/account/oidc/sso/login/"


@pytest.fixture(scope="module")
def running() -> Iterator[OpenIdProvider]:
    with openid_provider() as provider:
        yield provider


@pytest.fixture
def provider(running: OpenIdProvider, settings: Any) -> OpenIdProvider:
    settings.SOCIALACCOUNT_PROVIDERS = oidc_providers(
        issuer=running.issuer, client_id=CLIENT, secret=SECRET, name="Newsroom login"
    )
    running.person, running.in_token = {}, {}
    running.refusals.clear()
    return running


class _Staying(HTTPRedirectHandler):
    def redirect_request(self, *_args: Any, **_options: Any) -> None:
        return None


def at_the_provider(address: str) -> str:
    """What the browser does there: it is sent back at once."""
    try:
        build_opener(_Staying).open(Request(address), timeout=5)
    except Exception as redirect:  # noqa: BLE001 - urllib calls a redirect that is not followed an error
        return str(redirect.headers["Location"])  # type: ignore[attr-defined]
    raise AssertionError("it did not send anybody back")


def come_in(client: Client) -> Any:
    """The whole way there and back."""
    asked = client.post(START)
    assert asked.status_code == 302, asked.content.decode()[:1000]
    back = urlsplit(at_the_provider(asked["Location"]))
    return client.get(f"{back.path}?{back.query}")


def says(provider: OpenIdProvider, email: str, **more: Any) -> None:
    verified = more.pop("email_verified", True)
    provider.person = {
        "sub": f"id-of-{email}",
        "email": email,
        "email_verified": verified,
        "name": "Ann Bell",
    }
    provider.in_token = more


def is_in(client: Client) -> bool:
    return client.get("/").status_code == 200


def test_without_the_setting_there_is_no_such_door(checker: User) -> None:
    client = browser()
    assert "Newsroom login" not in client.get("/account/login/").content.decode()
    assert client.post(START).status_code == 404


def test_who_has_an_account_comes_in(provider: OpenIdProvider, checker: User) -> None:
    client = browser()
    assert "Newsroom login" in client.get("/account/login/").content.decode()
    says(provider, checker.email)
    assert come_in(client).status_code == 302
    assert is_in(client)
    assert provider.refusals == []
    assert SocialAccount.objects.get().user == checker
    assert not SocialToken.objects.exists()
    assert AuditEntry.objects.filter(verb="identity.connected").count() == 1
    checker.refresh_from_db()
    assert checker.check_password(factories.PASSWORD)


def test_it_never_opens_the_house(provider: OpenIdProvider) -> None:
    client = browser()
    says(provider, "stranger@example.org")
    come_in(client)
    assert not is_in(client)
    assert not User.objects.filter(email="stranger@example.org").exists()
    assert client.get("/account/3rdparty/signup/").status_code in (302, 404)
    assert not User.objects.filter(email="stranger@example.org").exists()


@pytest.mark.parametrize("verified", [False, "true", None])
def test_an_address_that_is_not_verified_is_nobodys(
    provider: OpenIdProvider, checker: User, verified: Any
) -> None:
    client = browser()
    says(provider, checker.email, email_verified=verified)
    come_in(client)
    assert not is_in(client)
    assert not SocialAccount.objects.exists()


def test_who_is_invited_comes_in_once_and_without_a_password(provider: OpenIdProvider, lead: User) -> None:
    desk = lead.memberships.get().desk
    invite(desk, by=lead, email="ann@example.org", role=Role.CHECKER)
    client = browser()
    says(provider, "Ann@example.org")
    come_in(client)
    assert is_in(client)
    person = User.objects.get(email="ann@example.org")
    assert (person.name, person.has_usable_password()) == ("Ann Bell", False)
    assert person.memberships.get().role == Role.CHECKER


def test_a_withdrawn_invitation_lets_nobody_in(provider: OpenIdProvider, lead: User) -> None:
    desk = lead.memberships.get().desk
    withdraw(invite(desk, by=lead, email="ann@example.org", role=Role.CHECKER), by=lead)
    client = browser()
    says(provider, "ann@example.org")
    come_in(client)
    assert not is_in(client)
    assert not User.objects.filter(email="ann@example.org").exists()


def test_who_is_switched_off_stays_out(provider: OpenIdProvider, checker: User) -> None:
    client = browser()
    says(provider, checker.email)
    come_in(client)
    client.post("/account/logout/")
    User.objects.filter(pk=checker.pk).update(is_active=False)
    come_in(client)
    assert not is_in(client)


@pytest.mark.parametrize("changed", [{"aud": "another-client"}, {"iss": "https://evil.example"}, {"exp": 1}])
def test_a_token_for_somebody_else_or_of_somebody_else_is_refused(
    provider: OpenIdProvider, checker: User, changed: dict[str, Any]
) -> None:
    client = browser()
    says(provider, checker.email, **changed)
    come_in(client)
    assert not is_in(client)
    assert not SocialAccount.objects.exists()


def test_an_answer_that_nobody_asked_for_is_refused(provider: OpenIdProvider, checker: User) -> None:
    says(provider, checker.email)
    thief, victim = browser(), browser()
    back = urlsplit(at_the_provider(thief.post(START)["Location"]))
    assert parse_qs(back.query)["code"]
    victim.get(f"{back.path}?{back.query}")
    assert not is_in(victim)


def test_a_role_that_needs_a_second_factor_needs_it_here_too(
    provider: OpenIdProvider, lead: User, settings: Any
) -> None:
    settings.MFA_ROLES = frozenset({"lead"})
    client = browser()
    says(provider, lead.email, amr=["pwd", "otp"])
    come_in(client)
    assert client.get("/")["Location"] == "/account/2fa/"


@pytest.mark.parametrize("said", [{"amr": ["pwd", "otp"]}, {"acr": "urn:example:mfa"}])
def test_unless_the_provider_asked_for_one_and_we_take_its_word(
    provider: OpenIdProvider, lead: User, settings: Any, said: dict[str, Any]
) -> None:
    settings.MFA_ROLES = frozenset({"lead"})
    settings.OIDC_MFA_VALUES = ["otp", "urn:example:mfa"]
    client = browser()
    says(provider, lead.email, **said)
    come_in(client)
    assert is_in(client)
    # the password alone, in another session, is still not enough
    assert signed_in(lead).get("/")["Location"] == "/account/2fa/"


@pytest.mark.parametrize("said", [{"amr": ["pwd"]}, {"amr": "otp"}, {}, {"acr": "0"}])
def test_another_word_of_the_provider_is_not_enough(
    provider: OpenIdProvider, lead: User, settings: Any, said: dict[str, Any]
) -> None:
    settings.MFA_ROLES = frozenset({"lead"})
    settings.OIDC_MFA_VALUES = ["otp"]
    client = browser()
    says(provider, lead.email, **said)
    come_in(client)
    assert client.get("/")["Location"] == "/account/2fa/"


def test_a_second_factor_of_ours_is_asked_for(provider: OpenIdProvider, checker: User) -> None:
    set_up_app(signed_in(checker))
    assert Authenticator.objects.filter(user=checker).exists()
    client = browser()
    says(provider, checker.email)
    assert come_in(client)["Location"].startswith("/account/2fa/authenticate/")
    assert not is_in(client)
