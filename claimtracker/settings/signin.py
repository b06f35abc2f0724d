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


LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "web:home"
ACCOUNT_LOGOUT_REDIRECT_URL = "reviews:public_index"
ACCOUNT_ADAPTER = "claimtracker.signin.adapters.InvitedOnlyAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_FORMS = {
    "add_email": "claimtracker.signin.forms.AddAddressForm",
    "change_password": "claimtracker.signin.forms.AnotherPasswordForm",
    "reset_password": "claimtracker.signin.forms.ForgottenPasswordForm",
}
# whoever sits at an open session must not have another address, and by it another password
ACCOUNT_REAUTHENTICATION_REQUIRED = True

MFA_ROLES = mfa_roles([])
MFA_ADAPTER = "claimtracker.signin.adapters.SecondFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# moderators make accounts, so an address that was never confirmed is nobody's way to take one over
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_FORMS = {
    "authenticate": "claimtracker.signin.forms.SecondStepForm",
    "reauthenticate": "claimtracker.signin.forms.SecondStepAgainForm",
}

# after how many wrong tries within how many minutes an address is closed to devices that it does not know,
# and for how long
SIGN_IN_FAILURES = env.int("SIGN_IN_FAILURES", default=10)
SIGN_IN_FAILURE_MINUTES = env.int("SIGN_IN_FAILURE_MINUTES", default=60)
SIGN_IN_LOCK_MINUTES = env.int("SIGN_IN_LOCK_MINUTES", default=30)

# how long an invitation works, and how many somebody sends in an hour
INVITATION_DAYS = env.int("INVITATION_DAYS", default=7)
INVITATIONS_PER_HOUR = env.int("INVITATIONS_PER_HOUR", default=50)

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
