"""What of the identity provider's answers is taken, what is seen when it does not answer, and with which
settings the product starts."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa

from claimtracker.accounts.models import User
from claimtracker.kernel.secret_addresses import masked
from claimtracker.settings.oidc import oidc_providers
from tests.support.oidc_provider import CLIENT, OpenIdProvider

from .conftest import browser
from .sso import START, asked_for, at_the_provider, come_in, is_in, leads_to, says

STRANGE_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
GIVEN = {
    "issuer": "https://login.example",
    "client_id": "c",
    "secret": "s",
    "name": "Login",
    "mfa_values": [],
}


def refused(provider: OpenIdProvider, person: User, status: int) -> str:
    """They come back to a page that says why, signed in as nobody and joined with nobody."""
    client = browser()
    answer = come_in(client)
    assert answer.status_code == status
    assert answer["Cache-Control"] == "no-store"
    assert not is_in(client)
    assert not SocialAccount.objects.exists()
    return str(answer.content.decode())


@pytest.mark.django_db
def test_state_nonce_and_pkce_go_along(provider: OpenIdProvider) -> None:
    first, second = asked_for(leads_to(browser())), asked_for(leads_to(browser()))
    assert first["response_type"] == "code"
    assert first["code_challenge_method"] == "S256"
    assert set(first["scope"].split()) == {"openid", "profile", "email"}
    assert first["redirect_uri"] == "http://testserver/account/sso/callback/"
    for name in ("state", "nonce", "code_challenge"):
        assert len(first[name]) >= 16
        assert first[name] != second[name]


@pytest.mark.django_db
def test_a_browser_cannot_change_what_is_asked(provider: OpenIdProvider) -> None:
    page = browser().post(
        f"{START}?auth_params=redirect_uri%3Dhttps://evil.example&scope=admin&process=connect"
    )
    assert b"evil.example" not in page.content
    assert b"admin" not in page.content


@pytest.mark.django_db
@pytest.mark.parametrize(
    "said",
    [
        {"aud": "another-client"},
        {"aud": [CLIENT, "another-client"]},
        {"azp": "another-client"},
        {"iss": "https://evil.example"},
        {"exp": 1},
        {"iat": 99_999_999_999},
        {"nonce": "of-another-sign-in"},
        {"nonce": None},
        {"sub": None},
        {"sub": ""},
        {"sub": "x" * 300},
        {"sub": "a\x00b"},
    ],
)
def test_a_token_that_is_not_for_this_sign_in_is_refused(
    provider: OpenIdProvider, checker: User, said: dict[str, Any]
) -> None:
    says(provider, checker.email, **said)
    assert "could not say who you are" in refused(provider, checker, 502)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("signer", "algorithm"),
    [(STRANGE_KEY, "RS256"), (None, "none"), (hashlib.sha256(b"our secret").hexdigest(), "HS256")],
    ids=["another key", "no key", "a secret"],
)
def test_a_token_that_the_provider_did_not_sign_is_refused(
    provider: OpenIdProvider, checker: User, signer: Any, algorithm: str
) -> None:
    says(provider, checker.email)
    provider.signer, provider.algorithm = signer, algorithm
    refused(provider, checker, 502)


@pytest.mark.django_db
def test_an_answer_that_nobody_asked_for_is_refused(provider: OpenIdProvider, checker: User) -> None:
    says(provider, checker.email)
    thief, victim = browser(), browser()
    back = urlsplit(at_the_provider(leads_to(thief)))
    answer = victim.get(f"{back.path}?{back.query}")
    assert answer.status_code == 409
    assert not is_in(victim)
    assert "/token" not in provider.asked


@pytest.mark.django_db
def test_an_answer_works_once(provider: OpenIdProvider, checker: User) -> None:
    says(provider, checker.email)
    client = browser()
    back = urlsplit(at_the_provider(leads_to(client)))
    client.get(f"{back.path}?{back.query}")
    client.post("/account/logout/")
    assert client.get(f"{back.path}?{back.query}").status_code == 409
    assert not is_in(client)


@pytest.mark.django_db
def test_a_code_of_another_browser_is_worth_nothing(provider: OpenIdProvider, checker: User) -> None:
    """Put into one's own way back: PKCE holds it to where it was asked for."""
    says(provider, checker.email)
    thief, victim = browser(), browser()
    stolen = asked_for(at_the_provider(leads_to(victim)))["code"]
    state = asked_for(leads_to(thief))["state"]
    assert thief.get(f"{START}callback/?code={stolen}&state={state}").status_code == 502
    assert provider.refusals == ["verifier"]
    assert not is_in(thief)


def test_a_code_stands_in_no_log() -> None:
    line = "Not Found: <WSGIRequest: GET '/account/sso/callback/?code=6QxHeLh0&state=t9Jv'>"
    assert masked(line) == "Not Found: <WSGIRequest: GET '/account/sso/callback/?[key]'>"


@pytest.mark.django_db
def test_who_stops_there_reads_so(provider: OpenIdProvider) -> None:
    client = browser()
    state = asked_for(leads_to(client, next="/queue/"))["state"]
    answer = client.get(f"{START}callback/?error=access_denied&state={state}")
    assert answer.status_code == 400
    assert "You stopped at Newsroom login" in answer.content.decode()
    assert "/account/login/?next=%2Fqueue%2F" in answer.content.decode()


@pytest.mark.django_db
def test_the_address_may_stand_at_the_other_door(provider: OpenIdProvider, checker: User) -> None:
    says(provider, checker.email, email=None, email_verified=None)
    client = browser()
    come_in(client)
    assert is_in(client)


