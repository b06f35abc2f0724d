"""Whom of our people the identity provider speaks of, and how that is taken back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from claimtracker.accounts.models import User
from claimtracker.kernel.errors import ActionRefused
from claimtracker.ledger import audit

from ..policies import can_forget_identity
from ..single_sign_on import Stop
from .invitations import accept_as_known, is_same_address
from .sessions import end_sessions_with


class Stranger(Exception):
    """Nobody of ours, or nobody who may come in."""

    def __init__(self, why: Stop) -> None:
        super().__init__(why.name)
        self.why = why


@dataclass(frozen=True, slots=True)
class Entry:
    """``is_new_here``: the account was made by this."""

    account: SocialAccount
    is_new_here: bool = False


def person_of(said: dict[str, Any], *, issuer: str, known: User | None) -> Entry:
    """Whose account opens to what the provider said. ``known``: whose its identifier is already; then the
    address is not looked at. Otherwise the owner of exactly that address, if the provider says it verified it
    and knows them by no other identifier; or whoever is invited by it, whose account is made.

    Raises Stranger. Locks the person. Audits identity.connected, and what accept_as_known does.
    """
    if known is not None:
        if not known.is_active:
            raise Stranger(Stop.UNKNOWN)
        return Entry(SocialAccount.objects.select_related("user").get(provider=issuer, uid=said["sub"]))
    email = _verified_address(said)
    try:
        return _connect(email, said, issuer)
    except IntegrityError:  # the same person in two windows: the other has just done it
        rows = SocialAccount.objects.select_related("user").filter(provider=issuer, uid=said["sub"])
        if (row := rows.first()) is None or not row.user.is_active:
            raise Stranger(Stop.UNKNOWN) from None
        return Entry(row)


@transaction.atomic
def _connect(email: str, said: dict[str, Any], issuer: str) -> Entry:
    found = User.objects.select_for_update(no_key=True).filter(email__iexact=email).first()
    person, is_new = found, False
    if found is None:
        person, is_new = accept_as_known(email, name=_name(said)), True
    if person is None or not person.is_active or not is_same_address(person.email, email):
        raise Stranger(Stop.UNKNOWN)
    # an address that somebody else got after its owner left is nobody's way into the owner's account
    if SocialAccount.objects.filter(user=person, provider=issuer).exists():
        raise Stranger(Stop.UNKNOWN)
    row = SocialAccount.objects.create(user=person, provider=issuer, uid=said["sub"], extra_data={})
    audit.record("identity.connected", by=person, subject=person)
    return Entry(row, is_new)


@transaction.atomic
def forget_identity(person: User, *, by: User) -> None:
    """A moderator takes back whom the provider's identifier stands for: the next who comes with the account's
    verified address is joined with it anew. Ends all sessions of ``person``. Locks the person.

    Raises NotPermitted, or ActionRefused (code ``none``). Audits identity.forgotten.
    """
    can_forget_identity(by, person).enforce()
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    if not SocialAccount.objects.filter(user=person).delete()[0]:
        raise ActionRefused(_("This account is joined with no identity provider."), code="none")
    audit.record("identity.forgotten", by=by, subject=person)
    end_sessions_with(person, keep="", by=by, because="identity_forgotten")


def _verified_address(said: dict[str, Any]) -> str:
    """Anybody may write another's address into their profile: only one that was verified counts."""
    email = said.get("email")
    if said.get("email_verified") is not True or not isinstance(email, str):
        raise Stranger(Stop.UNVERIFIED)
    try:
        validate_email(email)
    except ValidationError as error:
        raise Stranger(Stop.UNVERIFIED) from error
    return email


def _name(said: dict[str, Any]) -> str:
    return "".join(one for one in str(said.get("name") or "") if one.isprintable())
