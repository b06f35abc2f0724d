"""A person's e-mail addresses. The main one is where mail goes, and by which a forgotten password is chosen
anew: whoever changes it has the account."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from claimtracker.accounts.models import User
from claimtracker.kernel.errors import ActionRefused
from claimtracker.ledger import audit

from ..letters import tell
from ..models import AccountLetter


def is_somebody_elses(email: str, person: User) -> bool:
    """Whether another account has it as its main address, or has confirmed it."""
    others = User.objects.exclude(pk=person.pk)
    return _who_have(email, others).exists()


def has_account(email: str) -> bool:
    """Whether anybody has."""
    return _who_have(email, User.objects.all()).exists()


def _who_have(email: str, people: QuerySet[User]) -> QuerySet[User]:
    email = email.strip().lower()
    confirmed = EmailAddress.objects.filter(email=email, verified=True)
    return people.filter(Q(email=email) | Q(pk__in=confirmed.values("user")))


def may_reset_by(email: str, person: User) -> bool:
    """Whether a forgotten password is chosen anew by a mail to this address: the main one, and others only
    once they were confirmed. One that was mistyped is a stranger's."""
    email = email.lower()
    return (
        person.email == email or EmailAddress.objects.filter(user=person, email=email, verified=True).exists()
    )


def name_main(person: User) -> None:
    """The account's address is the main one of its list: accounts that moderators made have no list yet, and
    in one without a main address the next that is confirmed would become it unasked."""
    mine = EmailAddress.objects.filter(user=person)
    if not mine.filter(primary=True).exists():
        mine.filter(email=person.email).update(primary=True)


@transaction.atomic
def make_main(address: EmailAddress, *, by: User) -> None:
    """Make one of one's own addresses the main one. Locks the person. Raises ActionRefused (codes
    ``not_yours``, ``unconfirmed``, ``taken``). Audits address.changed, and tells the address before it."""
    person = User.objects.select_for_update(no_key=True).get(pk=by.pk)
    address.refresh_from_db()
    if address.user_id != person.pk:
        raise ActionRefused(_("This address is somebody else's."), code="not_yours")
    if not address.verified:
        raise ActionRefused(
            _("Confirm the address first: a mail with a link is sent to it."), code="unconfirmed"
        )
    if is_somebody_elses(address.email, person):
        raise ActionRefused(_("Another account has this address."), code="taken")
    if person.email == address.email:
        return
    before, address.user = person.email, person
    address.set_as_primary()
    audit.record("address.changed", by=person, subject=person)
    tell(person, AccountLetter.Kind.ADDRESS, to=before)