@pytest.mark.django_db
def test_a_word_on_one_address_is_none_on_another(
    provider: OpenIdProvider, checker: User, lead: User
) -> None:
    says(provider, checker.email, email=lead.email, email_verified=None)
    provider.person["email_verified"] = False
    refused(provider, checker, 403)


@pytest.mark.django_db
def test_another_person_at_the_other_door_is_refused(provider: OpenIdProvider, checker: User) -> None:
    says(provider, checker.email, email=None, sub="somebody-else")
    refused(provider, checker, 502)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/token", "/jwks"])
@pytest.mark.parametrize("answer", [(500, "{}"), (200, "no json"), (200, "[]"), (200, "{}")])
def test_a_provider_that_fails_half_way_gives_a_page(
    provider: OpenIdProvider, checker: User, path: str, answer: tuple[int, str]
) -> None:
    says(provider, checker.email)
    provider.answers[path] = answer
    client = browser()
    page = come_in(client, next="/queue/")
    assert page.status_code in {502, 503}
    assert "/account/login/?next=%2Fqueue%2F" in page.content.decode()
    assert not is_in(client)
    provider.answers.clear()
    come_in(client)
    assert is_in(client)


@pytest.mark.django_db
@pytest.mark.parametrize("answer", [(500, "{}"), (200, "no json"), (200, "[]"), (200, "{}")])
def test_a_provider_that_is_down_gives_a_page(provider: OpenIdProvider, answer: tuple[int, str]) -> None:
    provider.answers["/.well-known/openid-configuration"] = answer
    page = browser().post(START, {"next": "/queue/"})
    assert page.status_code == 503
    assert "Newsroom login does not answer" in page.content.decode()
    assert "/account/login/?next=%2Fqueue%2F" in page.content.decode()


@pytest.mark.django_db
def test_a_provider_that_nothing_listens_for_gives_a_page(provider: OpenIdProvider, settings: Any) -> None:
    settings.SOCIALACCOUNT_PROVIDERS = oidc_providers(**{**GIVEN, "issuer": "http://127.0.0.1:9"})
    client = browser()
    assert client.post(START).status_code == 503
    assert client.get(f"{START}callback/?code=x&state=y").status_code == 409


@pytest.mark.django_db
def test_the_secret_follows_no_redirect(provider: OpenIdProvider, checker: User) -> None:
    says(provider, checker.email)
    provider.answers["/token"] = (307, f"{provider.issuer}/elsewhere")
    refused(provider, checker, 503)
    assert "/elsewhere" not in provider.asked


@pytest.mark.django_db
@pytest.mark.parametrize(
    "said", [{"issuer": "https://evil.example"}, {"token_endpoint": "ftp://login.example/token"}]
)
def test_a_configuration_of_another_is_refused(provider: OpenIdProvider, said: dict[str, Any]) -> None:
    provider.configured = said
    assert browser().post(START).status_code == 502


@pytest.mark.django_db
def test_the_button_has_a_limit(provider: OpenIdProvider, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": "30/m/ip"}
    client = browser()
    answers = [client.post(START).status_code for _time in range(31)]
    assert answers == [200] * 30 + [429]


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ({"issuer": ""}, "OIDC_CLIENT_ID, OIDC_CLIENT_SECRET without OIDC_ISSUER"),
        ({"issuer": "", "client_id": "", "secret": "", "mfa_values": ["otp"]}, "OIDC_MFA_VALUES without"),
        ({"client_id": ""}, "set OIDC_CLIENT_ID as well"),
        ({"secret": ""}, "set OIDC_CLIENT_SECRET as well"),
        ({"name": ""}, "OIDC_NAME is empty"),
        ({"issuer": "http://login.example"}, "OIDC_ISSUER must begin with https"),
        ({"issuer": "http://127.0.0.1:x@login.example"}, "OIDC_ISSUER must be an address"),
        ({"issuer": "https://login.example?realm=x"}, "OIDC_ISSUER must be an address"),
        ({"issuer": "login.example"}, "OIDC_ISSUER must be an address"),
        ({"issuer": "https://login.example/" + "x" * 200}, "OIDC_ISSUER has more than"),
    ],
)
def test_half_a_setting_stops_the_start_with_its_name(given: dict[str, Any], names: str) -> None:
    with pytest.raises(Exception, match=names):
        oidc_providers(**{**GIVEN, **given})


def started(secret: str) -> str:
    """What production says at its start, in a process of its own."""
    keys = {
        name: hashlib.sha256(name.encode()).hexdigest() for name in ("SECRET_KEY", "LEDGER_KEY", "FIELD_KEY")
    }
    environment = {
        **keys,
        "PATH": os.environ["PATH"],
        "DATABASE_URL": "postgres://x@127.0.0.1/x",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "ALLOWED_HOSTS": "claims.example",
        "SITE_URL": "https://claims.example",
        "LEDGER_HEAD_PATH": "/nowhere/head",
        "OIDC_ISSUER": "https://login.example/",
        "OIDC_CLIENT_ID": "claimtracker",
        "OIDC_CLIENT_SECRET": secret,
    }
    code = "from claimtracker.settings.prod import SOCIALACCOUNT_PROVIDERS as p; print(len(p))"
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=root, capture_output=True, text=True, check=False
    )
    return done.stdout.strip() or done.stderr.strip().splitlines()[-1]


def test_a_weak_secret_stops_the_start_and_is_not_said() -> None:
    assert started(hashlib.sha256(b"long").hexdigest()) == "1"
    says_so = started("newsroom2026")
    assert "OIDC_CLIENT_SECRET has 12 characters" in says_so
    assert "newsroom2026" not in says_so
