"""Wrong tries are counted, and an address that somebody guesses at is closed to devices it does not know."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from claimtracker.accounts.models import User
from claimtracker.kernel.errors import ActionRefused
from claimtracker.ledger import audit

from ..letters import tell
from ..models import AccountLetter, SignInFailure
from ..policies import can_lift_lock

# a device that is known may go on so much longer: whoever took one has to stop as well
KNOWN_DEVICE_TIMES = 5


def is_closed(email: str, *, device_is_known: bool) -> bool:
    """Whether nobody signs in with this address now, from this device. Says nothing of whether it has an
    account."""
    row = SignInFailure.objects.locked().filter(digest=_digest(email)).first()
    return row is not None and (
        not device_is_known or row.count >= settings.SIGN_IN_FAILURES * KNOWN_DEVICE_TIMES
    )


@transaction.atomic
def note_failure(email: str, *, address: str) -> None:
    """A wrong password or code. Locks the row of the address. With the one that is too many its owner is told
    by mail, once for each time that it is closed. Audits sign_in.locked, and no other try: guesses must not
    fill the ledger."""
    # as a sign-in looks for it: for PostgreSQL a dotless i is an i, and each way of writing would be a mail
    person = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    now = timezone.now()
    SignInFailure.objects.get_or_create(digest=_digest(email), defaults={"user": person})
    row = SignInFailure.objects.select_for_update().get(digest=_digest(email))
    if now - row.since > timedelta(minutes=settings.SIGN_IN_FAILURE_MINUTES):
        row.count, row.since = 0, now
    row.count, row.last_at, row.user = row.count + 1, now, person
    row.last_address = address or None
    was_locked = row.locked_until is not None and row.locked_until > now
    if row.count >= settings.SIGN_IN_FAILURES:
        row.locked_until = now + timedelta(minutes=settings.SIGN_IN_LOCK_MINUTES)
    row.save()
    if person and row.locked_until and row.locked_until > now and not was_locked:
        audit.record("sign_in.locked", by=audit.SYSTEM, subject=person, details={"count": row.count})
        minutes = settings.SIGN_IN_LOCK_MINUTES
        tell(person, AccountLetter.Kind.LOCKED, count=row.count, address=address, minutes=minutes)


def forget_failures(email: str) -> None:
    """Its owner got in, with all that is asked."""
    SignInFailure.objects.filter(digest=_digest(email)).delete()


@transaction.atomic
def lift_lock(failures: SignInFailure, *, by: User) -> None:
    """A moderator opens sign-in again, and counting begins anew. Locks the row. Raises NotPermitted, or
    ActionRefused (code ``open``). Audits sign_in.lock_lifted."""
    can_lift_lock(by).enforce()
    row = SignInFailure.objects.select_for_update().filter(pk=failures.pk).first()
    if row is None or row.locked_until is None or row.locked_until <= timezone.now():
        raise ActionRefused(_("Sign-in is open already."), code="open")
    row.count, row.locked_until = 0, None
    row.save(update_fields=["count", "locked_until"])
    audit.record("sign_in.lock_lifted", by=by, subject=row.user or row)


def _digest(email: str) -> str:
    """Under SECRET_KEY, so that the table does not say which addresses were tried."""
    return salted_hmac("signin.failures", email.strip().lower(), algorithm="sha256").hexdigest()
