"""What allauth says of sign-ins, passwords and second factors: told to the ledger and to the person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from allauth.account import signals as account_signals
from allauth.core import context
from allauth.mfa import signals
from allauth.mfa.models import Authenticator
from django.contrib.auth.signals import user_logged_in
from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponseBase

from claimtracker.accounts.models import User
from claimtracker.accounts.moderation import moderated
from claimtracker.kernel.visitors import address_of
from claimtracker.ledger import audit

from .actions.failures import forget_failures, note_failure
from .actions.sessions import end_sessions_with
from .devices import note_device
from .letters import tell
from .models import AccountLetter
from .seen import mark_seen

CODES = Authenticator.Type.RECOVERY_CODES


@receiver(post_save, sender=Authenticator, dispatch_uid="signin.a_factor_was_saved")
def factor_saved(*, instance: Authenticator, created: bool, **_kwargs: Any) -> None:
    """Of the rows themselves: what allauth sends comes after the commit; the entry must stand with them."""
    if not created:
        return
    with transaction.atomic():
        if instance.type == CODES:
            audit.record("recovery_codes.made", by=_whoever_acts(), subject=instance.user)
        else:
            details = {"type": str(instance.type)}
            audit.record("second_factor.added", by=_whoever_acts(), subject=instance.user, details=details)


@receiver(post_delete, sender=Authenticator, dispatch_uid="signin.a_factor_was_deleted")
def factor_deleted(*, instance: Authenticator, **_kwargs: Any) -> None:
    """Codes go with the last factor, and when new ones are made: neither is worth an entry."""
    if instance.type == CODES:
        return
    with transaction.atomic():
        details = {"type": str(instance.type)}
        audit.record("second_factor.removed", by=_whoever_acts(), subject=instance.user, details=details)


def _whoever_acts() -> Any:
    request = context.request
    user = getattr(request, "user", None)
    return user if user is not None and user.is_authenticated else audit.SYSTEM


@receiver(signals.authenticator_used, dispatch_uid="signin.a_factor_was_used")
def factor_used(*, user: Any, authenticator: Authenticator, **_kwargs: Any) -> None:
    """A recovery code is the sign of a lost phone, or of somebody else's hand."""
    if authenticator.type == CODES:
        with transaction.atomic():
            authenticator.refresh_from_db()  # allauth marked the code on another copy of the row
            left = len(authenticator.wrap().get_unused_codes())
            audit.record("recovery_code.used", by=user, subject=user, details={"left": left})
            tell(user, AccountLetter.Kind.CODE_USED, left=left)


@receiver(user_logged_in, dispatch_uid="signin.a_session_begins")
def session_begins(*, request: HttpRequest, **_kwargs: Any) -> None:
    mark_seen(request)


@receiver(account_signals.user_logged_in, dispatch_uid="signin.somebody_signed_in")
def signed_in(*, request: HttpRequest, response: HttpResponseBase, user: User, **_kwargs: Any) -> None:
    note_device(request, response, user)
    forget_failures(user.email)


@receiver(signals.authentication_failed, dispatch_uid="signin.a_second_step_failed")
def second_step_failed(*, request: HttpRequest, user: User, **_kwargs: Any) -> None:
    note_failure(user.email, address=address_of(request))


@receiver(
    [account_signals.password_changed, account_signals.password_set, account_signals.password_reset],
    dispatch_uid="signin.a_password_was_changed",
)
def password_was_changed(*, request: HttpRequest, user: User, **_kwargs: Any) -> None:
    """Whoever sits at another session with the old one must go, and the owner hears of it. Who reset it by
    mail is not signed in."""
    keep = (request.session.session_key or "") if request.user.is_authenticated else ""
    with transaction.atomic():
        audit.record("password.changed", by=user, subject=user)
        end_sessions_with(user, keep=keep, by=user, because="password")
        tell(user, AccountLetter.Kind.PASSWORD)


@receiver(moderated, sender=User, dispatch_uid="signin.an_account_was_changed")
def account_was_changed(*, by: Any, subject: User, fields: Sequence[str], **_kwargs: Any) -> None:
    """Inside the transaction of the change: who is switched on again later begins a new session."""
    if "is_active" in fields and not subject.is_active:
        end_sessions_with(subject, keep="", by=by, because="deactivated")
