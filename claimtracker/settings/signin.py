"""Settings of who gets in, and with what. docs/operations.md lists them."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured

from .environment import env

# for whom a role may be asked to have a second factor: the roles at a desk, superusers, everyone
MFA_ROLE_WORDS = frozenset({"reporter", "checker", "editor", "lead", "moderator", "superuser", "everyone"})


def mfa_roles(default: list[str]) -> frozenset[str]:
    """Whose accounts are closed until a second factor stands. Raises ImproperlyConfigured for other words."""
    words = {word.strip().lower() for word in env.list("MFA_ROLES", default=default)} - {""}
    if unknown := sorted(words - MFA_ROLE_WORDS):
        raise ImproperlyConfigured(
            f"MFA_ROLES names {', '.join(unknown)}; it knows {', '.join(sorted(MFA_ROLE_WORDS))}."
        )
    return frozenset(words)


def oidc_providers(*, issuer: str, client_id: str, secret: str, name: str) -> dict[str, Any]:
    """What allauth is told of the identity provider. Raises ImproperlyConfigured for one that is half set, or
    that passwords and tokens would reach unencrypted."""
    if not issuer:
        return {}
    if not (client_id and secret):
        raise ImproperlyConfigured("OIDC_ISSUER is set: set OIDC_CLIENT_ID and OIDC_CLIENT_SECRET as well.")
    if not issuer.startswith(("https://", "http://127.0.0.1:", "http://localhost:")):
        raise ImproperlyConfigured("OIDC_ISSUER must begin with https://.")
    app = {
        "provider_id": "sso",
        "name": name,
        "client_id": client_id,
        "secret": secret,
        "settings": {"server_url": issuer},
    }
    return {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}


MFA_ROLES = mfa_roles([])
MFA_ADAPTER = "claimtracker.signin.adapters.SecondFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# moderators make accounts, so an address that was never confirmed is nobody's way to take one over
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_FORMS = {"authenticate": "claimtracker.signin.forms.SecondStepForm"}

# after how many wrong tries within how many minutes an address is closed to devices that it does not know,
# and for how long
SIGN_IN_FAILURES = env.int("SIGN_IN_FAILURES", default=10)
SIGN_IN_FAILURE_MINUTES = env.int("SIGN_IN_FAILURE_MINUTES", default=60)
SIGN_IN_LOCK_MINUTES = env.int("SIGN_IN_LOCK_MINUTES", default=30)

# how long an invitation works, and how many somebody sends in an hour
INVITATION_DAYS = env.int("INVITATION_DAYS", default=7)
INVITATIONS_PER_HOUR = env.int("INVITATIONS_PER_HOUR", default=50)

# the newsroom's own identity provider; without an issuer there is none
OIDC_ISSUER = env.str("OIDC_ISSUER", default="").rstrip("/")
OIDC_CLIENT_ID = env.str("OIDC_CLIENT_ID", default="")
OIDC_CLIENT_SECRET = env.str("OIDC_CLIENT_SECRET", default="")
OIDC_NAME = env.str("OIDC_NAME", default="Single sign-on")
# which words in amr or acr of its ID token stand for a second factor that it asked for
OIDC_MFA_VALUES: list[str] = env.list("OIDC_MFA_VALUES", default=[])
SOCIALACCOUNT_ADAPTER = "claimtracker.signin.oidc.InvitedOnlySocialAdapter"
SOCIALACCOUNT_PROVIDERS = oidc_providers(
    issuer=OIDC_ISSUER, client_id=OIDC_CLIENT_ID, secret=OIDC_CLIENT_SECRET, name=OIDC_NAME
)

# the open sessions of a person: kept by allauth, looked after by claimtracker.signin.seen
USERSESSIONS_TRACK_ACTIVITY = False

SIGNIN_JOB_QUEUES = {"signin.send_letter": "mail"}
SIGNIN_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "signin.tidy": {
        "task": "signin.tidy",
        "schedule": 3600.0,
        "options": {"expires": 3600, "queue": "default"},
    },
}
