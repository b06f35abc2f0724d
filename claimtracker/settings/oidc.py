"""Settings of the newsroom's own identity provider (OpenID Connect). docs/operations.md lists them."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.core.exceptions import ImproperlyConfigured

from .environment import env
from .weak_secrets import weaknesses

LONGEST_ISSUER = 200  # as long as the column that says whose identifier one is
GIVEN_WITH_IT = ("OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET", "OIDC_MFA_VALUES")


def oidc_providers(
    *, issuer: str, client_id: str, secret: str, name: str, mfa_values: list[str]
) -> dict[str, Any]:
    """What allauth is told of the identity provider; nothing without an issuer. Raises ImproperlyConfigured,
    with the setting's name, for one that is half set, or that the secret would reach unencrypted."""
    given = dict(zip(GIVEN_WITH_IT, (client_id, secret, mfa_values), strict=True))
    if not issuer:
        if idle := [setting for setting, value in given.items() if value]:
            raise ImproperlyConfigured(
                f"{', '.join(idle)} without OIDC_ISSUER: set it too, or unset the rest."
            )
        return {}
    if missing := [setting for setting in GIVEN_WITH_IT[:2] if not given[setting]]:
        raise ImproperlyConfigured(f"OIDC_ISSUER is set: set {' and '.join(missing)} as well.")
    if not name:
        raise ImproperlyConfigured("OIDC_NAME is empty: the button on the sign-in page needs a word.")
    _check_issuer(issuer)
    app = {
        "provider_id": "sso",
        "name": name,
        "client_id": client_id,
        "secret": secret,
        "settings": {"server_url": issuer},
    }
    return {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}


def check_client_secret(secret: str) -> None:
    """In production. Raises ImproperlyConfigured for one that can be guessed, and never says it."""
    if secret and (weak := weaknesses({"OIDC_CLIENT_SECRET": secret})):
        raise ImproperlyConfigured(f"{' '.join(weak)} Have the identity provider make another.")


def _check_issuer(issuer: str) -> None:
    parts = urlsplit(issuer)
    if not parts.hostname or parts.username is not None or parts.query or parts.fragment:
        raise ImproperlyConfigured("OIDC_ISSUER must be an address like https://login.newsroom.example.")
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_loopback(parts)):
        raise ImproperlyConfigured("OIDC_ISSUER must begin with https://: the client's secret goes there.")
    if len(issuer) > LONGEST_ISSUER:
        raise ImproperlyConfigured(f"OIDC_ISSUER has more than {LONGEST_ISSUER} characters.")


def _is_loopback(parts: SplitResult) -> bool:
    """A provider on the same machine: what goes there leaves on no wire."""
    try:
        return ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return parts.hostname == "localhost"


# without an issuer there is none, and no address for it
OIDC_ISSUER = env.str("OIDC_ISSUER", default="").rstrip("/")
OIDC_CLIENT_ID = env.str("OIDC_CLIENT_ID", default="")
OIDC_CLIENT_SECRET = env.str("OIDC_CLIENT_SECRET", default="")
OIDC_NAME = env.str("OIDC_NAME", default="Single sign-on")
# which words in amr or acr of its ID token stand for a second factor that it asked for
OIDC_MFA_VALUES: list[str] = [word for word in env.list("OIDC_MFA_VALUES", default=[]) if word.strip()]

SOCIALACCOUNT_ADAPTER = "claimtracker.signin.oidc.InvitedOnlySocialAdapter"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS = oidc_providers(
    issuer=OIDC_ISSUER,
    client_id=OIDC_CLIENT_ID,
    secret=OIDC_CLIENT_SECRET,
    name=OIDC_NAME,
    mfa_values=OIDC_MFA_VALUES,
)
