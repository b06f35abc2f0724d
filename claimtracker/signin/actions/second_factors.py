"""A lost second factor is taken off an account."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext as _

from claimtracker.accounts.models import User
from claimtracker.kernel.errors import ActionRefused
from claimtracker.ledger import audit

from ..letters import tell
from ..models import AccountLetter
from ..policies import can_reset_second_factor
from .sessions import end_sessions_with


@transaction.atomic
def reset_second_factor(person: User, *, by: User, reason: str) -> None:
    """Remove all second factors and recovery codes of ``person``, end their sessions and tell them by mail.
    ``reason``: how the moderator made sure who is asking. Locks the person.

    Raises NotPermitted, or ActionRefused (code ``none``). Audits second_factor.reset.
    """
    can_reset_second_factor(by, person).enforce()
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    removed = Authenticator.objects.filter(user=person).delete()[0]
    if not removed:
        raise ActionRefused(_("This account has no second step."), code="none")
    audit.record("second_factor.reset", by=by, subject=person, details={"removed": removed}, note=reason)
    end_sessions_with(person, keep="", by=by, because="second_factor_reset")
    tell(person, AccountLetter.Kind.FACTOR_RESET)
