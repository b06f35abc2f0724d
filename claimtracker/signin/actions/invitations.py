"""Somebody new is invited to a desk by mail, and comes in."""

from __future__ import annotations

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claimtracker import jobs
from claimtracker.accounts.models import Desk, Membership, User
from claimtracker.kernel.errors import ActionRefused
from claimtracker.ledger import audit
from reviews.policies.settings import can_grant

from ..invitation_tokens import digest_of, token_of
from ..letters import SEND
from ..models import AccountLetter, Invitation
from ..models.invitations import new_salt
from .addresses import has_account

MOST_SENDS = 10


@transaction.atomic
def invite(desk: Desk, *, by: User, email: str, role: str) -> Invitation:
    """Ask somebody without an account to join a desk. Leads of the desk, up to what they are, and moderators.
    Locks the one who invites, for the limit of the hour.

    Raises NotPermitted, or ActionRefused (fields ``email``, ``role``). Audits invitation.made.
    """
    can_grant(by, desk, role).enforce()
    email = email.strip().lower()
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    lately = timezone.now() - timedelta(hours=1)
    made = Invitation.objects.filter(invited_by=by, created_at__gt=lately).count()
    if made >= settings.INVITATIONS_PER_HOUR:
        raise ActionRefused(_("That is enough for one hour. Go on later."), code="too_many")
    if has_account(email):
        raise ActionRefused(
            _("This address has an account. Add its person to the desk under Roles."),
            code="has_account",
            field="email",
        )
    row = Invitation(email=email, desk=desk, role=role, invited_by=by, expires_at=_ends())
    row.digest = digest_of(token_of(row))
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:  # one_pending_invitation_per_address
        raise ActionRefused(
            _("This address has been invited already. Send that again, or withdraw it first."),
            code="invited_already",
            field="email",
        ) from error
    _send(row)
    audit.record("invitation.made", by=by, subject=row, details={"desk": desk.slug, "role": role})
    return row


@transaction.atomic
def send_again(invitation: Invitation, *, by: User) -> Invitation:
    """A new mail with a new address and a new end; the one before is worth nothing any more. As invite. Locks
    the invitation. Audits invitation.sent_again."""
    row = _pending(invitation)
    can_grant(by, row.desk, row.role).enforce()
    if row.sends >= MOST_SENDS:
        raise ActionRefused(
            _("It was sent %(n)d times. Withdraw it and ask for another address.") % {"n": row.sends},
            code="too_many",
        )
    row.salt, row.sends, row.sent_at, row.expires_at = new_salt(), row.sends + 1, timezone.now(), _ends()
    row.invited_by, row.digest = by, digest_of(token_of(row))
    row.save()
    _send(row)
    audit.record("invitation.sent_again", by=by, subject=row, details={"desk": row.desk.slug})
    return row


@transaction.atomic
def withdraw(invitation: Invitation, *, by: User) -> Invitation:
    """It lets nobody in any more. As invite. Locks the invitation. Audits invitation.withdrawn."""
    row = _pending(invitation)
    can_grant(by, row.desk, row.role).enforce()
    row.withdrawn_at = timezone.now()
    row.save(update_fields=["withdrawn_at"])
    audit.record("invitation.withdrawn", by=by, subject=row, details={"desk": row.desk.slug})
    return row


def invitation_of(token: str) -> Invitation | None:
    """The one that ``token`` opens now; None for every reason why none does, so that nobody learns which."""
    rows = Invitation.objects.usable().select_related("desk", "invited_by")
    row = rows.filter(digest=digest_of(token)).first()
    return row if row is not None and _holds(row) else None


@transaction.atomic
def accept(token: str, *, name: str, password: str) -> User:
    """Make the account and the membership. The address is confirmed: the mail came there. Locks the
    invitation: it lets one in.

    Raises ActionRefused (code ``gone``, or field ``password``). Audits invitation.accepted, membership.added.
    """
    locked = Invitation.objects.usable().select_for_update(of=("self",)).select_related("desk", "invited_by")
    row = locked.filter(digest=digest_of(token)).first()
    if row is None or not _holds(row) or has_account(row.email):
        raise ActionRefused(_("This invitation does not work any more."), code="gone")
    _check_password(password, User(email=row.email, name=name))
    return _let_in(row, name=name, password=password)


@transaction.atomic
def accept_as_known(email: str, *, name: str) -> User | None:
    """The newsroom's identity provider says that this is the owner of ``email``: an invitation to it needs no
    password. As accept; None where nobody is invited."""
    locked = Invitation.objects.usable().select_for_update(of=("self",)).select_related("desk", "invited_by")
    row = locked.filter(email__iexact=email).first()
    if row is None or not _holds(row) or not is_same_address(row.email, email) or has_account(row.email):
        return None
    return _let_in(row, name=name.strip()[:150] or row.email, password=None)


def is_same_address(one: str, other: str) -> bool:
    """Capitals aside, of plain letters only: a database takes some letters of other scripts for them, and
    another's address must not pass for ours."""
    plain = one.isascii() and other.isascii()
    return one.lower() == other.lower() if plain else one == other


def _let_in(row: Invitation, *, name: str, password: str | None) -> User:
    person = User.objects.create_user(row.email, password, name=name)
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    member = Membership.objects.create(user=person, desk=row.desk, role=row.role)
    row.accepted_at, row.accepted_by = timezone.now(), person
    row.save(update_fields=["accepted_at", "accepted_by"])
    audit.record("invitation.accepted", by=person, subject=row, details={"desk": row.desk.slug})
    of = str(audit.actor_for(person).ref)
    details = {"desk": row.desk.slug, "of": of, "role": row.role}
    audit.record("membership.added", by=row.invited_by or audit.SYSTEM, subject=member, details=details)
    return person


def _holds(row: Invitation) -> bool:
    """Whoever invited must still be somebody who may: an invitation is no key that outlives its giver."""
    inviter = row.invited_by
    return inviter is not None and inviter.is_active and bool(can_grant(inviter, row.desk, row.role))


def _pending(invitation: Invitation) -> Invitation:
    rows = Invitation.objects.pending().select_for_update(of=("self",)).select_related("desk")
    row = rows.filter(pk=invitation.pk).first()
    if row is None:
        raise ActionRefused(_("This invitation was accepted or withdrawn."), code="settled")
    return row


def _check_password(password: str, person: User) -> None:
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise ActionRefused(" ".join(error.messages), code="password", field="password") from error


def _ends() -> datetime:
    return timezone.now() + timedelta(days=settings.INVITATION_DAYS)


def _send(row: Invitation) -> None:
    letter = AccountLetter.objects.create(invitation=row, kind=AccountLetter.Kind.INVITATION)
    jobs.enqueue(SEND, letter.pk)
