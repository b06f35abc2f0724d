"""Who must have a second factor (MFA_ROLES), and what they still lack of it.

There is no grace: setting one up takes a minute, and a role that may publish or look into everything is what
an attacker wants on its first day.
"""

from __future__ import annotations

from enum import Enum
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.utils.translation import gettext as _

from claimtracker.accounts.access import roles_by_desk
from claimtracker.accounts.models import User
from claimtracker.kernel.errors import ActionRefused

FACTORS = frozenset({Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN})


class Lack(Enum):
    """What keeps an account closed."""

    FACTOR = "factor"
    CODES_UNSEEN = "codes_unseen"


def must_have_one(user: Any) -> bool:
    """Whether this person's role asks for a second factor."""
    roles: frozenset[str] = settings.MFA_ROLES
    if not roles:
        return False
    if "everyone" in roles or ("superuser" in roles and user.is_superuser):
        return True
    return any(role in roles for role in roles_by_desk(user).values())


def lack_of(user: Any) -> Lack | None:
    """What this person must do before anything else; None when all is well or nothing is asked."""
    if not must_have_one(user):
        return None
    rows = list(Authenticator.objects.filter(user_id=user.pk).only("type", "data"))
    if not any(row.type in FACTORS for row in rows):
        return Lack.FACTOR
    codes = [row for row in rows if row.type == Authenticator.Type.RECOVERY_CODES]
    if not codes or not codes[0].wrap().did_view:
        return Lack.CODES_UNSEEN
    return None


def check_may_remove(factor: Authenticator) -> None:
    """Raises ActionRefused for the last second factor of somebody who must have one. Locks the person, so
    that of two that are removed at the same moment one stays; the caller removes in the same transaction."""
    if not must_have_one(factor.user):
        return
    User.objects.select_for_update(no_key=True).get(pk=factor.user_id)
    others = Authenticator.objects.filter(user_id=factor.user_id, type__in=FACTORS).exclude(pk=factor.pk)
    if not others.exists():
        raise ActionRefused(
            _("Your role needs a second step. Set up another one first, then remove this."),
            code="last_factor",
        )
