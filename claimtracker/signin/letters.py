"""What people are told of their accounts by mail."""

from __future__ import annotations

from email.utils import formataddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from claimtracker import jobs
from claimtracker.kernel.mail import one_line

from .invitation_tokens import token_of
from .models import AccountLetter, Invitation

SEND = "signin.send_letter"
Kind = AccountLetter.Kind


def tell(user: Any, kind: AccountLetter.Kind, **facts: Any) -> AccountLetter:
    """Have ``user`` told. Inside the transaction of what is told; takes no lock."""
    letter = AccountLetter.objects.create(user=user, kind=kind, facts=facts)
    jobs.enqueue(SEND, letter.pk)
    return letter


def message_of(letter: AccountLetter) -> EmailMessage | None:
    """The words; None where nobody is left to be told."""
    if letter.invitation_id is not None:
        return _invitation(letter.invitation_id)
    person = letter.user
    if person is None or not person.is_active:
        return None
    subjects = {
        Kind.NEW_DEVICE: _("Somebody signed in with your account from a new device"),
        Kind.PASSWORD: _("Your password was changed"),
        Kind.FACTOR_RESET: _("Your second step was reset"),
        Kind.LOCKED: _("Somebody tries to sign in with your account"),
        Kind.CODE_USED: _("A recovery code of yours was used"),
        Kind.ADDRESS: _("The address of your account was changed"),
    }
    return EmailMessage(
        subject=f"[{settings.SITE_NAME}] {subjects[Kind(letter.kind)]}",
        body=render_to_string("mail/account.txt", _facts(letter)),
        from_email=settings.DEFAULT_FROM_EMAIL,
        # of a changed address the one before is told: whoever changed it reads the new one
        to=[formataddr((one_line(person.name), letter.facts.get("to") or person.email))],
        headers={"Auto-Submitted": "auto-generated"},
    )


def _invitation(pk: int) -> EmailMessage | None:
    """To an address that has no account. None where it was accepted, withdrawn or has run out meanwhile."""
    row = Invitation.objects.usable().select_related("desk", "invited_by").filter(pk=pk)
    invitation = row.first()
    if invitation is None or invitation.invited_by is None:
        return None
    facts = {
        "by": invitation.invited_by,
        "desk": invitation.desk,
        "role": invitation.get_role_display(),
        "site": settings.SITE_NAME,
        "until": invitation.expires_at,
        "url": _absolute("signin:invitation", token_of(invitation)),
    }
    return EmailMessage(
        subject=f"[{settings.SITE_NAME}] {_('You are invited')}",
        body=render_to_string("mail/invitation.txt", facts),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[invitation.email],
        headers={"Auto-Submitted": "auto-generated"},
    )


def _facts(letter: AccountLetter) -> dict[str, Any]:
    return {
        "name": letter.user.get_short_name() if letter.user else "",
        "site": settings.SITE_NAME,
        "kind": letter.kind,
        "when": letter.created_at,
        "sessions_url": _absolute("usersessions_list"),
        "password_url": _absolute("account_reset_password"),
        "factors_url": _absolute("mfa_index"),
        **letter.facts,
    }


def _absolute(name: str, *args: Any) -> str:
    return f"{settings.SITE_URL}{reverse(name, args=args)}"
